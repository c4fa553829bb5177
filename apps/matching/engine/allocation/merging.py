"""Fewer matches at no cost: what comes from offers that are not used up may come from fewer.

An offer of price 0 is worth nothing more to anybody. All matches of a need with such offers that
have the same bonus are tight, and so is every arc of that bonus from another such offer: units
may change from one to the other, and the flow is as good as before, with the same prices.
"""

import numpy as np

from .fitting import Fitting
from .matches import Matches
from .rows import Ints, Rows

TRIED = 24
"""Offers looked at for a need, those with the most left first."""


def merge(rows: Rows, fitting: Fitting, matches: Matches, price: Ints) -> Matches:
    """The same filling, bonus by bonus, from no more offers; `price` (o,) is that of the filling."""
    work = _Merging(rows, fitting, matches, price)
    free = price[matches.offer] == 0
    kinds = 8 * matches.need + work.kind(matches.offer, matches.need)
    kind, counts = np.unique(kinds[free], return_counts=True)
    units = matches.units.copy()
    added: list[tuple[int, int, int]] = []
    order = np.flatnonzero(free)[np.argsort(kinds[free], kind="stable")]
    offers, given = matches.offer[order].tolist(), units[order].tolist()
    start = np.cumsum(counts) - counts
    for group in np.flatnonzero(counts > 1).tolist():
        at = slice(int(start[group]), int(start[group] + counts[group]))
        need, total = int(kind[group]) // 8, sum(given[at])
        offer = work.gather(need, int(kind[group]) % 8, offers[at], given[at])
        if offer is not None:
            added.append((offer, need, total))
            units[order[at]] = 0
    extra = np.array(added, np.int64).reshape(-1, 3).T
    return Matches.of(
        np.concatenate((matches.offer, extra[0])),
        np.concatenate((matches.need, extra[1])),
        np.concatenate((units, extra[2])),
    )


class _Merging:
    def __init__(self, rows: Rows, fitting: Fitting, matches: Matches, price: Ints) -> None:
        self.rows, self.fitting = rows, fitting
        left = rows.supply.copy()
        np.subtract.at(left, matches.offer, matches.units)
        at = np.flatnonzero((price == 0) & (left > 0))
        at = at[np.lexsort((-left[at], rows.offer_item[at]))]
        self.left: list[int] = left.tolist()
        self.arrival: list[int] = rows.arrival.tolist()
        self.needed_by: list[int] = rows.needed_by.tolist()
        self.accept_start: list[int] = rows.accept_start.tolist()
        self.accepted: list[int] = rows.accepted.tolist()
        self.idle: list[int] = at.tolist()
        self.bounds: list[int] = np.searchsorted(
            rows.offer_item[at], np.arange(rows.items + 1)
        ).tolist()

    def kind(self, offer: Ints, need: Ints) -> Ints:
        """What the bonus of pairs (m,) depends on, as a number below 8."""
        relation = self.rows.relation(self.rows.offer_city[offer], self.rows.need_city[need])
        kind: Ints = 2 * relation + (self.rows.offer_item[offer] == self.rows.need_item[need])
        return kind

    def gather(self, need: int, kind: int, offers: list[int], units: list[int]) -> int | None:
        """The offer that takes over all these units of a need, None if there is none: one that
        gives already, else one with more left."""
        total, left = sum(units), self.left
        givers = zip(offers, units, strict=True)
        chosen = next((offer for offer, given in givers if left[offer] + given >= total), None)
        if chosen is None:
            chosen = self._other(need, kind, total)
        if chosen is not None:
            for offer, given in zip(offers, units, strict=True):
                left[offer] += given
            left[chosen] -= total
        return chosen

    def _other(self, need: int, kind: int, total: int) -> int | None:
        start, end = self.accept_start[need : need + 2]
        for item in self.accepted[start:end]:
            first, last = self.bounds[item : item + 2]
            enough = [
                offer
                for offer in self.idle[first : min(last, first + TRIED)]
                if self.left[offer] >= total and self.arrival[offer] <= self.needed_by[need]
            ]
            if not enough:
                continue
            offers, needs = np.array(enough), np.full(len(enough), need)
            fits = ~self.fitting.is_barred(offers, needs) & (self.kind(offers, needs) == kind)
            if fits.any():
                return int(offers[np.argmax(fits)])
        return None
