"""From an allocation problem to matches with reasons, figures and proof."""

import numpy as np
from scipy.sparse import coo_array  # type: ignore[import-untyped]
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

from apps.matching.engine.problem import AllocationProblem
from apps.matching.engine.progress import OnProgress, silent
from apps.matching.engine.result import (
    AllocationResult,
    AllocationSummary,
    Match,
    NeedOutcome,
    Stage,
    StageName,
)
from apps.matching.engine.validation import validate_allocation
from apps.matching.engine.version import ENGINE_VERSION

from .arcs import Arcs, find_arcs
from .consignments import fewest_possible
from .explain import Explainer
from .knowledge import choose_givers
from .outcome import Outcome, count_outcome, tier_fills
from .rows import RELATIONS, Ints, Rows, prepare
from .stages import Component, Prices

STAGES: tuple[StageName, ...] = ("pair", "fill", "counterpart", "tie")


def solve_allocation(
    problem: AllocationProblem, on_progress: OnProgress = silent
) -> AllocationResult:
    """Split the offers over the needs for the problem's policy, exactly but for lots.

    `on_progress(phase, share done)` hears of the phases arcs, flows and reasons; what it raises
    ends the work. Raises `ProblemError` for a bad problem. The same problem gives the same result,
    whatever the order of its rows.
    """
    validate_allocation(problem)
    rows = prepare(problem)
    on_progress("arcs", 0.0)
    arcs, obstacles = find_arcs(rows)
    known = rows.offer_units[arcs.offer] == 0
    served = np.isin(arcs.need, arcs.need[known])
    knowledge, fitting = choose_givers(arcs.subset(known))
    arcs = arcs.subset(~served)
    prices: dict[StageName, Prices] = {}
    units = _flows(rows, arcs, prices, on_progress)
    on_progress("reasons", 0.0)
    outcome = count_outcome(rows, arcs, units, knowledge, fitting)
    explainer = Explainer(rows, obstacles, outcome)
    matches = _matches(rows, outcome, explainer)
    result = AllocationResult(
        engine_version=ENGINE_VERSION,
        problem_hash=rows.seed,
        policy=rows.problem.policy,
        matches=matches,
        needs=_need_outcomes(rows, outcome, explainer),
        summary=_summary(rows, outcome, matches),
        certificate=tuple(_stage(rows, name, prices[name]) for name in STAGES if name in prices),
    )
    on_progress("reasons", 1.0)
    return result


def _flows(
    rows: Rows, arcs: Arcs, prices: dict[StageName, Prices], on_progress: OnProgress
) -> Ints:
    """Units on every arc (m,), solved component by component: items joined by substitution."""
    own = np.repeat(rows.need_item, [len(items) for items in rows.accepted])
    accepted = np.concatenate((np.zeros(0, np.int64), *rows.accepted))
    size = len(rows.problem.items)
    joined = coo_array((np.ones(len(own), np.int8), (own, accepted)), shape=(size, size))
    component = connected_components(joined, directed=False)[1][rows.offer_item[arcs.offer]]
    units = np.zeros(len(arcs), np.int64)
    names = np.unique(component)
    for done, name in enumerate(names.tolist(), 1):
        here = np.flatnonzero(component == name)
        here = here[np.argsort(arcs.offer[here], kind="stable")]
        solver = Component(rows, arcs.subset(here), prices)
        units[here] = solver.solve(rows.problem.policy == "pair_first")
        on_progress("flows", done / len(names))
    return units


def _matches(rows: Rows, outcome: Outcome, explainer: Explainer) -> tuple[Match, ...]:
    flows, units = outcome.arcs.subset(outcome.units > 0), outcome.units[outcome.units > 0]
    quantities = [*units.tolist(), *[None] * len(outcome.knowledge)]
    matches = []
    for at, quantity in enumerate(quantities):
        arcs, i = (flows, at) if quantity is not None else (outcome.knowledge, at - len(flows))
        offer, need, relation = int(arcs.offer[i]), int(arcs.need[i]), int(arcs.relation[i])
        reasons = explainer.match(offer, need, relation, quantity)
        ids = rows.offers[offer].id, rows.needs[need].id
        matches.append(Match(*ids, quantity, RELATIONS[relation], reasons))
    return tuple(sorted(matches, key=lambda match: (match.need, match.offer)))


def _need_outcomes(rows: Rows, outcome: Outcome, explainer: Explainer) -> tuple[NeedOutcome, ...]:
    outcomes = (
        NeedOutcome(
            need=need.id,
            quantity=int(rows.need_units[i]),
            filled=int(outcome.filled[i]),
            from_counterpart=int(outcome.from_counterpart[i]),
            from_ties=int(outcome.from_ties[i]),
            from_network=int(outcome.from_network[i]),
            uncovered=int(rows.need_units[i] - outcome.filled[i]),
            reasons=explainer.need(i),
        )
        for i, need in enumerate(rows.needs)
    )
    return tuple(sorted(outcomes, key=lambda each: each.need))


def _summary(rows: Rows, outcome: Outcome, matches: tuple[Match, ...]) -> AllocationSummary:
    flowing = np.where(outcome.served, 0, outcome.filled)
    return AllocationSummary(
        tiers=tier_fills(rows, outcome),
        from_counterpart=int(outcome.from_counterpart[~outcome.served].sum()),
        from_ties=int(outcome.from_ties[~outcome.served].sum()),
        from_network=int(outcome.from_network[~outcome.served].sum()),
        consignments=int(np.count_nonzero(outcome.units)),
        consignments_at_least=fewest_possible(rows, outcome.arcs, flowing),
        knowledge_matches=len(outcome.knowledge),
        below_lot=sum(any(r.code == "below_lot" for r in match.reasons) for match in matches),
    )


def _stage(rows: Rows, name: StageName, prices: Prices) -> Stage:
    """The stage's prices by posting id, zeros left out."""

    def by_need(values: dict[int, int]) -> tuple[tuple[int, int], ...]:
        return tuple(sorted((rows.needs[i].id, value) for i, value in values.items() if value))

    offers = ((rows.offers[i].id, price) for i, price in prices.offers.items() if price)
    return Stage(name, tuple(sorted(offers)), by_need(prices.needs), by_need(prices.pairs))
