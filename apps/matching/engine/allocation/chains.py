"""Units that met at hubs become matches of one offer with one need, few and large.

To carry given quantities over the fewest arcs is a fixed-charge problem, NP-hard. The heuristic
is best fit: at every hub those needs come first that one waiting offer fits exactly, then the
largest; each takes the smallest waiting offer that covers it, or else the largest there is.
"""

from bisect import bisect_left, insort
from itertools import chain, pairwise

import numpy as np

from .fitting import Fitting
from .grouping import Share, overlap
from .rows import Ints, Rows


class Splitter:
    """Takes a flow through hubs apart; `failed` are needs that only barred offers were left for."""

    def __init__(self, rows: Rows, fitting: Fitting) -> None:
        self.fitting = fitting
        self.size = len(rows.supply) + 1
        self.cities = len(rows.partner)
        self.giver: list[int] = rows.offer_city.tolist()
        self.receiver: list[int] = rows.need_city.tolist()
        self.arrival: list[int] = rows.arrival.tolist()
        self.needed_by: list[int] = rows.needed_by.tolist()
        self.forbids = frozenset(rows.forbids.tolist())
        self.exclusions = frozenset(rows.exclusions.tolist())
        self.failed: set[int] = set()
        self._done: list[tuple[int, int, int]] = []
        self._waiting: list[int] = []
        self._first = 0

    def split(self, chain_of: Ints, given: Share, taken: Share) -> Ints:
        """Match what offers gave to the hubs (h,) of the chains with what needs took from them:
        offer, need and units (3, m)."""
        given = given.subset(np.argsort(given.hub, kind="stable"))
        taken = taken.subset(np.lexsort((taken.row, -taken.units, taken.hub)))
        plain, given, taken = self._without_choice(chain_of, given, taken)
        self._choose(chain_of, given, taken)
        chosen = np.fromiter(chain.from_iterable(self._done), np.int64).reshape(-1, 3).T
        return np.concatenate((plain, chosen), axis=1)

    def _without_choice(
        self, chain_of: Ints, given: Share, taken: Share
    ) -> tuple[Ints, Share, Share]:
        """Matches (3, m) of the stretches of hubs, between two where nothing waits, that one offer
        or one need has to itself, and the shares of all others. Chains where these matches would
        be barred are left whole."""
        waiting, hubs = np.zeros(len(chain_of), np.int64), len(chain_of)
        np.add.at(waiting, given.hub, given.units)
        np.subtract.at(waiting, taken.hub, taken.units)
        ends = np.cumsum(waiting) == 0
        stretch = np.cumsum(ends) - ends
        offers, needs = (
            np.bincount(stretch[share.hub], minlength=hubs) for share in (given, taken)
        )
        single = (np.minimum(offers, needs) == 1)[stretch]
        some, others = given.subset(single[given.hub]), taken.subset(single[taken.hub])
        at, to, units = overlap(some.units, others.units)
        offer, need, number = some.row[at], others.row[to], chain_of[some.hub[at]]
        whole = number[self.fitting.is_barred(offer, need)]
        kept = ~np.isin(number, whole)
        single &= ~np.isin(chain_of, whole)
        return (
            np.stack((offer, need, units))[:, kept],
            given.subset(~single[given.hub]),
            taken.subset(~single[taken.hub]),
        )

    def _choose(self, chain_of: Ints, given: Share, taken: Share) -> None:
        """Best fit, hub by hub; both shares are sorted by hub, what is taken largest first."""
        start = np.flatnonzero(np.diff(taken.hub, prepend=-1))
        hub = taken.hub[start]
        arrived = np.searchsorted(given.hub, hub, side="right").tolist()
        coming = (given.units * self.size + given.row).tolist()
        going = list(zip(taken.units.tolist(), taken.row.tolist(), strict=True))
        bounds = pairwise([*start.tolist(), len(going)])
        last, before = -1, 0
        for number, end, (a, b) in zip(chain_of[hub].tolist(), arrived, bounds, strict=True):
            if number != last:
                self._waiting, self._first, last = [], len(self._done), number
            self._waiting += coming[before:end]
            self._waiting.sort()
            before = end
            self._serve(going[a:b])

    def _serve(self, takers: list[tuple[int, int]]) -> None:
        """Give the needs at a hub what they take there. Offers wait smallest first, each as one
        number: units times `size` plus the offer."""
        waiting, size, done = self._waiting, self.size, self._done
        rest = takers
        if len(takers) > 1:
            rest = []
            for units, need in takers:
                at = bisect_left(waiting, units * size)
                exact = at < len(waiting) and waiting[at] < (units + 1) * size
                if exact and not self._is_barred(waiting[at] % size, need):
                    done.append((waiting.pop(at) % size, need, units))
                else:
                    rest.append((units, need))
        for open_units, need in rest:
            units = open_units
            while units:
                at = min(bisect_left(waiting, units * size), len(waiting) - 1)
                if at < 0 or self._is_barred(waiting[at] % size, need):
                    at = self._allowed(at, need)
                if at < 0:
                    given = self._exchange(units, need)
                    if not given:
                        self.failed.add(need)
                        break
                    units -= given
                    continue
                left, offer = divmod(waiting.pop(at), size)
                if left > units:
                    insort(waiting, (left - units) * size + offer)
                    left = units
                done.append((offer, need, left))
                units -= left

    def _allowed(self, at: int, need: int) -> int:
        """The next larger waiting offer that is not barred, else the next smaller; -1 if all are."""
        waiting, size = self._waiting, self.size
        for other in chain(range(at + 1, len(waiting)), range(at - 1, -1, -1)):
            if not self._is_barred(waiting[other] % size, need):
                return other
        return -1

    def _exchange(self, most: int, need: int) -> int:
        """Swap a waiting offer for one that an earlier need of the chain took: the units that the
        need got by that, 0 if there is no such offer."""
        for place, each in enumerate(self._waiting):
            units, offer = divmod(each, self.size)
            for row in range(self._first, len(self._done)):
                other, taker, given = self._done[row]
                late = self.arrival[offer] > self.needed_by[taker]
                if not given or late or self._is_barred(other, need):
                    continue
                if self._is_barred(offer, taker):
                    continue
                moved = min(most, units, given)
                del self._waiting[place]
                if moved < units:
                    insort(self._waiting, (units - moved) * self.size + offer)
                self._done[row] = (other, taker, given - moved)
                self._done += [(offer, taker, moved), (other, need, moved)]
                return moved
        return 0

    def _is_barred(self, offer: int, need: int) -> bool:
        giver, receiver = self.giver[offer], self.receiver[need]
        return (
            giver == receiver
            or giver * self.cities + receiver in self.forbids
            or offer * self.cities + receiver in self.exclusions
        )
