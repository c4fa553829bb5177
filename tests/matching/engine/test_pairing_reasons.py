"""Why a pair and why alone: every code of the closed list, with its parameters."""

from dataclasses import replace

import pytest

from apps.matching.engine import (
    City,
    Help,
    Need,
    Offer,
    PairingProblem,
    PairingResult,
    Reason,
    Tie,
    solve_pairing,
)
from apps.matching.engine.check.criteria import Criteria
from apps.matching.engine.reasons import ALONE_CODES, PAIR_CODES

from .instances import network_pairing, pairing_problem
from .oracles import candidate_pairs


def reasons(result: PairingResult, code: str) -> list[dict[str, object]]:
    """Parameters of all reasons with a code, pairs first, in the order of the result."""
    rows: list[Reason] = [each for pair in result.pairs for each in pair.reasons]
    rows += [each for alone in result.alone for each in alone.reasons]
    return [each.values for each in rows if each.code == code]


def described_pair() -> PairingProblem:
    return PairingProblem(
        cities=(
            City("a", population=100, languages=("zh",), utc_offset_minutes=60, topics=("x",)),
            City("b", population=400, languages=("zh", "en"), topics=("x", "y"), state_code="T"),
        ),
        needs=(Need(1, "a", "mask", 10, 1), Need(2, "a", "gown", 4, 3)),
        offers=(Offer(3, "b", "mask", 6), Offer(4, "a", "visor", 9)),
        ties=(Tie("a", "b"),),
        helps=(Help("b", "a"),),
        sides="one",
    )


def test_criteria_are_stated_with_value_weight_and_points() -> None:
    result = solve_pairing(described_pair())

    assert reasons(result, "coverage") == [
        {
            "value": 240_000,
            "weight": 450_000,
            "points": 108_000,
            "benefit_a": 480_000,
            "benefit_b": None,
        }
    ]
    assert reasons(result, "tie") == [
        {"value": 1_000_000, "weight": 250_000, "points": 250_000, "kind": "own"}
    ]
    assert reasons(result, "history") == [
        {"value": 500_000, "weight": 100_000, "points": 50_000, "a_to_b": False, "b_to_a": True}
    ]
    assert reasons(result, "topics") == [
        {"value": 500_000, "weight": 100_000, "points": 50_000, "shared": 1}
    ]
    assert reasons(result, "working_day") == [
        {"value": 500_000, "weight": 50_000, "points": 25_000, "minutes": 0, "language": True}
    ]
    assert reasons(result, "scale") == [{"value": 250_000, "weight": 50_000, "points": 12_500}]
    assert result.pairs[0].score == 495_500


def test_missing_data_are_named_and_not_taken_for_agreement() -> None:
    result = solve_pairing(described_pair())
    bare = solve_pairing(PairingProblem((City("a"), City("b")), ties=(Tie("a", "b"),), sides="one"))

    assert reasons(result, "not_stated") == [
        {"criterion": "coverage", "city": "b", "datum": "needs"},
        {"criterion": "working_day", "city": "b", "datum": "utc_offset"},
    ]
    assert [each["datum"] for each in reasons(bare, "not_stated")] == [
        "needs",
        "topics",
        "utc_offset",
        "languages",
        "population",
    ] * 2
    assert bare.pairs[0].score == 250_000


def test_what_the_pair_covers_and_leaves_open_is_named_by_item() -> None:
    result = solve_pairing(described_pair())

    assert reasons(result, "covers") == [
        {"giver": "b", "receiver": "a", "item": "mask", "needed": 10, "covered": 6}
    ]
    assert reasons(result, "uncovered") == [
        {"city": "a", "item": "gown", "needed": 4, "uncovered": 4},
        {"city": "a", "item": "mask", "needed": 10, "uncovered": 4},
    ]


def test_pinned_pairs_say_so_and_name_no_alternative() -> None:
    result = solve_pairing(replace(described_pair(), pins=(("b", "a"),)))

    assert result.pairs[0].pinned
    assert reasons(result, "pinned") == [{}]
    assert reasons(result, "next_best") == []


def square() -> PairingProblem:
    """Left a, b, right c, d; a-c and b-d win, a-d and b-c are next."""
    return PairingProblem(
        cities=(
            City("a", side="left", topics=("p", "q")),
            City("b", side="left", topics=("q", "r")),
            City("c", side="right", topics=("p", "q")),
            City("d", side="right", topics=("q", "r")),
        ),
        objective="total",
        floor=0,
    )


def test_next_best_partners_are_named_with_what_they_cost_at_least() -> None:
    rows = reasons(solve_pairing(square()), "next_best")

    assert [(row["city"], row["partner"], row["paired_with"]) for row in rows] == [
        ("a", "d", "b"),
        ("c", "b", "d"),
        ("b", "c", "a"),
        ("d", "a", "c"),
    ]
    assert {row["score"] for row in rows} == {33_333}
    assert {row["effect"] for row in rows} == {"score"}
    assert all(0 <= row["loss"] <= 200_000 - 66_666 for row in rows)


@pytest.mark.parametrize("objective", ["total", "widest"])
def test_next_best_never_costs_less_than_stated(objective: str) -> None:
    checked = 0
    for seed in range(150):
        problem = pairing_problem(seed, objective=objective)
        result = solve_pairing(problem)
        for row in reasons(result, "next_best"):
            forced = solve_pairing(
                replace(problem, pins=(*problem.pins, (row["city"], row["partner"])))
            )
            fewer = forced.summary.paired < result.summary.paired
            fewer |= forced.summary.critical_paired < result.summary.critical_paired
            if row["effect"] == "fewer_cities":
                assert fewer
            elif not fewer or objective == "total":
                loss = result.summary.total_score - forced.summary.total_score
                assert loss >= row["loss"]
            checked += 1

    assert checked > 100


