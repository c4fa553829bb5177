"""The best pairing for an objective, and the prices that prove it."""

from dataclasses import dataclass, replace

import numpy as np

from apps.matching.engine.problem import UNIT
from apps.matching.engine.result import OddSet, Proof, ProofPurpose

from .assignment import assign
from .candidates import NO_LIMIT, Candidates
from .features import Ints
from .instance import Instance
from .market import Market, Pricing
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


def find_optimum(market: Market) -> Optimum:
    """Solve for the objective of the problem, over all pairs."""
    solver, instance = _Solver(market), market.instance
    objective = instance.problem.objective
    duals = (solver.best(0, objective),) if objective != "egalitarian" else solver.egalitarian()
    partner = duals[0].partner.copy()
    partner[instance.pins[:, 0]] = instance.pins[:, 1]
    partner[instance.pins[:, 1]] = instance.pins[:, 0]
    return Optimum(partner, duals)


class _Solver:
    def __init__(self, market: Market) -> None:
        self.market = market
        self.instance = market.instance
        self.features = market.instance.features
        self.worth = 1 + self.features.critical.astype(np.int64)
        self.step = 1 + UNIT * (len(self.features.codes) - self.instance.pins.size)

    def best(self, min_benefit: int, objective: str) -> Dual:
        """The heaviest pairing in which nobody benefits less than that."""
        step = 0 if objective == "total" else self.step
        return self._proved("optimum", step, min_benefit)

    def egalitarian(self) -> tuple[Dual, ...]:
        """Raise the lowest benefit as long as as many cities can be paired: by bisection among
        the known candidates, then against all others."""
        reach = self._proved("reach", 1, 0)
        level, barrier = self._raised(reach, self._lowest(reach.partner)), None
        while reach.bound and level < NO_LIMIT:
            tried = self._proved("next_threshold", 1, level + 1)
            if not _as_good(tried, reach):
                barrier = tried
                break
            level = self._raised(reach, self._lowest(tried.partner))
        best = self.best(level, "widest")
        return (best, reach) if barrier is None else (best, reach, barrier)

    def _raised(self, reach: Dual, level: int) -> int:
        """The highest lowest benefit, from a level that can be had, with known candidates."""
        levels = np.unique(self.market.known.lowest_benefit(self.features))
        higher = [level, *levels[levels > level].tolist()]
        good, bad = 0, len(higher)
        while bad - good > 1:
            middle = (good + bad) // 2
            if _as_good(self._solve("next_threshold", 1, higher[middle]), reach):
                good = middle
            else:
                bad = middle
        return int(higher[good])

    def _lowest(self, partner: Ints) -> int:
        """The lowest benefit of a pairing; 0 where nobody is paired."""
        known = self.market.known
        used = partner[known.first] == known.second
        return int(known.lowest_benefit(self.features)[used].min(initial=NO_LIMIT * used.any()))

    def _proved(self, purpose: ProofPurpose, step: int, min_benefit: int) -> Dual:
        """Solve over the known candidates until no other weighs more than its prices."""
        pricing = Pricing(self.market, purpose == "optimum", min_benefit)
        while True:
            self.market.on_progress("optimum", 0.0)
            dual = self._solve(purpose, step, min_benefit)
            bars = dual.price / dual.denominator - step * self.worth
            new = self.market.add(pricing.uncovered(bars))
            paid = dual.price[new.first] + dual.price[new.second]
            heavy = dual.denominator * self._weight(dual, new) > paid
            if not (heavy & (new.lowest_benefit(self.features) >= min_benefit)).any():
                return dual

    def _weight(self, dual: Dual, candidates: Candidates) -> Ints:
        worth = self.worth[candidates.first] + self.worth[candidates.second]
        return dual.step * worth + (candidates.score if dual.purpose == "optimum" else 0)

    def _solve(self, purpose: ProofPurpose, step: int, min_benefit: int) -> Dual:
        """Solve over the known candidates alone."""
        known, n = self.market.known, len(self.features.codes)
        known = known.take(np.flatnonzero(known.lowest_benefit(self.features) >= min_benefit))
        nobody = np.zeros(n, np.int64)
        dual = Dual(purpose, step, min_benefit, 1, nobody + ALONE, nobody, ())
        weight = self._weight(dual, known)
        if self.instance.problem.sides == "one":
            pool = match_pool(n, known.first, known.second, weight, self.market.on_progress)
            return replace(
                dual, denominator=2, partner=pool.partner, price=pool.price, odd_sets=pool.odd_sets
            )
        partner, price = self._assigned(known, weight)
        return replace(dual, partner=partner, price=price)

    def _assigned(self, known: Candidates, weight: Ints) -> tuple[Ints, Ints]:
        """Partner and price of every city on two sides."""
        sides = [np.flatnonzero(~self.instance.right), np.flatnonzero(self.instance.right)]
        left, right = sides
        place = np.argsort(np.concatenate(sides))
        found = assign(
            len(left), len(right), place[known.first], place[known.second] - len(left), weight
        )
        paired = found.partner != ALONE
        partner = np.full(len(place), ALONE)
        partner[left[paired]] = right[found.partner[paired]]
        partner[right[found.partner[paired]]] = left[paired]
        return partner, np.concatenate((found.row_price, found.col_price))[place]


def _as_good(tried: Dual, reach: Dual) -> bool:
    return tried.bound * reach.denominator == reach.bound * tried.denominator
