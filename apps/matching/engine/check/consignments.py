"""How few consignments a filling can take, counted anew."""

from collections import Counter
from collections.abc import Mapping

import numpy as np

from .fitting import Fitting, Ints


def consignments_at_least(fitting: Fitting, taken: Mapping[int, int]) -> int:
    """Offers that the needs (by id, with the units taken) take at least: each need if it may have
    the largest that fit it alone, or each group of items if it may have the largest of the group,
    whichever is more."""
    by_needs: Counter[int] = Counter()
    units: Counter[int] = Counter()
    for id, filled in taken.items():
        if filled:
            need = fitting.needs[id]
            rows, _ = fitting.fitting_offers(need)
            by_needs[fitting.group[need.item]] += _reach(fitting.supply[rows], filled)
            units[fitting.group[need.item]] += filled
    groups = np.array([fitting.group[offer.item] for offer in fitting.rows], np.int64)
    return sum(
        max(by_needs[group], _reach(fitting.supply[groups == group], filled))
        for group, filled in units.items()
    )


def _reach(sizes: Ints, units: int) -> int:
    """How many of the sizes, the largest first, come to the units."""
    if sizes.max() >= units:
        return 1
    return 1 + int(np.searchsorted(np.cumsum(np.sort(sizes)[::-1]), units))