def test_next_best_says_so_when_it_would_leave_cities_alone() -> None:
    problem = PairingProblem(
        cities=(
            City("a", side="left", topics=("p",)),
            City("b", side="left", topics=("p",)),
            City("c", side="left", topics=("p", "q")),
            City("d", side="right", topics=("p",)),
            City("e", side="right", topics=("q",)),
            City("f", side="right", topics=("q",)),
        ),
        floor=0,
    )

    result = solve_pairing(problem)
    forced = solve_pairing(replace(problem, pins=(("c", "d"),)))

    assert (result.summary.paired, forced.summary.paired) == (4, 2)
    assert {
        (row["city"], row["partner"], row["loss"])
        for row in reasons(result, "next_best")
        if row["effect"] == "fewer_cities"
    } == {("c", "d", 0), ("d", "c", 0)}


def thresholds() -> PairingProblem:
    """Egalitarian: a-c and b-d give everybody half; a-d would score more, and cover b less."""
    return PairingProblem(
        cities=(City("a", side="left"), City("b", side="left"), City("c", side="right")),
        needs=(Need(1, "a", "mask", 10, 2), Need(2, "b", "mask", 10, 2)),
        offers=(Offer(3, "c", "mask", 5), Offer(4, "c", "gown", 5)),
        ties=(Tie("b", "c"),),
        objective="egalitarian",
    )


def test_pairs_under_the_threshold_are_named_as_such() -> None:
    cities = (*thresholds().cities, City("d", side="right"))
    low = replace(
        thresholds(),
        cities=cities,
        needs=(Need(1, "a", "mask", 10, 2), Need(2, "b", "gown", 10, 2)),
        offers=(
            Offer(3, "c", "mask", 5),
            Offer(4, "d", "gown", 5),
            Offer(5, "d", "mask", 4),
            Offer(6, "c", "gown", 4),
        ),
        ties=(Tie("a", "d"),),
    )

    result = solve_pairing(low)

    assert [(pair.a, pair.b) for pair in result.pairs] == [("a", "c"), ("b", "d")]
    assert {row["effect"] for row in reasons(result, "next_best")} == {"lower_benefit"}


def test_a_city_outbid_learns_by_whom() -> None:
    result = solve_pairing(thresholds())

    assert [(pair.a, pair.b) for pair in result.pairs] == [("b", "c")]
    assert reasons(result, "outbid") == [
        {
            "partner": "c",
            "score": 112_500,
            "paired_with": "b",
            "their_score": 362_500,
        }
    ]


def test_a_city_under_the_threshold_learns_the_threshold() -> None:
    problem = PairingProblem(
        cities=(
            City("a", side="left"),
            City("b", side="left"),
            City("c", side="right"),
        ),
        needs=(Need(1, "a", "mask", 10, 2), Need(2, "b", "mask", 100, 2)),
        offers=(Offer(3, "c", "mask", 10),),
        ties=(Tie("b", "c"),),
        objective="egalitarian",
    )

    result = solve_pairing(problem)

    assert [(pair.a, pair.b) for pair in result.pairs] == [("a", "c")]
    assert reasons(result, "below_threshold") == [
        {"partner": "c", "score": 272_500, "lowest": 100_000, "threshold": 1_000_000}
    ]


def test_a_city_without_partners_learns_that_nobody_is_left() -> None:
    result = solve_pairing(PairingProblem((City("a"), City("s", level="state")), sides="one"))

    assert [[each.code for each in alone.reasons] for alone in result.alone] == [
        ["no_partner"],
        ["no_partner"],
    ]


def test_a_city_whose_partners_are_all_forbidden_learns_it() -> None:
    result = solve_pairing(replace(described_pair(), forbids=(("a", "b"),)))

    assert reasons(result, "all_forbidden") == [{"forbidden": 1}, {"forbidden": 1}]


def test_a_city_without_candidates_learns_how_many_were_looked_at() -> None:
    cities = (
        City("a", topics=("x",)),
        City("b", topics=("x", "y", "z")),
        City("c", population=5),
        City("d", topics=("x",)),
    )
    problem = PairingProblem(cities, sides="one", forbids=(("a", "d"),))

    result = solve_pairing(problem)

    assert reasons(result, "no_candidate")[0] == {
        "compared": 3,
        "forbidden": 1,
        "unrelated": 1,
        "below_floor": 1,
        "floor": 50_000,
    }
    assert reasons(result, "below_floor")[0] == {"partner": "b", "score": 33_333, "floor": 50_000}


def test_every_code_is_in_the_closed_list_and_every_pair_explains_its_score() -> None:
    seen: set[str] = set()
    for seed in range(200):
        problem = pairing_problem(seed)
        result = solve_pairing(problem)
        for pair in result.pairs:
            points = [r.values["points"] for r in pair.reasons if "points" in r.values]
            assert sum(points) == pair.score
            seen |= {each.code for each in pair.reasons}
        for alone in result.alone:
            assert alone.reasons
            seen |= {each.code for each in alone.reasons}

    assert seen == PAIR_CODES.keys() | ALONE_CODES.keys()


def test_blocking_pairs_are_counted_when_two_cities_would_rather_have_each_other() -> None:
    problem = network_pairing(20, 5, objective="total")
    result, criteria = solve_pairing(problem), Criteria(problem)
    own = {pair.a: pair.benefit_a or 0 for pair in result.pairs}
    own |= {pair.b: pair.benefit_b or 0 for pair in result.pairs}

    blocking = [
        (a, b)
        for a, b in candidate_pairs(problem)
        if criteria.benefit(a, b) > own.get(a, 0) and criteria.benefit(b, a) > own.get(b, 0)
    ]

    assert result.summary.blocking_pairs == len(blocking) > 0
