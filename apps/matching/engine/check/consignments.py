"""How few consignments a filling can take, counted anew."""

from collections import Counter
from collections.abc import Mapping

import numpy as np

from apps.matching.engine.problem import Need

from .fitting import Fitting, Ints

LARGE = 16
"""So many offers of an item, the largest, are looked at before all of them are."""


def consignments_at_least(fitting: Fitting, taken: Mapping[int, int]) -> int:
    """Offers that the needs (by id, with the units taken) take at least: each need if it may have
    the largest that fit it alone, or each group of items if it may have the largest of the group,
    whichever is more."""
    by_needs: Counter[int] = Counter()
    units: Counter[int] = Counter()
    large = {item: _largest(fitting.supply, rows) for item, rows in fitting.by_item.items()}
    for id, filled in taken.items():
        if filled:
            need = fitting.needs[id]
            by_needs[fitting.group[need.item]] += _alone(fitting, large, need, filled)
            units[fitting.group[need.item]] += filled
    groups = np.array([fitting.group[offer.item] for offer in fitting.rows], np.int64)
    return sum(
        max(by_needs[group], _reach(fitting.supply[groups == group], filled))
        for group, filled in units.items()
    )


def _largest(supply: Ints, rows: Ints) -> tuple[Ints, int]:
    """The largest of the rows, and what the others have at most."""
    falling = rows[np.argsort(-supply[rows], kind="stable")]
    return falling[:LARGE], int(supply[falling[LARGE:]].max(initial=0))


def _alone(fitting: Fitting, large: Mapping[str, tuple[Ints, int]], need: Need, units: int) -> int:
    """How many offers the need takes if it may have the largest that fit it."""
    found = [large[item] for item in (need.item, *need.accepts) if item in large]
    most = max(others for _, others in found)
    sizes = fitting.supply[fitting.among(need, np.concatenate([rows for rows, _ in found]))]
    sizes = sizes[sizes >= most]
    if sizes.sum() < units:
        sizes = fitting.supply[fitting.fitting_offers(need)[0]]
    return _reach(sizes, units)


def _reach(sizes: Ints, units: int) -> int:
    """How many of the sizes, the largest first, come to the units."""
    if sizes.max() >= units:
        return 1
    return 1 + int(np.searchsorted(np.cumsum(np.sort(sizes)[::-1]), units))
