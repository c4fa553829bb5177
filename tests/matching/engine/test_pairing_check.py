"""The pairing checker: silent on true results, loud on every kind of tampering."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from apps.matching.engine import (
    VIOLATION_CODES,
    CityPair,
    OddSet,
    PairingProblem,
    PairingResult,
    Proof,
    Reason,
    check_pairing,
    solve_pairing,
)

from .instances import network_pairing

Tampering = Callable[[PairingResult], PairingResult]


@cache
def solved(sides: str, objective: str) -> tuple[PairingProblem, PairingResult]:
    """Twelve cities a side with a pin and a forbid; every pair is a candidate."""
    problem = network_pairing(12, 4, sides=sides, objective=objective, floor=0)
    problem = replace(
        problem,
        pins=(("CN-00000", "US-00000"),),
        forbids=(("CN-00001", "US-00001"), ("CN-00001", "CN-00002")),
    )
    return problem, solve_pairing(problem)


def with_pairs(result: PairingResult, *pairs: CityPair) -> PairingResult:
    return replace(result, pairs=tuple(sorted(pairs, key=lambda pair: pair.a)))


def with_first(result: PairingResult, **changes: object) -> PairingResult:
    """The first unpinned pair changed."""
    at = next(i for i, pair in enumerate(result.pairs) if not pair.pinned)
    pairs = list(result.pairs)
    pairs[at] = replace(pairs[at], **changes)
    return replace(result, pairs=tuple(pairs))


def with_proof(result: PairingResult, at: int = 0, **changes: object) -> PairingResult:
    proofs = list(result.certificate)
    proofs[at] = replace(proofs[at], **changes)
    return replace(result, certificate=tuple(proofs))


def with_price(result: PairingResult, by: int) -> PairingResult:
    """The first city with a price gets another, and the bound follows."""
    proof = result.certificate[0]
    prices = dict(proof.prices)
    code = next(code for code, price in proof.prices if price > -by)
    prices[code] += by
    return with_proof(result, prices=tuple(sorted(prices.items())), bound=proof.bound + by)


def negative(result: PairingResult) -> PairingResult:
    """One city's price falls below 0, another's takes it up."""
    (a, one), (b, two), *rest = result.certificate[0].prices
    return with_proof(result, prices=((a, -1), (b, two + one + 1), *rest))


def swapped(result: PairingResult) -> PairingResult:
    """The first two unpinned pairs exchange partners."""
    pinned = [pair for pair in result.pairs if pair.pinned]
    one, two, *rest = [pair for pair in result.pairs if not pair.pinned]
    return with_pairs(result, *pinned, replace(one, b=two.b), replace(two, b=one.b), *rest)


def dropped(result: PairingResult) -> PairingResult:
    """The last pair is left out without a word."""
    return replace(result, pairs=result.pairs[:-1])


def parted(problem: PairingProblem) -> PairingResult:
    """A true result of the problem with one pair forbidden, passed off as the problem's own."""
    result = solve_pairing(problem)
    pair = next(pair for pair in result.pairs if not pair.pinned)
    worse = solve_pairing(replace(problem, forbids=(*problem.forbids, (pair.a, pair.b))))
    return replace(worse, problem_hash=result.problem_hash)


TAMPERINGS: dict[str, tuple[Tampering, str]] = {
    "another problem": (lambda r: replace(r, problem_hash="0" * 64), "other_problem"),
    "another objective": (lambda r: replace(r, objective="total"), "other_problem"),
    "a pair dropped": (dropped, "city_missing"),
    "a pair doubled": (lambda r: with_pairs(r, *r.pairs, r.pairs[-1]), "city_twice"),
    "a city made up": (lambda r: with_first(r, b="XX"), "unknown_city"),
    "ends exchanged": (lambda r: with_first(r, a=r.pairs[1].b, b=r.pairs[1].a), "wrong_side"),
    "partners swapped": (swapped, "wrong_score"),
    "a score raised": (lambda r: with_first(r, score=r.pairs[1].score + 1), "wrong_score"),
    "a benefit raised": (lambda r: with_first(r, benefit_a=999_999), "wrong_score"),
    "a pin not marked": (
        lambda r: replace(r, pairs=tuple(replace(pair, pinned=False) for pair in r.pairs)),
        "pin_ignored",
    ),
    "a pin made up": (lambda r: with_first(r, pinned=True), "pin_ignored"),
    "no reasons": (lambda r: with_first(r, reasons=()), "wrong_reason"),
    "a reason made up": (
        lambda r: with_first(r, reasons=(*r.pairs[1].reasons, Reason("because"))),
        "wrong_reason",
    ),
    "a figure raised": (
        lambda r: replace(r, summary=replace(r.summary, paired=r.summary.paired + 2)),
        "wrong_figure",
    ),
    "blocking pairs hidden": (
        lambda r: replace(r, summary=replace(r.summary, blocking_pairs=0)),
        "wrong_figure",
    ),
    "no certificate": (lambda r: replace(r, certificate=()), "bad_proof"),
    "a price too low": (lambda r: with_price(r, -1), "underpriced"),
    "a price too high": (lambda r: with_price(r, 1), "bound_not_attained"),
    "a negative price": (negative, "bad_proof"),
    "a price left out": (
        lambda r: with_proof(r, prices=r.certificate[0].prices[1:]),
        "bad_proof",
    ),
    "a bound made up": (lambda r: with_proof(r, bound=r.certificate[0].bound - 1), "bad_proof"),
    "weights too light": (lambda r: with_proof(r, step=1), "bad_proof"),
    "a threshold put in": (
        lambda r: with_proof(r, min_benefit=r.certificate[0].min_benefit + 10**6),
        "not_a_candidate",
    ),
    "another denominator": (lambda r: with_proof(r, denominator=3), "bad_proof"),
    "an even set": (
        lambda r: with_proof(r, odd_sets=(OddSet(("CN-00001", "CN-00002"), 0),)),
        "bad_proof",
    ),
    "an odd set of strangers": (
        lambda r: with_proof(r, odd_sets=(OddSet(("X", "Y", "Z"), 0),)),
        "bad_proof",
    ),
    "a proof too many": (
        lambda r: replace(r, certificate=(*r.certificate, r.certificate[0])),
        "bad_proof",
    ),
}


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
    weaker = with_proof(result, barrier, min_benefit=result.certificate[barrier].min_benefit + 1)

    for tampered in (missing, weaker):
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
