"""Whole pairings against enumeration and an independent assignment solver."""

import os
from dataclasses import replace

import pytest

from apps.matching.engine import (
    City,
    PairingProblem,
    PairingResult,
    Tie,
    check_pairing,
    solve_pairing,
)

from .instances import any_pairing, pairing_problem
from .matching_oracles import best_value, candidate_pairs, heaviest_assignment, pairing_value
from .networks import network_pairing

INSTANCES = int(os.environ.get("PAIRING_INSTANCES", "5000"))
"""Random problems to solve; the long form is PAIRING_INSTANCES=50000."""


def unpinned(result: PairingResult) -> list[tuple[str, str]]:
    return [(pair.a, pair.b) for pair in result.pairs if not pair.pinned]


@pytest.mark.parametrize("batch", range(INSTANCES // 250))
def test_pairing_reaches_the_optimum_on_random_problems(batch: int) -> None:
    for seed in range(batch * 250, batch * 250 + 250):
        problem = any_pairing(seed)

        result = solve_pairing(problem)

        assert pairing_value(problem, unpinned(result)) == best_value(problem)
        assert check_pairing(problem, result) == ()


@pytest.mark.parametrize("objective", ["widest", "total"])
@pytest.mark.parametrize("seed", range(6))
def test_two_sides_reach_the_optimum_of_a_dense_solver(objective: str, seed: int) -> None:
    problem = network_pairing(25, seed, objective=objective)
    scores = candidate_pairs(problem)
    critical = {need.city for need in problem.needs if need.tier == 1}
    step = 1 + 50 * max(scores.values()) if objective == "widest" else 0
    row = {code: i for i, code in enumerate(sorted({a for a, _ in scores}))}
    col = {code: i for i, code in enumerate(sorted({b for _, b in scores}))}

    def weight(a: str, b: str) -> int:
        return step * (2 + (a in critical) + (b in critical)) + scores[a, b]

    result = solve_pairing(problem)

    weights = {(row[a], col[b]): weight(a, b) for a, b in scores}
    reached = sum(weight(a, b) for a, b in unpinned(result))
    assert reached == heaviest_assignment(len(row), len(col), weights)


@pytest.mark.parametrize("objective", ["widest", "total", "egalitarian"])
@pytest.mark.parametrize("sides", ["two", "one"])
def test_pairing_is_proved_on_a_network(sides: str, objective: str) -> None:
    problem = network_pairing(61, 7, sides=sides, objective=objective, floor=150_000)

    result = solve_pairing(problem)

    assert check_pairing(problem, result) == ()


def chain() -> PairingProblem:
    """Left a, b and right c, d; b-c scores most, but then a and d stay alone."""
    return PairingProblem(
        cities=(
            City("a", side="left", topics=("culture",)),
            City("b", side="left", topics=("culture", "economy")),
            City("c", side="right", topics=("culture", "economy")),
            City("d", side="right", topics=("economy",)),
        ),
        ties=(Tie("b", "c"),),
        floor=0,
    )


def test_widest_pairs_more_cities_when_the_total_would_leave_some_alone() -> None:
    widest = solve_pairing(chain())
    total = solve_pairing(replace(chain(), objective="total"))

    assert unpinned(widest) == [("a", "c"), ("b", "d")]
    assert widest.summary.total_score == 100_000
    assert unpinned(total) == [("b", "c")]
    assert total.summary.total_score == 350_000


def test_forbids_are_kept_when_the_pair_would_be_best() -> None:
    problem = replace(chain(), objective="total", forbids=(("c", "b"),))

    result = solve_pairing(problem)

    assert unpinned(result) == [("a", "c"), ("b", "d")]


def test_pins_are_kept_when_nothing_relates_the_pair() -> None:
    problem = replace(chain(), pins=(("d", "a"),), floor=900_000)

    result = solve_pairing(problem)

    assert [(pair.a, pair.b, pair.pinned, pair.score) for pair in result.pairs] == [
        ("a", "d", True, 0)
    ]
    assert [alone.city for alone in result.alone] == ["b", "c"]


def test_levels_are_kept_apart_when_a_state_would_score_most() -> None:
    topics = ("culture",)
    problem = PairingProblem(
        cities=(
            City("a", side="left", topics=topics),
            City("b", level="state", side="right", topics=topics),
            City("c", side="right", topics=(*topics, "economy")),
        )
    )

    result = solve_pairing(problem)

    assert unpinned(result) == [("a", "c")]


def test_egalitarian_pairs_nobody_less_when_the_lowest_benefit_rises() -> None:
    widest = solve_pairing(network_pairing(40, 3))
    egalitarian = solve_pairing(network_pairing(40, 3, objective="egalitarian"))

    assert egalitarian.summary.paired == widest.summary.paired
    assert egalitarian.summary.critical_paired == widest.summary.critical_paired
    assert egalitarian.summary.lowest_benefit > widest.summary.lowest_benefit
    assert egalitarian.summary.total_score < widest.summary.total_score


@pytest.mark.parametrize("objective", ["widest", "total", "egalitarian"])
@pytest.mark.parametrize("sides", ["two", "one"])
@pytest.mark.parametrize("cities", [(), (City("a", side="left"),)])
def test_pairing_is_empty_when_there_is_nobody_to_pair(
    cities: tuple[City, ...], sides: str, objective: str
) -> None:
    problem = PairingProblem(cities=cities, sides=sides, objective=objective)

    result = solve_pairing(problem)

    assert result.pairs == ()
    assert [alone.city for alone in result.alone] == [city.code for city in cities]
    assert check_pairing(problem, result) == ()


@pytest.mark.parametrize("sides", ["two", "one"])
def test_pairing_is_empty_when_everything_is_forbidden(sides: str) -> None:
    problem = replace(chain(), sides=sides)
    codes = [city.code for city in problem.cities]
    problem = replace(problem, forbids=tuple((a, b) for a in codes for b in codes if a < b))

    result = solve_pairing(problem)

    assert result.pairs == ()
    assert [alone.reasons[0].code for alone in result.alone] == ["all_forbidden"] * 4
    assert check_pairing(problem, result) == ()


@pytest.mark.parametrize("seed", range(30))
def test_total_never_falls_when_a_pair_is_allowed_again(seed: int) -> None:
    problem = pairing_problem(seed, objective="total")
    fewer = replace(problem, forbids=(*problem.forbids, *list(candidate_pairs(problem))[:1]))

    assert solve_pairing(problem).summary.total_score >= solve_pairing(fewer).summary.total_score


@pytest.mark.parametrize("seed", range(30))
def test_no_fewer_cities_are_paired_when_the_floor_falls(seed: int) -> None:
    problem = pairing_problem(seed, objective="widest")
    high = solve_pairing(replace(problem, floor=200_000)).summary
    low = solve_pairing(replace(problem, floor=0)).summary

    assert low.paired >= high.paired
    assert low.critical_paired >= high.critical_paired


def test_progress_is_told_and_may_stop_the_work() -> None:
    heard: list[tuple[str, float]] = []

    def stop(phase: str, done: float) -> None:
        if phase == "optimum":
            raise InterruptedError(phase)

    solve_pairing(network_pairing(80), lambda phase, done: heard.append((phase, done)))

    phases = [phase for phase, _ in heard]
    assert list(dict.fromkeys(phases)) == ["scores", "optimum", "prices", "figures", "reasons"]
    assert heard[1] == ("scores", 1.0)
    assert heard[-1] == ("reasons", 1.0)
    with pytest.raises(InterruptedError):
        solve_pairing(network_pairing(5), stop)
