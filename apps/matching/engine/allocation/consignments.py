"""How few consignments a filling can take: a bound that needs no search."""

import numpy as np

from .fitting import Fitting
from .parts import item_groups
from .rows import Ints, Rows, ranges

LOOKED_AT = 32
"""Offers of an item that are looked at first, the largest."""


def fewest_possible(rows: Rows, fitting: Fitting, filled: Ints, offers_per_need: Ints) -> int:
    """A number of consignments that no matches with the same filling (n,) can undercut.

    Every need takes at least as many offers as it takes if it may have the largest that fit it
    alone; and the needs of a group of items together take at least as many offers as the largest
    of the group that come to their sum. The greater of the two counts, group by group.
    """
    group = item_groups(rows)
    by_need = np.minimum(offers_per_need, 1)
    several = np.flatnonzero(offers_per_need > 1)
    by_need[several] = _largest_alone(rows, fitting, several, filled[several])
    need_group, offer_group = group[rows.need_item], group[rows.offer_item]
    by_needs, units = np.zeros((2, rows.items), np.int64)
    np.add.at(by_needs, need_group, by_need)
    np.add.at(units, need_group, filled)
    order = np.lexsort((-rows.supply, offer_group))
    reached = np.cumsum(rows.supply[order])
    start = np.searchsorted(offer_group[order], np.arange(rows.items))
    before = np.concatenate(([0], reached))[start]
    by_offers = np.searchsorted(reached, before + units) + 1 - start
    return int(np.maximum(by_needs, np.where(units > 0, by_offers, 0)).sum())


def _largest_alone(rows: Rows, fitting: Fitting, need: Ints, filled: Ints) -> Ints:
    """How many of the largest offers that fit each need (k,) come to what it gets. All that a need
    accepts is looked through only where the first few of every item do not settle it."""
    order = np.lexsort((-rows.supply, rows.offer_item))
    start = np.searchsorted(rows.offer_item[order], np.arange(rows.items + 1))
    counts = rows.accept_start[need + 1] - rows.accept_start[need]
    at = np.repeat(np.arange(len(need)), counts)
    item = rows.accepted[ranges(rows.accept_start[need], counts)]
    some = np.minimum(start[item + 1] - start[item], LOOKED_AT)
    unseen = np.flatnonzero(some < start[item + 1] - start[item])
    largest_unseen = np.zeros(len(need), np.int64)
    np.maximum.at(
        largest_unseen, at[unseen], rows.supply[order[start[item[unseen]] + some[unseen]]]
    )
    offer, at = order[ranges(start[item], some)], np.repeat(at, some)
    fits = rows.arrival[offer] <= rows.needed_by[need[at]]
    fits &= ~fitting.is_barred(offer, need[at])
    offer, at = offer[fits], at[fits]
    falling = np.lexsort((-rows.supply[offer], at))
    supply, at = rows.supply[offer[falling]], at[falling]
    first = np.searchsorted(at, np.arange(len(need)))
    reached = np.cumsum(supply)
    before = np.concatenate(([0], reached))[first]
    last = np.searchsorted(reached, before + filled)
    fewest = last + 1 - first
    settled = last < np.searchsorted(at, np.arange(len(need)), side="right")
    settled[settled] = supply[last[settled]] >= largest_unseen[settled]
    for each in np.flatnonzero(~settled).tolist():
        supply = np.sort(rows.supply[fitting.look(int(need[each])).fitting])[::-1]
        fewest[each] = 1 + np.searchsorted(np.cumsum(supply), filled[each])
    return fewest
