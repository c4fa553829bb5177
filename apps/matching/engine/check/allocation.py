"""An independent look at an allocation: is it allowed, do the sums hold, is it the best?"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from apps.matching.engine.canonical import canonical_allocation, problem_hash
from apps.matching.engine.problem import TIERS, AllocationProblem
from apps.matching.engine.reasons import MATCH_CODES, NEED_CODES
from apps.matching.engine.result import AllocationResult, Match, NeedOutcome, TierFill

from .consignments import consignments_at_least
from .fitting import Fitting, Ints
from .stages import StageCheck
from .violations import Violation

BANDS = 10


def check_allocation(problem: AllocationProblem, result: AllocationResult) -> tuple[Violation, ...]:
    """Everything wrong with a result, by the valid problem alone; empty when it holds.

    Shares no code with the solver.
    """
    problem = canonical_allocation(problem)
    if result.problem_hash != problem_hash(problem) or result.policy != problem.policy:
        return (Violation("other_problem", result.problem_hash),)
    found = _Allocation(problem, result).check()
    return tuple(dict.fromkeys(found))


class _Allocation:
    def __init__(self, problem: AllocationProblem, result: AllocationResult) -> None:
        self.problem = problem
        self.result = result
        self.fitting = Fitting(problem)
        self.found: list[Violation] = []
        self.by_need: dict[int, list[Match]] = defaultdict(list)

    def check(self) -> list[Violation]:
        self._known()
        if self.found:
            return self.found
        for match in self.result.matches:
            self.by_need[match.need].append(match)
            self._match(match)
        self._offers()
        for outcome in self.result.needs:
            self._need(outcome)
        if not self.found:
            stages = StageCheck(self.problem, self.result, self.fitting)
            self.found += stages.violations()
            self._figures(stages)
        return self.found

    def _add(self, code: str, subject: object) -> None:
        self.found.append(Violation(code, str(subject)))

    def _known(self) -> None:
        pairs = Counter((match.offer, match.need) for match in self.result.matches)
        for (offer, need), times in pairs.items():
            if offer not in self.fitting.offers or need not in self.fitting.needs:
                self._add("unknown_posting", f"offer {offer} need {need}")
            elif times > 1:
                self._add("match_twice", f"offer {offer} need {need}")
        for offer, need, _ in self.result.relaxation:
            if offer not in self.fitting.offers or need not in self.fitting.needs:
                self._add("unknown_posting", f"relaxation offer {offer} need {need}")
        named = [outcome.need for outcome in self.result.needs]
        if sorted(named) != sorted(self.fitting.needs):
            self._add("wrong_outcome", "needs")

    def _match(self, match: Match) -> None:
        subject = f"offer {match.offer} need {match.need}"
        offer, need = self.fitting.offers[match.offer], self.fitting.needs[match.need]
        for code in self.fitting.obstacles(offer, need):
            self._add(code, subject)
        if match.relation != self.fitting.relation(offer.city, need.city):
            self._add("wrong_relation", subject)
        known = match.quantity is None
        if known != (offer.quantity is None) or (match.quantity is not None and match.quantity < 1):
            self._add("wrong_quantity", subject)
        if match.quantity is not None:
            if match.quantity < self.fitting.smallest_match(offer, need):
                self._add("below_lot", subject)
            if match.quantity % offer.pack:
                self._add("broken_pack", subject)
        codes = {each.code for each in match.reasons}
        if not {"tier", f"from_{match.relation}"} <= codes <= MATCH_CODES.keys():
            self._add("wrong_reason", subject)

    def _offers(self) -> None:
        given: Counter[int] = Counter()
        for match in self.result.matches:
            given[match.offer] += match.quantity or 0
        for offer, units in given.items():
            limit = self.fitting.offers[offer].quantity
            if limit is not None and units > limit:
                self._add("over_offer", f"offer {offer}")

    def _need(self, outcome: NeedOutcome) -> None:
        subject, need = f"need {outcome.need}", self.fitting.needs[outcome.need]
        quantity = need.quantity or 1
        sums: Counter[str] = Counter()
        matches = self.by_need[outcome.need]
        for match in matches:
            source = {"counterpart": "from_counterpart", "network": "from_network"}
            units = quantity if match.quantity is None else match.quantity
            sums[source.get(match.relation, "from_ties")] += units
        filled = sums.total()
        expected = NeedOutcome(
            need=outcome.need,
            quantity=quantity,
            filled=filled,
            from_counterpart=sums["from_counterpart"],
            from_ties=sums["from_ties"],
            from_network=sums["from_network"],
            uncovered=quantity - filled,
            reasons=outcome.reasons,
        )
        if filled > quantity:
            self._add("over_need", subject)
        if outcome != expected:
            self._add("wrong_outcome", subject)
        codes = {each.code for each in outcome.reasons}
        if not codes <= NEED_CODES.keys() or bool(codes) != (filled < quantity):
            self._add("wrong_reason", subject)
        self._knowledge(outcome.need, matches)

    def _knowledge(self, need: int, matches: list[Match]) -> None:
        """Served by knowledge once, by the closest who has it, and then by nothing else."""
        closest = self.fitting.closest_knowledge(need)
        served = [match.relation for match in matches if match.quantity is None]
        if served != ([] if closest is None else [closest]) or (served and len(matches) > 1):
            self._add("knowledge", f"need {need}")

    def _figures(self, stages: StageCheck) -> None:
        knowledge = {match.need for match in self.result.matches if match.quantity is None}
        rest = [outcome for outcome in self.result.needs if outcome.need not in knowledge]
        expected = {
            "tiers": self._tiers({e.need: e.filled for e in rest}, stages.without_lots),
            "pair_tiers": self._tiers(
                {each.need: each.from_counterpart for each in rest}, stages.pair_without_lots
            )
            if self.problem.policy == "pair_first"
            else (),
            "from_counterpart": sum(outcome.from_counterpart for outcome in rest),
            "from_ties": sum(outcome.from_ties for outcome in rest),
            "from_network": sum(outcome.from_network for outcome in rest),
            "consignments": len(self.result.matches) - len(knowledge),
            "consignments_at_least": consignments_at_least(
                self.fitting, {each.need: each.filled for each in rest}
            ),
            "knowledge_matches": len(knowledge),
        }
        for name, value in expected.items():
            if getattr(self.result.summary, name) != value:
                self._add("wrong_figure", f"summary.{name}")

    def _tiers(
        self, filled: Mapping[int, int], without_lots: Mapping[int, int]
    ) -> tuple[TierFill, ...]:
        """Units by tier and band of the needs that `filled` names."""
        ids = list(filled)
        tier = np.array([self.fitting.needs[id].tier for id in ids], np.int64)
        quantity = np.array([self.fitting.needs[id].quantity or 1 for id in ids], np.int64)
        reached = np.array([filled[id] for id in ids], np.int64)
        possible = np.array([without_lots.get(id, 0) for id in ids], np.int64)
        return tuple(
            TierFill(
                each,
                int(quantity[here].sum()),
                int(reached[here].sum()),
                _bands(reached[here], quantity[here]),
                _bands(possible[here], quantity[here]),
            )
            for each in TIERS
            for here in (tier == each,)
        )


def _bands(units: Ints, quantity: Ints) -> tuple[int, ...]:
    """Band by band, how many of the units (n,) lie in it."""
    edges = [k * quantity // BANDS for k in range(BANDS + 1)]
    return tuple(int(np.clip(units - low, 0, high - low).sum()) for low, high in pairwise(edges))
