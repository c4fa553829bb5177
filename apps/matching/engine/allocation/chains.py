"""Units that met at hubs become matches of one offer with one need, few and large.

To carry given quantities over the fewest arcs is a fixed-charge problem, NP-hard. The heuristic
is best fit: at every hub those needs come first that one waiting offer fits exactly, then the
largest; each takes the smallest waiting offer that covers it, or else the largest there is.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from itertools import chain

from .grouping import Share
from .rows import Ints, Rows

Waiting = list[tuple[int, int]]
"""Units and offer, smallest first."""


class Splitter:
    """Takes a flow through hubs apart into `done`: offer, need and units; `failed` are needs that
    only barred offers were left for."""

    def __init__(self, rows: Rows) -> None:
        self.cities = len(rows.partner)
        self.giver: list[int] = rows.offer_city.tolist()
        self.receiver: list[int] = rows.need_city.tolist()
        self.arrival: list[int] = rows.arrival.tolist()
        self.needed_by: list[int] = rows.needed_by.tolist()
        self.forbids = frozenset(rows.forbids.tolist())
        self.exclusions = frozenset(rows.exclusions.tolist())
        self.failed: set[int] = set()
        self.done: list[tuple[int, int, int]] = []
        self._waiting: Waiting = []
        self._first = 0

    def split(self, chain_of: Ints, given: Share, taken: Share) -> None:
        """Match what offers gave to the hubs (h,) of the chains with what needs took from them."""
        coming, going = _by_hub(given), _by_hub(taken)
        number, last = chain_of.tolist(), -1
        for hub in sorted(coming.keys() | going.keys()):
            if number[hub] != last:
                self._waiting, self._first, last = [], len(self.done), number[hub]
            for each in coming.get(hub, ()):
                insort(self._waiting, each)
            if hub in going:
                self._serve(going[hub])

    def _serve(self, takers: Waiting) -> None:
        """Give the needs at a hub what they take there."""
        rest = takers
        if len(takers) > 1:
            rest = []
            for units, need in sorted(takers, key=lambda each: (-each[0], each[1])):
                at = bisect_left(self._waiting, (units, -1))
                exact = at < len(self._waiting) and self._waiting[at][0] == units
                if exact and not self._is_barred(self._waiting[at][1], need):
                    self._give(at, need, units)
                else:
                    rest.append((units, need))
        for units, need in rest:
            while units:
                chosen = self._choose(units, need)
                if chosen is None and not self._exchange(units, need):
                    self.failed.add(need)
                    break
                units -= self.done[-1][2] if chosen is None else self._give(chosen, need, units)

    def _choose(self, units: int, need: int) -> int | None:
        """The smallest waiting offer that covers the units, else the largest; None if all that
        wait are barred."""
        waiting = self._waiting
        cover = bisect_left(waiting, (units, -1))
        for at in chain(range(cover, len(waiting)), range(cover - 1, -1, -1)):
            if not self._is_barred(waiting[at][1], need):
                return at
        return None

    def _give(self, at: int, need: int, most: int) -> int:
        units, offer = self._waiting.pop(at)
        given = min(units, most)
        if given < units:
            insort(self._waiting, (units - given, offer))
        self.done.append((offer, need, given))
        return given

    def _exchange(self, most: int, need: int) -> bool:
        """Swap a waiting offer for one that an earlier need of the chain took; the last of `done`
        is then what the need got."""
        for place, (units, offer) in enumerate(self._waiting):
            for row in range(self._first, len(self.done)):
                other, taker, given = self.done[row]
                late = self.arrival[offer] > self.needed_by[taker]
                if not given or late or self._is_barred(other, need):
                    continue
                if self._is_barred(offer, taker):
                    continue
                moved = min(most, units, given)
                del self._waiting[place]
                if moved < units:
                    insort(self._waiting, (units - moved, offer))
                self.done[row] = (other, taker, given - moved)
                self.done += [(offer, taker, moved), (other, need, moved)]
                return True
        return False

    def _is_barred(self, offer: int, need: int) -> bool:
        giver, receiver = self.giver[offer], self.receiver[need]
        return (
            giver == receiver
            or giver * self.cities + receiver in self.forbids
            or offer * self.cities + receiver in self.exclusions
        )


def _by_hub(share: Share) -> dict[int, Waiting]:
    found: dict[int, Waiting] = defaultdict(list)
    columns = zip(share.hub.tolist(), share.units.tolist(), share.row.tolist(), strict=True)
    for hub, units, row in columns:
        found[hub].append((units, row))
    return found
