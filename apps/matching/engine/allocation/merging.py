"""Fewer matches at no cost: what comes from offers that are not used up may come from fewer.

An offer of price 0 is worth nothing more to anybody. All matches of a need with such offers that
have the same bonus are tight, and so is every arc of that bonus from another such offer: units
may change from one to the other, and the flow is as good as before, with the same prices.
"""

from itertools import pairwise

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
    start = np.cumsum(counts) - counts
    for group in np.flatnonzero(counts > 1).tolist():
        rows_of = order[start[group] : start[group] + counts[group]]
        need = int(kind[group]) // 8
        offer = work.gather(need, int(kind[group]) % 8, matches.offer[rows_of], units[rows_of])
        if offer is not None:
            added.append((offer, need, int(units[rows_of].sum())))
            units[rows_of] = 0
    extra = np.array(added, np.int64).reshape(-1, 3).T
    return Matches.of(
        np.concatenate((matches.offer, extra[0])),
        np.concatenate((matches.need, extra[1])),
        np.concatenate((units, extra[2])),
    )


class _Merging:
    def __init__(self, rows: Rows, fitting: Fitting, matches: Matches, price: Ints) -> None:
        self.rows, self.fitting = rows, fitting
        self.left = rows.supply.copy()
        np.subtract.at(self.left, matches.offer, matches.units)
        at = np.flatnonzero((price == 0) & (self.left > 0))
        at = at[np.lexsort((-self.left[at], rows.offer_item[at]))]
        bounds = np.searchsorted(rows.offer_item[at], np.arange(rows.items + 1)).tolist()
        self.idle = [at[start : min(start + TRIED, end)] for start, end in pairwise(bounds)]

    def kind(self, offer: Ints, need: Ints) -> Ints:
        """What the bonus of pairs (m,) depends on, as a number below 8."""
        relation = self.rows.relation(self.rows.offer_city[offer], self.rows.need_city[need])
        kind: Ints = 2 * relation + (self.rows.offer_item[offer] == self.rows.need_item[need])
        return kind

    def gather(self, need: int, kind: int, offers: Ints, units: Ints) -> int | None:
        """The offer that takes over all these units of a need, None if there is none: one that
        gives already, else one with more left."""
        total = int(units.sum())
        enough = np.flatnonzero(self.left[offers] + units >= total)
        chosen = int(offers[enough[0]]) if len(enough) else self._other(need, kind, total)
        if chosen is not None:
            self.left[offers] += units
            self.left[chosen] -= total
        return chosen

    def _other(self, need: int, kind: int, total: int) -> int | None:
        start, end = self.rows.accept_start[need : need + 2]
        for item in self.rows.accepted[start:end].tolist():
            offers = self.idle[item]
            offers = offers[self.left[offers] >= total]
            offers = offers[self.rows.arrival[offers] <= self.rows.needed_by[need]]
            if not len(offers):
                continue
            needs = np.full(len(offers), need)
            fits = ~self.fitting.is_barred(offers, needs) & (self.kind(offers, needs) == kind)
            if fits.any():
                return int(offers[np.argmax(fits)])
        return None
