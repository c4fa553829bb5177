"""The best pairing for an objective, and the prices that prove it."""

from dataclasses import dataclass

import numpy as np

from apps.matching.engine.progress import OnProgress
from apps.matching.engine.result import OddSet, Proof, ProofPurpose

from .assignment import assign
from .candidates import Candidates
from .features import Ints
from .instance import Instance
from .nested import ALONE
from .pool import match_pool


@dataclass(frozen=True, slots=True)
class Dual:
    """A best pairing for one weight per candidate, and its dual prices; see `result.Proof`."""

    purpose: ProofPurpose
    step: int
    min_benefit: int
    denominator: int
    partner: Ints
    price: Ints
    odd_sets: tuple[tuple[Ints, int], ...]

    @property
    def bound(self) -> int:
        odd = sum(len(members) // 2 * price for members, price in self.odd_sets)
        return int(self.price.sum()) + odd

    def proof(self, instance: Instance) -> Proof:
        """The same by city codes, sorted; pinned cities are left out."""
        codes = instance.features.codes
        pinned = set(instance.pins.ravel().tolist())
        prices = ((codes[i], int(p)) for i, p in enumerate(self.price) if i not in pinned)
        odd_sets = (
            OddSet(tuple(sorted(codes[i] for i in members)), int(price))
            for members, price in self.odd_sets
        )
        return Proof(
            self.purpose,
            self.step,
            self.min_benefit,
            self.denominator,
            self.bound,
            tuple(sorted(prices)),
            tuple(sorted(odd_sets, key=lambda each: (len(each.cities), each.cities))),
        )


@dataclass(frozen=True, slots=True)
class Optimum:
    """`partner` (n,) of every city, pinned ones included; the first dual proves the optimum."""

    partner: Ints
    duals: tuple[Dual, ...]


def find_optimum(instance: Instance, candidates: Candidates, on_progress: OnProgress) -> Optimum:
    """Solve for the objective of the problem."""
    solver = _Solver(instance, candidates, on_progress)
    objective = instance.problem.objective
    duals = (solver.best(0, objective),) if objective != "egalitarian" else solver.egalitarian()
    partner = duals[0].partner.copy()
    partner[instance.pins[:, 0]] = instance.pins[:, 1]
    partner[instance.pins[:, 1]] = instance.pins[:, 0]
    return Optimum(partner, duals)


class _Solver:
    def __init__(self, instance: Instance, candidates: Candidates, on_progress: OnProgress) -> None:
        self.instance = instance
        self.candidates = candidates
        self.on_progress = on_progress
        worth = 1 + instance.features.critical.astype(np.int64)
        self.worth = worth[candidates.first] + worth[candidates.second]
        self.lowest = candidates.lowest_benefit(instance.features)
        free = len(instance.features.codes) - instance.pins.size
        self.step = 1 + free * int(candidates.score.max(initial=0))

    def best(self, min_benefit: int, objective: str) -> Dual:
        """The heaviest pairing of the candidates in which nobody benefits less than that."""
        step = 0 if objective == "total" else self.step
        weight = step * self.worth + self.candidates.score
        return self._solve("optimum", step, min_benefit, weight)

    def egalitarian(self) -> tuple[Dual, ...]:
        """Raise the lowest benefit by bisection as long as as many cities can be paired."""
        reach = self._reach("reach", 0)
        levels = np.unique(self.lowest).tolist() or [0]
        good, bad, barrier = 0, len(levels), None
        while bad - good > 1:
            middle = (good + bad) // 2
            tried = self._reach("next_threshold", levels[middle])
            if tried.bound * reach.denominator == reach.bound * tried.denominator:
                good = middle
            else:
                bad, barrier = middle, tried
        best = self.best(levels[good], "widest")
        return (best, reach) if barrier is None else (best, reach, barrier)

    def _reach(self, purpose: ProofPurpose, min_benefit: int) -> Dual:
        return self._solve(purpose, 1, min_benefit, self.worth)

    def _solve(self, purpose: ProofPurpose, step: int, min_benefit: int, weight: Ints) -> Dual:
        n, keep = len(self.instance.features.codes), self.lowest >= min_benefit
        first, second = self.candidates.first[keep], self.candidates.second[keep]
        if n == 0:
            nobody = np.zeros(0, np.int64)
            return Dual(purpose, step, min_benefit, 1, nobody, nobody, ())
        if self.instance.problem.sides == "one":
            pool = match_pool(n, first, second, weight[keep], self.on_progress)
            return Dual(purpose, step, min_benefit, 2, pool.partner, pool.price, pool.odd_sets)
        found = assign(n, first, second, weight[keep])
        partner = found.partner
        paired = np.flatnonzero(partner != ALONE)
        partner[partner[paired]] = paired
        price = found.row_price + found.col_price
        return Dual(purpose, step, min_benefit, 1, partner, price, ())
