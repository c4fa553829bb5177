"""Fewer matches at no cost: what comes from offers that are not used up may come from fewer.

An offer of price 0 is worth nothing more to anybody. All matches of a need with such offers that
have the same bonus are tight, and so is every arc of that bonus from another such offer: units
may change from one to the other, and the flow is as good as before, with the same prices.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from .fitting import Fitting
from .matches import Matches
from .rows import Ints, Rows, ranges

TRIED = 24
"""Offers looked at for a need, those with the most left first."""


def merge(rows: Rows, fitting: Fitting, matches: Matches, price: Ints) -> Matches:
    """The same filling, bonus by bonus, from no more offers; `price` (o,) is that of the filling."""
    free = np.flatnonzero(price[matches.offer] == 0)
    kinds = 8 * matches.need[free] + _kind(rows, matches.offer[free], matches.need[free])
    kind, group, counts = np.unique(kinds, return_inverse=True, return_counts=True)
    several = counts > 1
    at = free[several[group]]
    at = at[np.argsort(kinds[several[group]], kind="stable")]
    need = kind[several] // 8
    offers, units = matches.offer[at].tolist(), matches.units[at].tolist()
    left = rows.supply.copy()
    np.subtract.at(left, matches.offer, matches.units)
    others = _others(rows, fitting, np.where(price == 0, left, 0), need, kind[several] % 8)
    room = left.tolist()
    taken = [
        _gather(room, offers[start:end], units[start:end], some)
        for (start, end), some in zip(_bounds(counts[several]), others, strict=True)
    ]
    chosen = np.array(taken, np.int64)
    given, moved = np.repeat(chosen, counts[several]), chosen >= 0
    sums = np.zeros(len(chosen), np.int64)
    np.add.at(sums, np.repeat(np.arange(len(chosen)), counts[several]), matches.units[at])
    rest = matches.units.copy()
    rest[at[given >= 0]] = 0
    return Matches.of(
        np.concatenate((matches.offer, chosen[moved])),
        np.concatenate((matches.need, need[moved])),
        np.concatenate((rest, sums[moved])),
    )


def _kind(rows: Rows, offer: Ints, need: Ints) -> Ints:
    """What the bonus of pairs (m,) depends on, as a number below 8."""
    relation = rows.relation(rows.offer_city[offer], rows.need_city[need])
    kind: Ints = 2 * relation + (rows.offer_item[offer] == rows.need_item[need])
    return kind


def _others(
    rows: Rows, fitting: Fitting, idle: Ints, need: Ints, kind: Ints
) -> Iterator[list[int]]:
    """For needs (k,) the offers that could serve them with a match of the kind (k,), of those with
    the most `idle` units (o,) of every item they accept."""
    order = np.flatnonzero(idle)
    order = order[np.lexsort((-idle[order], rows.offer_item[order]))]
    start = np.searchsorted(rows.offer_item[order], np.arange(rows.items + 1))
    counts = rows.accept_start[need + 1] - rows.accept_start[need]
    item = rows.accepted[ranges(rows.accept_start[need], counts)]
    some = np.minimum(start[item + 1] - start[item], TRIED)
    at, offer = np.repeat(np.repeat(np.arange(len(need)), counts), some), ranges(start[item], some)
    offer = order[offer]
    fits = rows.arrival[offer] <= rows.needed_by[need[at]]
    fits &= ~fitting.is_barred(offer, need[at])
    at, offer = at[fits], offer[fits]
    alike = _kind(rows, offer, need[at]) == kind[at]
    found = offer[alike].tolist()
    for first, last in _bounds(np.bincount(at[alike], minlength=len(need))):
        yield found[first:last]


def _bounds(counts: Ints) -> Iterator[tuple[int, int]]:
    return pairwise([0, *np.cumsum(counts).tolist()])


def _gather(left: list[int], offers: list[int], units: list[int], others: list[int]) -> int:
    """The offer that takes over all units that `offers` give, -1 if there is none: one of them,
    else one of the others; and what each has `left` is brought up to date."""
    total = sum(units)
    givers = zip(offers, units, strict=True)
    chosen = next((offer for offer, given in givers if left[offer] + given >= total), -1)
    if chosen < 0:
        chosen = next((offer for offer in others if left[offer] >= total), -1)
    if chosen >= 0:
        for offer, given in zip(offers, units, strict=True):
            left[offer] += given
        left[chosen] -= total
    return chosen
