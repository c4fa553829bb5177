"""A true pairing, and every kind of tampering with it."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from apps.matching.engine import (
    CityPair,
    OddSet,
    PairingProblem,
    PairingResult,
    Reason,
    solve_pairing,
)

from .networks import network_pairing

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
