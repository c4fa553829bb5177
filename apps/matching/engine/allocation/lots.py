"""Smallest lots and whole packs: a deterministic repair of the optimum without them.

With lots a match is 0 or at least the larger of the two smallest lots; to fill the most is then
NP-hard (a subset-sum problem sits in every offer). So matches are rounded down to whole packs,
those below a lot are dropped, and what that sets free is given out again, need by need, the one
whose next unit has the best tier and band first, by four moves: enlarge a match; open one; open
one in exchange for units of another offer; take units whose band is worse from another need.
Every move raises the filling in its lexicographic order, so the repair ends.
"""

from collections import defaultdict
from collections.abc import Iterator
from heapq import heapify, heappop, heappush

import numpy as np

from apps.matching.engine.problem import Policy

from .fitting import Fitting
from .matches import Matches
from .rows import COUNTERPART, Flags, Rows
from .weights import BANDS

CANDIDATES = 64
"""Offers of which a need tries to take over units, those with the most left first."""


def repair(rows: Rows, fitting: Fitting, matches: Matches, policy: Policy) -> Matches:
    """Matches that respect lots and packs, as good as the moves make them."""
    offer, need, units = matches.offer, matches.need, matches.units
    kept = units - units % rows.pack[offer]
    kept[kept < fitting.least(offer, need)] = 0
    if (kept == units).all():
        return matches
    work = _Repair(rows, fitting, policy)
    for o, n, x in zip(offer.tolist(), need.tolist(), kept.tolist(), strict=True):
        work.add(o, n, x)
    short = np.unique(need[kept < units]).tolist()
    if policy == "pair_first":
        work.give_out(short, own_only=True)
    work.give_out(short, own_only=False)
    rest = [(o, n, x) for (o, n), x in work.matches.items()]
    return Matches.of(*np.array(rest, np.int64).T)


class _Candidates:
    """Offers (k,) that fit a need, with the least each may send, and how close they are."""

    def __init__(self, rows: Rows, fitting: Fitting, need: int) -> None:
        found = fitting.look(need).fitting
        self.offer = found[rows.supply[found] > 0]
        to = np.full(len(self.offer), need)
        self.least = fitting.least(self.offer, to)
        relation = rows.relation(rows.offer_city[self.offer], rows.need_city[to])
        self.is_own = relation == COUNTERPART
        self.closeness = 2 * relation + (rows.offer_item[self.offer] == rows.need_item[need])


