"""Which offer may serve which need, looked up where it is asked and never listed in full."""

from dataclasses import dataclass

import numpy as np

from .rows import NEVER, Flags, Ints, Rows, among, ranges


@dataclass(frozen=True, slots=True)
class Arcs:
    """Arcs (m,) from offers to needs; `own` (m,) says that the need asks for the offer's item
    itself and not for a substitute."""

    offer: Ints
    need: Ints
    own: Flags

    def __len__(self) -> int:
        return len(self.offer)

    def subset(self, keep: Flags | Ints) -> "Arcs":
        return Arcs(self.offer[keep], self.need[keep], self.own[keep])

    def with_others(self, others: "Arcs") -> "Arcs":
        return Arcs(
            np.concatenate((self.offer, others.offer)),
            np.concatenate((self.need, others.need)),
            np.concatenate((self.own, others.own)),
        )


@dataclass(frozen=True, slots=True)
class Look:
    """Offers of what a need accepts: those that fit (rising rows), and how many cannot, each
    counted once: its own city's, forbidden, excluding it, too late; and the first day one of the
    late could arrive, NEVER if none could."""

    fitting: Ints
    own: int
    forbidden: int
    excluded: int
    late: int
    first_arrival: int


class Fitting:
    """Offers by item, and by city and item, to be set against needs."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.cities = len(rows.partner)
        key = rows.offer_city * rows.items + rows.offer_item
        self.by_city = np.argsort(key, kind="stable")
        self.city_key = key[self.by_city]
        self.by_item = np.argsort(rows.offer_item, kind="stable")
        self.givers, self.arrivals = rows.offer_city[self.by_item], rows.arrival[self.by_item]
        self.item_start = np.searchsorted(
            rows.offer_item[self.by_item], np.arange(rows.items + 1)
        ).tolist()

    def between(self, need: Ints, giver: Ints) -> Arcs:
        """All arcs to needs (k,) from the city given with each (k,)."""
        at, item, own = self._accepted(need)
        key = giver[at] * self.rows.items + item
        start = np.searchsorted(self.city_key, key)
        counts = np.searchsorted(self.city_key, key, side="right") - start
        offer = self.by_city[ranges(start, counts)]
        return self._allowed(Arcs(offer, np.repeat(need[at], counts), np.repeat(own, counts)))

    def all_to(self, need: Ints) -> Arcs:
        """All arcs to the needs (k,)."""
        at, item, own = self._accepted(need)
        starts = np.array(self.item_start, np.int64)
        start, counts = starts[item], starts[item + 1] - starts[item]
        offer = self.by_item[ranges(start, counts)]
        return self._allowed(Arcs(offer, np.repeat(need[at], counts), np.repeat(own, counts)))

    def look(self, need: int) -> Look:
        """All offers of what the need accepts, sorted by what stands in their way."""
        rows, city = self.rows, int(self.rows.need_city[need])
        items = rows.accepted[rows.accept_start[need] : rows.accept_start[need + 1]].tolist()
        offers, giver, arrival = (
            np.concatenate([column[self.item_start[i] : self.item_start[i + 1]] for i in items])
            for column in (self.by_item, self.givers, self.arrivals)
        )
        if len(items) > 1:
            order = np.argsort(offers)
            offers, giver, arrival = offers[order], giver[order], arrival[order]
        left = giver != city
        own = int(len(left) - np.count_nonzero(left))
        forbidden = left & among(giver * self.cities + city, rows.forbids)
        left &= ~forbidden
        excluded = left & among(offers * self.cities + city, rows.exclusions)
        left &= ~excluded
        late = left & (arrival > rows.needed_by[need])
        return Look(
            fitting=offers[left & ~late],
            own=own,
            forbidden=int(np.count_nonzero(forbidden)),
            excluded=int(np.count_nonzero(excluded)),
            late=int(np.count_nonzero(late)),
            first_arrival=int(arrival[late].min(initial=NEVER)),
        )

    def least(self, offer: Ints, need: Ints) -> Ints:
        """The smallest match (m,) that lots allow: the larger lot in whole packs, rounded up."""
        rows = self.rows
        lot, pack = np.maximum(rows.offer_lot[offer], rows.need_lot[need]), rows.pack[offer]
        least: Ints = -(-lot // pack) * pack
        return least

    def is_barred(self, offer: Ints, need: Ints) -> Flags:
        """Pairs (m,) of one city, forbidden, or excluded."""
        giver, receiver = self.rows.offer_city[offer], self.rows.need_city[need]
        barred: Flags = giver == receiver
        barred |= among(giver * self.cities + receiver, self.rows.forbids)
        barred |= among(offer * self.cities + receiver, self.rows.exclusions)
        return barred

    def _accepted(self, need: Ints) -> tuple[Ints, Ints, Flags]:
        """What the needs accept: the place of each among those given, the item, is it its own."""
        rows = self.rows
        counts = rows.accept_start[need + 1] - rows.accept_start[need]
        which = ranges(rows.accept_start[need], counts)
        at = np.repeat(np.arange(len(need)), counts)
        return at, rows.accepted[which], which == rows.accept_start[need][at]

    def _allowed(self, arcs: Arcs) -> Arcs:
        """Arcs of counted units that nothing forbids and that arrive in time."""
        rows = self.rows
        in_time = rows.arrival[arcs.offer] <= rows.needed_by[arcs.need]
        arcs = arcs.subset(in_time & (rows.supply[arcs.offer] > 0))
        return arcs.subset(~self.is_barred(arcs.offer, arcs.need))
