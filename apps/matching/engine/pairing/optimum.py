"""The best pairing for an objective, and the prices that prove it."""

from dataclasses import dataclass, replace

import numpy as np

from apps.matching.engine.problem import UNIT
from apps.matching.engine.result import OddSet, Proof, ProofPurpose

from .assignment import assign
from .candidates import NO_LIMIT, Candidates
from .features import Flags, Ints
from .instance import Instance
from .market import Market
from .nested import ALONE
from .pool import cover_pool, match_pool
from .pricing import Pricing

FAR = UNIT // 20
"""Known candidates that stay so far below their prices are left out when these are solved anew."""


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
    solver, instance = Solver(market), market.instance
    if instance.problem.objective == "egalitarian":
        duals = solver.egalitarian()
    else:
        duals = (solver.best(0, 0 if instance.problem.objective == "total" else solver.step),)
    partner = duals[0].partner.copy()
    partner[instance.pins[:, 0]] = instance.pins[:, 1]
    partner[instance.pins[:, 1]] = instance.pins[:, 0]
    return Optimum(partner, duals)


class Solver:
    """`step` weighs a paired city against scores: more than all scores together."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.instance = market.instance
        self.features = market.instance.features
        self.worth = 1 + self.features.critical.astype(np.int64)
        self.step = 1 + UNIT * (len(self.features.codes) - self.instance.pins.size)

    def best(self, min_benefit: int, step: int) -> Dual:
        """The heaviest pairing in which nobody benefits less than that."""
        return self._proved("optimum", step, min_benefit)

    def egalitarian(self) -> tuple[Dual, ...]:
        """Raise the lowest benefit as long as as many cities can be paired: by bisection among
        the known candidates, then against all others."""
        reach = self._proved("reach", 1, 0)
        level, barrier = self._raised(reach, self._lowest(reach.partner)), None
        while reach.bound and level < NO_LIMIT:
            tried = self._tried(reach, level + 1)
            if not _as_good(tried, reach):
                barrier = tried
                break
            level = self._raised(reach, self._lowest(tried.partner))
        best = self.best(level, self.step)
        return (best, reach) if barrier is None else (best, reach, barrier)

    def _tried(self, reach: Dual, level: int) -> Dual:
        """What can be reached if nobody may benefit less than the level, or a bound below the
        reach. In one pool the double cover's bound often suffices."""
        if self.instance.problem.sides == "one":
            bound = self._proved("next_threshold", 1, level, relaxed=True)
            if not _as_good(bound, reach):
                return bound
        return self._proved("next_threshold", 1, level)

    def _raised(self, reach: Dual, level: int) -> int:
        """The highest lowest benefit, from a level that can be had, with known candidates."""
        levels = np.unique(self.market.known.lowest_benefit(self.features))
        higher = [level, *levels[levels > level].tolist()]
        most = self._highest(reach, higher, relaxed=True)
        if self.instance.problem.sides == "two" or most == 0:
            return int(higher[most])
        if _as_good(self._solve("next_threshold", 1, higher[most]), reach):
            return int(higher[most])
        return int(higher[self._highest(reach, higher[:most], relaxed=False)])

    def _highest(self, reach: Dual, levels: list[int], relaxed: bool) -> int:
        """Where in the levels, of which the first can be had, the last stands that can."""
        good, bad = 0, len(levels)
        while bad - good > 1:
            middle = (good + bad) // 2
            if _as_good(self._solve("next_threshold", 1, levels[middle], relaxed), reach):
                good = middle
            else:
                bad = middle
        return good

    def _lowest(self, partner: Ints) -> int:
        """The lowest benefit of a pairing; 0 where nobody is paired."""
        known = self.market.known
        used = partner[known.first] == known.second
        return int(known.lowest_benefit(self.features)[used].min(initial=NO_LIMIT * used.any()))

    def _proved(
        self, purpose: ProofPurpose, step: int, min_benefit: int, relaxed: bool = False
    ) -> Dual:
        """Solve until no pair, known or not, weighs more than its prices: over the known
        candidates that are near to their prices, with those that turn out to be beyond."""
        pricing = Pricing(self.market, purpose == "optimum", min_benefit)
        near = np.ones(len(self.market.known), np.bool_)
        while True:
            self.market.on_progress("optimum", 0.0)
            dual = self._solve(purpose, step, min_benefit, relaxed, near)
            beyond = self._beyond(dual)
            if (beyond[~near] > 0).any():
                near |= beyond > -FAR
                continue
            bars = dual.price / dual.denominator - step * self.worth
            while not (self._beyond(dual, self.market.add(pricing.uncovered(bars))) > 0).any():
                if pricing.is_done:
                    return dual
                pricing.most *= 2
            near = self._beyond(dual) > -FAR

    def _beyond(self, dual: Dual, candidates: Candidates | None = None) -> Ints:
        """By how much each, by default of all known, weighs more than its prices; those that
        benefit somebody too little do not count."""
        if candidates is None:
            candidates = self.market.known
        prices = dual.price[candidates.first] + dual.price[candidates.second]
        beyond = self._weight(dual, candidates) - prices // dual.denominator
        if dual.min_benefit:
            beyond[candidates.lowest_benefit(self.features) < dual.min_benefit] = -NO_LIMIT
        return beyond

    def _weight(self, dual: Dual, candidates: Candidates) -> Ints:
        worth = self.worth[candidates.first] + self.worth[candidates.second]
        return dual.step * worth + (candidates.score if dual.purpose == "optimum" else 0)

    def _solve(
        self,
        purpose: ProofPurpose,
        step: int,
        min_benefit: int,
        relaxed: bool = False,
        among: Flags | None = None,
    ) -> Dual:
        """Solve over the known candidates alone, or only some of them; in one pool, `relaxed`
        bounds without pairing."""
        known, n = self.market.known, len(self.features.codes)
        if among is not None and not among.all():
            known = known.take(np.flatnonzero(among))
        if min_benefit:
            known = known.take(np.flatnonzero(known.lowest_benefit(self.features) >= min_benefit))
        nobody = np.zeros(n, np.int64)
        dual = Dual(purpose, step, min_benefit, 1, nobody + ALONE, nobody, ())
        weight = self._weight(dual, known)
        if self.instance.problem.sides == "one" and relaxed:
            cover = cover_pool(n, known.first, known.second, weight)
            return replace(dual, denominator=2, price=cover.row_price + cover.col_price)
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
    return tried.bound * reach.denominator >= reach.bound * tried.denominator
