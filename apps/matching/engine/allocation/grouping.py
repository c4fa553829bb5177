"""Equal postings as one node: those that meet the same hubs, needs also of the same tier.

Within a group it makes no difference to the objective who gives and who gets, band by band. So
the flow is solved for groups, and shared out after: the largest offers give first, and bands are
filled in drawn order.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .hubs import Hubs
from .rows import Flags, Ints, Rows


@dataclass(frozen=True, slots=True)
class Share:
    """Units (k,) of a posting that pass a hub."""

    row: Ints
    hub: Ints
    units: Ints


@dataclass(frozen=True, slots=True)
class Groups:
    """The group of every posting, numbered from 0, and which arc joins which group to which hub:
    sorted by group, with the place in the hubs' own list where such an arc stands."""

    of: Ints
    arc_group: Ints
    arc_hub: Ints
    arc_at: Ints

    def __len__(self) -> int:
        return int(self.of.max(initial=-1)) + 1


def group_offers(rows: Rows, hubs: Hubs, alone: Flags) -> Groups:
    """Offers that enter at the same hubs; those marked `alone` (o,) are their own group."""
    return _group(hubs.enter_offer, hubs.enter_hub, alone, np.zeros(len(alone), np.int64))


def group_needs(rows: Rows, hubs: Hubs, alone: Flags) -> Groups:
    """Needs of one tier and item that leave from the same hubs; those marked `alone` (n,) are
    their own group."""
    kind = rows.need_item * (int(rows.tier.max(initial=0)) + 1) + rows.tier
    return _group(hubs.leave_need, hubs.leave_hub, alone, kind)


def _group(row: Ints, hub: Ints, alone: Flags, kind: Ints) -> Groups:
    order = np.lexsort((hub, row))
    bounds = np.searchsorted(row[order], np.arange(len(alone) + 1)).tolist()
    met, kinds, single = hub[order].tolist(), kind.tolist(), alone.tolist()
    number: dict[tuple[int, ...], int] = {}
    of = np.empty(len(alone), np.int64)
    for i, (start, end) in enumerate(pairwise(bounds)):
        key = (-1, i) if single[i] else (kinds[i], *met[start:end])
        of[i] = number.setdefault(key, len(number))
    _, at = np.unique(of[row] * (int(hub.max(initial=0)) + 1) + hub, return_index=True)
    return Groups(of, of[row[at]], hub[at], at)


def share_offers(rows: Rows, groups: Groups, given: Ints) -> Share:
    """Who gives the units that groups send along their arcs: the largest first."""
    order = np.lexsort((-rows.supply, groups.of))
    return _share(groups, given, order, rows.supply[order])


def share_needs(groups: Groups, taken: Ints, bands: tuple[Ints, Ints, Ints]) -> Share:
    """Who gets the units that groups take along their arcs: band by band (need, units, step)."""
    need, units, step = bands
    order = np.lexsort((need, -step, groups.of[need]))
    return _share(groups, taken, need[order], units[order])


def _share(groups: Groups, along: Ints, row: Ints, most: Ints) -> Share:
    """Fill the rows (k,), sorted by group, up to `most` in turn, and tell which arc each uses."""
    group = groups.of[row]
    total = np.zeros(len(groups), np.int64)
    np.add.at(total, groups.arc_group, along)
    before = np.cumsum(most) - most
    first = np.searchsorted(group, group)
    units = np.clip(total[group] - (before - before[first]), 0, most)
    got = np.zeros(len(groups.of), np.int64)
    np.add.at(got, row, units)
    rows = np.argsort(groups.of, kind="stable")
    at, arc, shared = _overlap(got[rows], along)
    return Share(rows[at], groups.arc_hub[arc], shared)


def _overlap(some: Ints, others: Ints) -> tuple[Ints, Ints, Ints]:
    """Two lists of lengths with the same sum, laid side by side: which pieces meet, how long."""
    ends, other_ends = np.cumsum(some), np.cumsum(others)
    cuts = np.union1d(ends, other_ends)
    start = np.concatenate(([0], cuts[:-1]))
    lengths = cuts - start
    real = lengths > 0
    start, lengths = start[real], lengths[real]
    at = np.searchsorted(ends, start, side="right")
    return at, np.searchsorted(other_ends, start, side="right"), lengths
