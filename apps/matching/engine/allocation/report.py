"""Solved parts put together: matches, outcomes, figures and prices by the ids of the postings."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from apps.matching.engine.result import (
    AllocationResult,
    AllocationSummary,
    Match,
    NeedOutcome,
    Stage,
    StageName,
)
from apps.matching.engine.version import ENGINE_VERSION

from .consignments import fewest_possible
from .explain import Explainer
from .filling import Prices
from .fitting import Fitting
from .knowledge import Knowledge
from .outcome import count_outcome, make_flows, tier_fills
from .part import Part, Solved
from .rows import RELATIONS, Ints, Posted, Rows

_NONE = np.zeros(0, np.int64)


class Report:
    """All that the result says of the solved parts."""

    def __init__(
        self,
        posted: Posted,
        rows: Rows,
        fitting: Fitting,
        parts: Sequence[Part],
        solved: Sequence[Solved],
        knowledge: Knowledge,
    ) -> None:
        self.posted, self.rows, self.fitting = posted, rows, fitting
        self.parts, self.solved = parts, solved
        offer, need, units, relaxed = (
            np.concatenate((_NONE, *(getattr(each, name) for each in solved)))
            for name in ("offer", "need", "units", "relaxed")
        )
        self.differs = [each[units != relaxed] for each in (offer, need, relaxed)]
        flows = make_flows(rows, offer, need, units)
        without_lots = make_flows(rows, offer, need, relaxed)
        self.outcome = count_outcome(rows, flows, without_lots, knowledge)

    def result(self) -> AllocationResult:
        problem = self.posted.problem
        explainer = Explainer(self.posted, self.rows, self.fitting, self.outcome)
        offers, needs = self.posted.offers, self.posted.needs
        differs = _rows(*self.differs)
        return AllocationResult(
            engine_version=ENGINE_VERSION,
            problem_hash=self.posted.seed,
            policy=problem.policy,
            matches=self._matches(explainer),
            needs=self._needs(explainer),
            summary=self.summary(),
            certificate=self._certificate(),
            relaxation=tuple(
                sorted((offers[offer].id, needs[need].id, units) for offer, need, units in differs)
            ),
        )

    def _matches(self, explainer: Explainer) -> tuple[Match, ...]:
        flows, knowledge = self.outcome.flows, self.outcome.knowledge
        closeness = self.rows.relation(
            self.rows.offer_city[knowledge.offer], self.rows.need_city[knowledge.need]
        )
        joined: list[tuple[int, int, int, int | None]] = [
            *_rows(flows.offer, flows.need, flows.relation, flows.units),
            *((*each, None) for each in _rows(knowledge.offer, knowledge.need, closeness)),
        ]
        matches = [
            Match(
                offer=self.posted.offers[offer].id,
                need=self.posted.needs[need].id,
                quantity=units,
                relation=RELATIONS[relation],
                reasons=explainer.match(offer, need, relation, units),
            )
            for offer, need, relation, units in joined
        ]
        return tuple(sorted(matches, key=lambda match: (match.need, match.offer)))

    def _needs(self, explainer: Explainer) -> tuple[NeedOutcome, ...]:
        outcome = self.outcome
        sources = (outcome.from_counterpart, outcome.from_ties, outcome.from_network)
        counted = _rows(self.rows.quantity, outcome.filled, *sources)
        outcomes = [
            NeedOutcome(
                need=need.id,
                quantity=quantity,
                filled=filled,
                from_counterpart=own,
                from_ties=ties,
                from_network=network,
                uncovered=quantity - filled,
                reasons=explainer.need(i),
            )
            for i, (need, (quantity, filled, own, ties, network)) in enumerate(
                zip(self.posted.needs, counted, strict=True)
            )
        ]
        return tuple(sorted(outcomes, key=lambda each: each.need))

    def summary(self) -> AllocationSummary:
        rows, outcome = self.rows, self.outcome
        counted = ~outcome.served
        filled = np.where(counted, outcome.filled, 0)
        own = np.where(counted, outcome.from_counterpart, 0)
        pairs = tier_fills(rows, counted, own, outcome.pair_without_lots)
        per_need = np.bincount(outcome.flows.need, minlength=len(rows.tier))
        return AllocationSummary(
            tiers=tier_fills(rows, counted, filled, outcome.without_lots),
            pair_tiers=pairs if self.posted.problem.policy == "pair_first" else (),
            from_counterpart=int(own.sum()),
            from_ties=int(outcome.from_ties[counted].sum()),
            from_network=int(outcome.from_network[counted].sum()),
            consignments=len(outcome.flows),
            consignments_at_least=fewest_possible(rows, self.fitting, filled, per_need),
            knowledge_matches=len(outcome.knowledge.need),
        )

    def _certificate(self) -> tuple[Stage, ...]:
        if not self.parts:
            return ()
        pair = [each.pair for each in self.solved if each.pair is not None]
        fill = [each.fill for each in self.solved]
        return (*([self._stage("pair", pair)] if pair else []), self._stage("fill", fill))

    def _stage(self, name: StageName, prices: Sequence[Prices]) -> Stage:
        weights = self.parts[0].weights
        offers, needs = self.posted.offers, self.posted.needs
        return Stage(
            name=name,
            band_worth=weights.band,
            counterpart_worth=weights.counterpart,
            tie_worth=weights.tie,
            offer_prices=_listed(
                (offers[row].id, price)
                for part, each in zip(self.parts, prices, strict=True)
                for row, price in _some(part.offers, each.offers)
            ),
            need_values=_listed(
                (needs[row].id, value)
                for part, each in zip(self.parts, prices, strict=True)
                for row, value in _some(part.needs, each.needs)
            ),
            pair_values=_listed(
                (needs[row].id, value)
                for part, each in zip(self.parts, prices, strict=True)
                for row, value in _some(part.needs, each.pairs)
            ),
        )


def _rows(*columns: Ints) -> Iterator[Any]:
    """Columns of equal length, row by row."""
    return zip(*(column.tolist() for column in columns), strict=True)


def _some(rows: Ints, numbers: Ints) -> Iterator[tuple[int, int]]:
    """Rows (k,) with their numbers, zeros left out."""
    some = np.flatnonzero(numbers)
    return zip(rows[some].tolist(), numbers[some].tolist(), strict=True)


def _listed(pairs: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted(pairs))
