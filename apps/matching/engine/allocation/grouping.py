"""Equal postings as one node: those that meet the same hubs, needs also of the same tier.

Within a group it makes no difference to the objective who gives and who gets, band by band. So
the flow is solved for groups, and shared out after: the largest offers give first, and bands are
filled in drawn order.
"""

from dataclasses import dataclass

import numpy as np

from .hubs import Hubs
from .rows import Flags, Ints, Rows


@dataclass(frozen=True, slots=True)
class Share:
    """Units (k,) of a posting that pass a hub."""

    row: Ints
    hub: Ints
    units: Ints

    def subset(self, which: Flags | Ints) -> "Share":
        return Share(self.row[which], self.hub[which], self.units[which])


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
    of = _numbered(_alike(row, hub, np.where(alone, -1 - np.arange(len(alone)), kind)))
    _, at = np.unique(of[row] * (int(hub.max(initial=0)) + 1) + hub, return_index=True)
    return Groups(of, of[row[at]], hub[at], at)


def _alike(row: Ints, hub: Ints, kind: Ints) -> Ints:
    """A number for each row (k,), the same for rows of one kind that meet the same hubs; kinds
    below 0 stand alone."""
    order = np.lexsort((hub, row))
    met, start = hub[order], np.searchsorted(row[order], np.arange(len(kind) + 1))
    counts = np.where(kind < 0, 0, np.diff(start))
    of, hubs = kind.copy(), int(hub.max(initial=0)) + 1
    for place in range(int(counts.max(initial=0))):
        at = np.flatnonzero(counts > place)
        _, same = np.unique(of[at] * hubs + met[start[at] + place], return_inverse=True)
        of[at] = int(of.max()) + 1 + same
    return of


def _numbered(names: Ints) -> Ints:
    """The same names (k,) as numbers from 0, in the order in which they come first."""
    _, first, of = np.unique(names, return_index=True, return_inverse=True)
    number = np.empty_like(first)
    number[np.argsort(first)] = np.arange(len(first))
    numbered: Ints = number[of]
    return numbered


def share_offers(rows: Rows, groups: Groups, given: Ints) -> Share:
    """Who gives the units that groups send along their arcs: the largest first."""
    some = np.flatnonzero(_have_others(groups))
    order = some[np.lexsort((-rows.supply[some], groups.of[some]))]
    return _share(groups, given, order, rows.supply[order])


def share_needs(groups: Groups, taken: Ints, bands: tuple[Ints, Ints, Ints]) -> Share:
    """Who gets the units that groups take along their arcs: band by band (need, units, step)."""
    some = _have_others(groups)[bands[0]]
    need, units, step = (each[some] for each in bands)
    order = np.lexsort((need, -step, groups.of[need]))
    return _share(groups, taken, need[order], units[order])


def _have_others(groups: Groups) -> Flags:
    """Which postings are not the only one of their group."""
    others: Flags = np.bincount(groups.of, minlength=1)[groups.of] > 1
    return others


def _share(groups: Groups, along: Ints, row: Ints, most: Ints) -> Share:
    """Fill the rows (k,) of groups of several, sorted by group, up to `most` in turn, whoever is
    alone with all there is, and tell which arc each uses."""
    total = np.zeros(len(groups), np.int64)
    np.add.at(total, groups.arc_group, along)
    group, before = groups.of[row], np.cumsum(most) - most
    first = np.searchsorted(group, group)
    units = np.clip(total[group] - (before - before[first]), 0, most)
    got = np.where(_have_others(groups), 0, total[groups.of])
    np.add.at(got, row, units)
    rows = np.argsort(groups.of, kind="stable")
    at, arc, shared = overlap(got[rows], along)
    return Share(rows[at], groups.arc_hub[arc], shared)


def overlap(some: Ints, others: Ints) -> tuple[Ints, Ints, Ints]:
    """Two lists of lengths with the same sum, laid side by side: which pieces meet, how long."""
    ends, other_ends = np.cumsum(some), np.cumsum(others)
    cuts = np.union1d(ends, other_ends)
    start = np.concatenate(([0], cuts[:-1]))
    lengths = cuts - start
    real = lengths > 0
    start, lengths = start[real], lengths[real]
    at = np.searchsorted(ends, start, side="right")
    return at, np.searchsorted(other_ends, start, side="right"), lengths
