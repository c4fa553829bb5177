"""Which needs may be offered something for less than it is worth to them: a look that is quick and
never too kind, so that only those few need be held against every offer."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from apps.matching.engine.problem import Need

from .fitting import Fitting, Ints


def undercut(
    fitting: Fitting, needs: Iterable[Need], price: Ints, values: Mapping[int, int]
) -> set[int]:
    """Ids of the needs for which, among all offers of their items that arrive in time, from
    whomever, one is priced below the need's value (0 where `values` has none), or below 1 more
    if it is of the need's own item. `price` (o,) is by offer."""
    asked: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for need in needs:
        limit, value = fitting.limit(need), values.get(need.id, 0)
        asked[need.item].append((need.id, limit, value + 1))
        for item in need.accepts:
            asked[item].append((need.id, limit, value))
    found: set[int] = set()
    for item, questions in asked.items():
        id, limit, worth = np.array(questions, np.int64).T
        rows = fitting.by_item.get(item, np.zeros(0, np.int64))
        lowest = _lowest_until(fitting, rows[fitting.supply[rows] > 0], price, limit)
        found.update(id[lowest < worth].tolist())
    return found


def _lowest_until(fitting: Fitting, rows: Ints, price: Ints, limit: Ints) -> Ints:
    """The lowest price among the rows that arrive by each limit (k,), endless where none does."""
    order = rows[np.argsort(fitting.day[rows], kind="stable")]
    endless = np.iinfo(np.int64).max
    lowest = np.concatenate(([endless], np.minimum.accumulate(price[order])))
    return lowest[np.searchsorted(fitting.day[order], limit, side="right")]
