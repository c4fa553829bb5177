"""A problem in parts: items joined by substitution, small groups of them put together."""

import numpy as np
from scipy.sparse import coo_array  # type: ignore[import-untyped]
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

from apps.matching.engine.problem import Policy

from .part import Part
from .rows import Flags, Ints, Rows
from .weights import weigh

POSTINGS_AT_LEAST = 2_000
"""Groups of items are put together until they have so many postings: to call a solver costs more
than a small problem."""


def split_parts(rows: Rows, policy: Policy, served: Flags) -> list[Part]:
    """Parts that share no offer and no need, in a fixed order; what knowledge has `served` (n,)
    and what has nothing to meet is in none."""
    group = item_groups(rows)
    size = rows.items
    offers = np.flatnonzero(rows.supply > 0)
    needs = np.flatnonzero(~served)
    giving = np.bincount(group[rows.offer_item[offers]], minlength=size)
    taking = np.bincount(group[rows.need_item[needs]], minlength=size)
    met = (giving > 0) & (taking > 0)
    targets = taking * (2 if policy == "pair_first" else 1)
    weights = weigh(int(np.minimum(giving, targets)[met].max(initial=0)), policy)
    part = _together(np.where(met, giving + taking, 0))
    parts = []
    offer_part, need_part = part[group[rows.offer_item[offers]]], part[group[rows.need_item[needs]]]
    for number in range(int(part.max(initial=-1)) + 1):
        some, others = offers[offer_part == number], needs[need_part == number]
        parts.append(Part(some, others, rows.subset(some, others), weights, policy))
    return parts


def item_groups(rows: Rows) -> Ints:
    """Which items (i,) substitution joins, as numbers of groups."""
    own = np.repeat(rows.need_item, np.diff(rows.accept_start))
    joined = coo_array(
        (np.ones(len(own), np.int8), (own, rows.accepted)), shape=(rows.items, rows.items)
    )
    group: Ints = connected_components(joined, directed=False)[1].astype(np.int64)
    return group


def _together(postings: Ints) -> Ints:
    """The part of each group (i,) with so many postings, -1 for those without."""
    part = np.full(len(postings), -1, np.int64)
    number = gathered = 0
    for group in np.flatnonzero(postings).tolist():
        part[group] = number
        gathered += int(postings[group])
        if gathered >= POSTINGS_AT_LEAST:
            number, gathered = number + 1, 0
    return part
