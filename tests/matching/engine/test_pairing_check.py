"""The pairing checker: silent on true results, loud on every kind of tampering."""

from dataclasses import replace

import pytest

from apps.matching.engine import (
    VIOLATION_CODES,
    PairingProblem,
    Proof,
    check_pairing,
    solve_pairing,
)

from .instances import pairing_problem
from .matching_oracles import pairing_value
from .networks import network_pairing
from .pairing_tampering import TAMPERINGS, parted, solved, with_proof


@pytest.mark.parametrize("name", TAMPERINGS)
@pytest.mark.parametrize("sides", ["two", "one"])
def test_checker_objects_when_a_result_is_tampered_with(sides: str, name: str) -> None:
    problem, result = solved(sides, "widest")
    tamper, code = TAMPERINGS[name]

    found = check_pairing(problem, tamper(result))

    assert check_pairing(problem, result) == ()
    assert code in {violation.code for violation in found}
    assert VIOLATION_CODES.keys() >= {violation.code for violation in found}


@pytest.mark.parametrize("objective", ["widest", "total", "egalitarian"])
@pytest.mark.parametrize("sides", ["two", "one"])
def test_checker_objects_when_a_better_pairing_exists(sides: str, objective: str) -> None:
    problem, result = solved(sides, objective)
    worse = parted(problem)

    found = {violation.code for violation in check_pairing(problem, worse)}

    assert worse.summary.total_score != result.summary.total_score
    assert found & {"underpriced", "bound_not_attained", "threshold_not_proved"}


@pytest.mark.parametrize("batch", range(5))
def test_checker_believes_only_optima_when_results_are_passed_off(batch: int) -> None:
    """Results of kindred problems, with either certificate: believed if as good, never if not."""
    worse = 0
    for seed in range(batch * 60, batch * 60 + 60):
        problem = pairing_problem(seed)
        result = solve_pairing(problem)
        pairs = [(pair.a, pair.b) for pair in result.pairs if not pair.pinned]
        for other in kindred(problem, pairs[:2]):
            found = solve_pairing(other)
            others = [(pair.a, pair.b) for pair in found.pairs if not pair.pinned]
            if pairing_value(problem, others) == pairing_value(problem, pairs):
                continue
            worse += 1
            for certificate in (result.certificate, found.certificate):
                claim = replace(
                    found,
                    problem_hash=result.problem_hash,
                    objective=result.objective,
                    summary=replace(found.summary, candidates=result.summary.candidates),
                    certificate=certificate,
                )
                codes = {violation.code for violation in check_pairing(problem, claim)}
                assert codes & {"underpriced", "bound_not_attained", "threshold_not_proved"} | (
                    codes & {"bad_proof", "not_a_candidate"}
                )

    assert worse > 20


def kindred(problem: PairingProblem, pairs: list[tuple[str, str]]) -> list[PairingProblem]:
    """Other objectives, and the same with one of its pairs forbidden."""
    stricter = [replace(problem, forbids=(*problem.forbids, pair)) for pair in pairs]
    objectives = ("widest", "total", "egalitarian")
    return [*stricter, *(replace(problem, objective=objective) for objective in objectives)]


def test_checker_objects_when_a_forbidden_pair_is_proposed() -> None:
    problem, result = solved("two", "total")
    pair = next(pair for pair in result.pairs if not pair.pinned)
    stricter = replace(problem, forbids=(*problem.forbids, (pair.b, pair.a)))

    found = check_pairing(
        stricter, replace(result, problem_hash=solve_pairing(stricter).problem_hash)
    )

    assert [violation.code for violation in found if violation.code != "wrong_figure"] == [
        "forbidden"
    ]


def test_checker_objects_when_a_pin_is_not_proposed() -> None:
    problem, result = solved("two", "widest")
    freed = solve_pairing(replace(problem, pins=()))

    found = check_pairing(problem, replace(freed, problem_hash=result.problem_hash))

    assert "pin_ignored" in {violation.code for violation in found}


def test_checker_objects_when_a_city_is_paired_with_a_state() -> None:
    problem, result = solved("one", "total")
    city = next(pair.a for pair in result.pairs if not pair.pinned)
    cities = tuple(replace(c, level="state" if c.code == city else c.level) for c in problem.cities)
    levelled = replace(problem, cities=cities)

    found = check_pairing(
        levelled, replace(result, problem_hash=solve_pairing(levelled).problem_hash)
    )

    assert "across_levels" in {violation.code for violation in found}


def test_checker_objects_when_a_pair_is_under_the_floor() -> None:
    problem, result = solved("two", "total")
    pickier = replace(problem, floor=result.pairs[1].score + 1)

    found = check_pairing(
        pickier, replace(result, problem_hash=solve_pairing(pickier).problem_hash)
    )

    assert "not_a_candidate" in {violation.code for violation in found}


def test_checker_objects_when_a_higher_lowest_benefit_is_not_ruled_out() -> None:
    problem, result = solved("two", "egalitarian")
    barrier = next(i for i, p in enumerate(result.certificate) if p.purpose == "next_threshold")
    missing = replace(result, certificate=result.certificate[:barrier])
    weaker = with_proof(result, barrier, min_benefit=1_000_001)

    reached = with_proof(
        result,
        barrier,
        prices=tuple((code, 2) for code, _ in result.certificate[barrier].prices),
        bound=2 * len(result.certificate[barrier].prices),
    )

    for tampered in (missing, weaker, reached):
        found = check_pairing(problem, tampered)

        assert [violation.code for violation in found] == ["threshold_not_proved"]


def test_checker_objects_when_the_reach_is_understated() -> None:
    problem, result = solved("two", "egalitarian")
    reach = result.certificate[1]
    prices = tuple((code, 2 * price) for code, price in reach.prices)

    found = check_pairing(problem, with_proof(result, 1, prices=prices, bound=2 * reach.bound))

    assert "bound_not_attained" in {violation.code for violation in found}


def test_checker_objects_when_somebody_alone_has_no_reason() -> None:
    problem = network_pairing(3, 4, floor=1_000_000)
    result = solve_pairing(problem)
    silenced = tuple(replace(alone, reasons=()) for alone in result.alone)

    found = check_pairing(problem, replace(result, alone=silenced))

    assert {violation.code for violation in found} == {"wrong_reason"}
    assert len(found) == 6


def test_odd_sets_are_needed_when_a_pool_is_three() -> None:
    problem = network_pairing(2, 1, sides="one", floor=0)
    problem = replace(
        problem,
        cities=problem.cities[:3],
        needs=(),
        offers=(),
        ties=(),
        helps=(),
    )
    cities = tuple(replace(city, topics=("culture",)) for city in problem.cities)
    problem = replace(problem, cities=cities, objective="total")
    result = solve_pairing(problem)
    proof: Proof = result.certificate[0]

    without = replace(
        result,
        certificate=(
            replace(
                proof, odd_sets=(), bound=proof.bound - sum(each.price for each in proof.odd_sets)
            ),
        ),
    )

    assert len(result.pairs) == 1
    assert [len(each.cities) for each in proof.odd_sets] == [3]
    assert check_pairing(problem, result) == ()
    assert "underpriced" in {violation.code for violation in check_pairing(problem, without)}
