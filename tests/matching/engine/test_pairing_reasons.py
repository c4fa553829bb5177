"""Why a pair: every code of the closed list, with its parameters."""

from collections import Counter
from dataclasses import replace

import pytest

from apps.matching.engine import (
    City,
    Help,
    Offer,
    PairingProblem,
    Tie,
    solve_pairing,
)
from apps.matching.engine.check.criteria import Criteria
from apps.matching.engine.reasons import ALONE_CODES, PAIR_CODES

from .explained import described_pair, reasons
from .instances import pairing_problem
from .matching_oracles import candidate_pairs
from .networks import network_pairing


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


def test_history_names_the_directions_of_this_pair_only() -> None:
    problem = replace(
        described_pair(),
        cities=(*described_pair().cities, City("c"), City("d")),
        ties=(Tie("a", "b"), Tie("c", "d")),
        helps=(Help("a", "c"), Help("d", "a"), Help("b", "d"), Help("c", "d")),
    )

    rows = reasons(solve_pairing(problem), "history")

    assert [(row["a_to_b"], row["b_to_a"]) for row in rows] == [(False, False), (True, False)]


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


def test_what_an_offer_withholds_is_left_out_for_the_city_it_excludes_and_no_other() -> None:
    offers = (Offer(3, "b", "mask", 6, excluded=("c",)), Offer(5, "b", "mask", 2, excluded=("a",)))
    problem = replace(
        described_pair(),
        cities=(*described_pair().cities, City("c"), City("d")),
        offers=(*offers, Offer(6, "d", "mask", 10, excluded=("a",))),
        ties=(Tie("a", "b"), Tie("c", "d")),
    )

    result = solve_pairing(problem)

    assert [(pair.a, pair.b) for pair in result.pairs] == [("a", "b"), ("c", "d")]
    assert reasons(result, "covers") == [
        {"giver": "b", "receiver": "a", "item": "mask", "needed": 10, "covered": 6}
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


def test_each_city_names_two_alternatives_when_it_has_so_many() -> None:
    problem = network_pairing(12, 2, floor=0)
    pairs = candidate_pairs(problem)
    candidates = Counter(code for pair in pairs for code in pair)

    named = Counter(row["city"] for row in reasons(solve_pairing(problem), "next_best"))

    assert named == {code: min(count - 1, 2) for code, count in candidates.items() if count > 1}
