"""How few consignments a filling can take: a bound that needs no search."""

import numpy as np

from .fitting import Fitting
from .parts import item_groups
from .rows import Ints, Rows


def fewest_possible(rows: Rows, fitting: Fitting, filled: Ints, offers_per_need: Ints) -> int:
    """A number of consignments that no matches with the same filling (n,) can undercut.

    Every need takes at least as many offers as it takes if it may have the largest that fit it
    alone; and the needs of a group of items together take at least as many offers as the largest
    of the group that come to their sum. The greater of the two counts, group by group.
    """
    group = item_groups(rows)
    by_need = np.minimum(offers_per_need, 1)
    for need in np.flatnonzero(offers_per_need > 1).tolist():
        fits = fitting.look(need).fitting
        reached = np.cumsum(np.sort(rows.supply[fits])[::-1])
        by_need[need] = 1 + np.searchsorted(reached, filled[need])
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