class _Repair:
    def __init__(self, rows: Rows, fitting: Fitting, policy: Policy) -> None:
        self.rows, self.fitting = rows, fitting
        self.pairs_first = policy == "pair_first"
        self.left = rows.supply.copy()
        self.filled = [0] * len(rows.tier)
        self.quantity: list[int] = rows.quantity.tolist()
        self.tier: list[int] = rows.tier.tolist()
        self.pack: list[int] = rows.pack.tolist()
        self.matches: dict[tuple[int, int], int] = {}
        self.offers_of: dict[int, set[int]] = defaultdict(set)
        self.needs_of: dict[int, set[int]] = defaultdict(set)
        self.known: dict[int, _Candidates] = {}

    def add(self, offer: int, need: int, units: int) -> None:
        """Change a match by so many units."""
        self.matches[offer, need] = self.matches.get((offer, need), 0) + units
        self.left[offer] -= units
        self.filled[need] += units
        for index, row, other in ((self.offers_of, need, offer), (self.needs_of, offer, need)):
            if self.matches[offer, need]:
                index[row].add(other)
            else:
                index[row].discard(other)

    def give_out(self, needs: list[int], *, own_only: bool) -> None:
        """Raise the needs by moves, one at a time, the most deserving first."""
        waiting = [(self._class(need, self.filled[need] + 1), need) for need in needs]
        heapify(waiting)
        while waiting:
            rank, need = heappop(waiting)
            if self._open(need) == 0 or rank != self._class(need, self.filled[need] + 1):
                continue
            lost = self._raise(need, own_only)
            for other in () if lost is None else {need, *lost}:
                heappush(waiting, (self._class(other, self.filled[other] + 1), other))

    def _raise(self, need: int, own_only: bool) -> set[int] | None:
        """Make one move for the need: the other needs that lost by it, None if there is none."""
        if need not in self.known:
            self.known[need] = _Candidates(self.rows, self.fitting, need)
        some = self.known[need]
        allowed = some.is_own if own_only else np.ones(len(some.offer), np.bool_)
        if (
            self._enlarge(need, some, allowed)
            or self._start(need, some, allowed)
            or self._exchange(need, some, allowed)
        ):
            return set()
        return self._take_over(need, some, allowed, own_only)

    def _enlarge(self, need: int, some: _Candidates, allowed: Flags) -> bool:
        for offer in sorted(self.offers_of[need] & set(some.offer[allowed].tolist())):
            units = self._whole(offer, min(int(self.left[offer]), self._open(need)))
            if units:
                self.add(offer, need, units)
                return True
        return False

    def _start(self, need: int, some: _Candidates, allowed: Flags) -> bool:
        """Open a match: the closest offer, then the one that leaves the least behind."""
        left = self.left[some.offer]
        fits = allowed & (left >= some.least) & (some.least <= self._open(need))
        at = np.flatnonzero(fits)
        if not len(at):
            return False
        units = np.minimum(left[at], self._open(need))
        units -= units % self.rows.pack[some.offer[at]]
        best = np.lexsort((left[at] - units, -units, -some.closeness[at]))[0]
        self.add(int(some.offer[at[best]]), need, int(units[best]))
        return True

    def _exchange(self, need: int, some: _Candidates, allowed: Flags) -> bool:
        """Open a match in exchange for some or all units of another, if that fills more."""
        left = self.left[some.offer]
        for at in np.flatnonzero(allowed & (left > 0)).tolist():
            offer, least = int(some.offer[at]), int(some.least[at])
            for other in sorted(self.offers_of[need] - {offer}):
                if self.pairs_first and self._is_own(other, need) and not some.is_own[at]:
                    continue
                for given in self._reductions(other, need, least - self._open(need)):
                    most = min(int(left[at]), self._open(need) + given)
                    units = self._whole(offer, most)
                    grown = units + self.matches.get((offer, need), 0)
                    if units > given and grown >= least:
                        self.add(other, need, -given)
                        self.add(offer, need, units)
                        return True
        return False

    def _take_over(
        self, need: int, some: _Candidates, allowed: Flags, own_only: bool
    ) -> set[int] | None:
        """Take units from a need that deserves them less."""
        left, rank = self.left[some.offer], self._class(need, self.filled[need] + 1)
        order = np.lexsort((-left, ~allowed))[: min(CANDIDATES, int(allowed.sum()))]
        for at in order.tolist():
            offer = int(some.offer[at])
            has = self.matches.get((offer, need), 0)
            least = max(int(some.least[at]) - has, self.pack[offer])
            if least > self._open(need):
                continue
            for other in sorted(self.needs_of[offer] - {need}):
                shielded = self.pairs_first and self._is_own(offer, other)
                for taken in self._reductions(offer, other, least - int(left[at])):
                    units = self._whole(offer, min(int(left[at]) + taken, self._open(need)))
                    worse = self._class(other, self.filled[other] - taken + 1) > rank
                    free = own_only and not shielded
                    if units >= least and (free or (worse and (own_only or not shielded))):
                        self.add(offer, other, -taken)
                        self.add(offer, need, units)
                        return {other}
        return None

    def _reductions(self, offer: int, need: int, units: int) -> Iterator[int]:
        """How a match may shrink by at least so many units: by as few packs as do, or wholly."""
        has, pack = self.matches[offer, need], self.pack[offer]
        fewest = max(-(-units // pack), 1) * pack
        least = int(self.fitting.least(np.array([offer]), np.array([need]))[0])
        if has - fewest >= least:
            yield fewest
        if has >= units:
            yield has

    def _is_own(self, offer: int, need: int) -> bool:
        return bool(self.rows.partner[self.rows.offer_city[offer]] == self.rows.need_city[need])

    def _open(self, need: int) -> int:
        return self.quantity[need] - self.filled[need]

    def _whole(self, offer: int, units: int) -> int:
        return units - units % self.pack[offer]

    def _class(self, need: int, unit: int) -> int:
        """Tier and band of a need's unit (counted from 1) as one number, the best first."""
        return self.tier[need] * BANDS - BANDS + -(-BANDS * unit // self.quantity[need])
