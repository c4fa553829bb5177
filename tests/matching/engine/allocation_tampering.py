"""A true allocation, and every kind of tampering with it."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from apps.matching.engine import (
    AllocationProblem,
    AllocationResult,
    Reason,
    Stage,
    solve_allocation,
)

from .networks import network_allocation

Tampering = Callable[[AllocationResult], AllocationResult]


@cache
def solved(policy: str) -> tuple[AllocationProblem, AllocationResult]:
    """Twelve cities a side, scarce, with knowledge, a forbidden pair and an exclusion."""
    problem = network_allocation(12, 4, policy=policy)
    needs = tuple(
        replace(need, item="item01") if need.item == "item02" else need for need in problem.needs
    )
    offers = tuple(
        replace(offer, quantity=None if offer.item == "item03" else offer.quantity // 3 + 1)
        for offer in problem.offers
    )
    offers = (replace(offers[0], excluded=("US-00001",)), *offers[1:])
    problem = replace(problem, needs=needs, offers=offers, forbids=(("CN-00001", "US-00002"),))
    return problem, solve_allocation(problem)


def chosen(result: AllocationResult) -> int:
    """The largest counted match from the network."""
    quantities = [m.quantity or 0 if m.relation == "network" else 0 for m in result.matches]
    return quantities.index(max(quantities))


def with_match(result: AllocationResult, **changes: object) -> AllocationResult:
    matches = list(result.matches)
    matches[chosen(result)] = replace(matches[chosen(result)], **changes)
    return replace(result, matches=tuple(matches))


def adjusted(result: AllocationResult, moved: dict[int, int]) -> AllocationResult:
    """Matches (by row) given more or fewer units, with every sum put right but the tiers."""
    matches = list(result.matches)
    outcomes = {outcome.need: outcome for outcome in result.needs}
    sources = {"counterpart": "from_counterpart", "network": "from_network"}
    for row, units in moved.items():
        match = matches[row]
        matches[row] = replace(match, quantity=(match.quantity or 0) + units)
        old, source = outcomes[match.need], sources.get(match.relation, "from_ties")
        outcomes[match.need] = replace(
            old,
            filled=old.filled + units,
            uncovered=old.uncovered - units,
            reasons=old.reasons if old.uncovered > units else (),
            **{source: getattr(old, source) + units},
        )
    return replace(
        result, matches=tuple(matches), needs=tuple(outcomes[n] for n in sorted(outcomes))
    )


def less(result: AllocationResult) -> AllocationResult:
    """One unit is kept back, and all sums follow."""
    row = chosen(result)
    tampered = adjusted(result, {row: -1})
    need = result.matches[row].need
    outcomes = tuple(
        replace(each, reasons=(Reason("used_up"),)) if each.need == need else each
        for each in tampered.needs
    )
    return replace(tampered, needs=outcomes)


def with_outcome(result: AllocationResult, **changes: object) -> AllocationResult:
    return replace(result, needs=(replace(result.needs[0], **changes), *result.needs[1:]))


def with_stage(result: AllocationResult, name: str, **changes: object) -> AllocationResult:
    return replace(
        result,
        certificate=tuple(
            replace(stage, **changes) if stage.name == name else stage
            for stage in result.certificate
        ),
    )


def fill(result: AllocationResult) -> Stage:
    return next(stage for stage in result.certificate if stage.name == "fill")


def with_price(result: AllocationResult, by: int) -> AllocationResult:
    (offer, price), *rest = fill(result).offer_prices
    return with_stage(result, "fill", offer_prices=((offer, price + by), *rest))


def with_value(result: AllocationResult, by: int) -> AllocationResult:
    need = result.matches[chosen(result)].need
    values = dict(fill(result).need_values)
    values[need] = values.get(need, 0) + by
    return with_stage(result, "fill", need_values=tuple(sorted(values.items())))


def without_knowledge(result: AllocationResult) -> AllocationResult:
    row = next(i for i, match in enumerate(result.matches) if match.quantity is None)
    return replace(result, matches=(*result.matches[:row], *result.matches[row + 1 :]))


TAMPERINGS: dict[str, tuple[Tampering, str]] = {
    "another problem": (lambda r: replace(r, problem_hash="0" * 64), "other_problem"),
    "an offer made up": (lambda r: with_match(r, offer=10**9), "unknown_posting"),
    "a need made up": (lambda r: with_match(r, need=10**9), "unknown_posting"),
    "a match doubled": (lambda r: replace(r, matches=(*r.matches, r.matches[0])), "match_twice"),
    "a match dropped": (lambda r: replace(r, matches=r.matches[1:]), "wrong_outcome"),
    "a quantity raised": (
        lambda r: adjusted(r, {chosen(r): 10**6}),
        "over_need",
    ),
    "an offer overdrawn": (lambda r: adjusted(r, {chosen(r): 10**6}), "over_offer"),
    "a quantity of none": (lambda r: with_match(r, quantity=None), "wrong_quantity"),
    "a quantity below one": (lambda r: with_match(r, quantity=0), "wrong_quantity"),
    "a unit kept back": (less, "not_optimal"),
    "another relation": (lambda r: with_match(r, relation="counterpart"), "wrong_relation"),
    "no reasons": (lambda r: with_match(r, reasons=()), "wrong_reason"),
    "a reason made up": (
        lambda r: with_match(r, reasons=(*r.matches[chosen(r)].reasons, Reason("because"))),
        "wrong_reason",
    ),
    "an outcome left out": (lambda r: replace(r, needs=r.needs[1:]), "wrong_outcome"),
    "an outcome embellished": (
        lambda r: with_outcome(r, filled=r.needs[0].filled + 1),
        "wrong_outcome",
    ),
    "knowledge withheld": (without_knowledge, "knowledge"),
    "a figure raised": (
        lambda r: replace(r, summary=replace(r.summary, consignments=1)),
        "wrong_figure",
    ),
    "a bound raised": (
        lambda r: replace(
            r,
            summary=replace(r.summary, consignments_at_least=r.summary.consignments_at_least + 1),
        ),
        "wrong_figure",
    ),
    "a tier embellished": (
        lambda r: replace(
            r,
            summary=replace(
                r.summary, tiers=(replace(r.summary.tiers[0], needed=1), *r.summary.tiers[1:])
            ),
        ),
        "wrong_figure",
    ),
    "no certificate": (lambda r: replace(r, certificate=()), "not_optimal"),
    "a stage misnamed": (
        lambda r: replace(r, certificate=(replace(fill(r), name="pair"),)),
        "not_optimal",
    ),
    "a band worth too little": (lambda r: with_stage(r, "fill", band_worth=9), "not_optimal"),
    "a tie worth too little": (lambda r: with_stage(r, "fill", tie_worth=1), "not_optimal"),
    "a relaxation made up": (
        lambda r: replace(r, relaxation=((10**9, r.needs[0].need, 5),)),
        "unknown_posting",
    ),
    "a relaxation beyond the offers": (
        lambda r: replace(
            r, relaxation=((r.matches[chosen(r)].offer, r.matches[chosen(r)].need, 10**6),)
        ),
        "not_optimal",
    ),
    "a stage doubled": (
        lambda r: replace(r, certificate=(*r.certificate, r.certificate[-1])),
        "not_optimal",
    ),
    "a price raised": (lambda r: with_price(r, 1), "not_optimal"),
    "a price lowered": (lambda r: with_price(r, -1), "not_optimal"),
    "a value raised": (lambda r: with_value(r, 1), "not_optimal"),
    "a value lowered": (lambda r: with_value(r, -1), "not_optimal"),
    "a price of a stranger": (
        lambda r: with_stage(r, "fill", offer_prices=((10**9, 1),)),
        "not_optimal",
    ),
    "a price beyond measure": (lambda r: with_price(r, 2**70), "not_optimal"),
}
