"""Why a city stays alone: every code of the closed list, with its parameters."""

from dataclasses import replace

from apps.matching.engine import (
    City,
    Need,
    Offer,
    PairingProblem,
    Tie,
    solve_pairing,
)

from .explained import described_pair, reasons


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
