"""Which offer may serve which need, and what stands in the way of the others."""

from dataclasses import dataclass

import numpy as np

from .rows import NEVER, Flags, Ints, Rows

BLOCK_ROWS = 256


@dataclass(frozen=True, slots=True)
class Arcs:
    """Arcs (m,) from offers to needs, sorted by need and offer, with what joins the two cities as
    an index of `RELATIONS`."""

    offer: Ints
    need: Ints
    relation: Ints

    def __len__(self) -> int:
        return len(self.offer)

    def subset(self, keep: Flags | Ints) -> "Arcs":
        return Arcs(self.offer[keep], self.need[keep], self.relation[keep])


@dataclass(frozen=True, slots=True)
class Obstacles:
    """Per need (n,), offers of what it accepts that it cannot have, each counted once: its own
    city's, forbidden, excluding it, too late; and the first day one of the late could arrive."""

    own: Ints
    forbidden: Ints
    excluded: Ints
    late: Ints
    first_arrival: Ints


def find_arcs(rows: Rows) -> tuple[Arcs, Obstacles]:
    """Set every offer against every need that accepts its item, block by block of offers."""
    own, forbidden, excluded, late = np.zeros((4, len(rows.needs)), np.int64)
    obstacles = Obstacles(own, forbidden, excluded, late, np.full(len(rows.needs), NEVER))
    parts: list[tuple[Ints, Ints]] = [(np.zeros(0, np.int64), np.zeros(0, np.int64))]
    takers: dict[int, list[int]] = {}
    for taker, items in enumerate(rows.accepted):
        for item in items.tolist():
            takers.setdefault(item, []).append(taker)
    for item in sorted(takers):
        needs = np.array(takers[item], np.int64)
        offers = np.flatnonzero(rows.offer_item == item)
        parts += [
            _block(rows, offers[start : start + BLOCK_ROWS], needs, obstacles)
            for start in range(0, len(offers), BLOCK_ROWS)
        ]
    offer, need = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((offer, need))
    offer, need = offer[order], need[order]
    relation = rows.relation(rows.offer_city[offer], rows.need_city[need])
    return Arcs(offer, need, relation), obstacles


def _block(rows: Rows, offers: Ints, needs: Ints, obstacles: Obstacles) -> tuple[Ints, Ints]:
    """Arcs of the block; what else there is goes to the obstacles."""
    cities = len(rows.partner)
    givers, receivers = rows.offer_city[offers][:, None], rows.need_city[needs][None, :]
    left = givers != receivers
    obstacles.own[needs] += (~left).sum(axis=0)
    for keys, count, source in (
        (rows.forbids, obstacles.forbidden, givers),
        (rows.exclusions, obstacles.excluded, offers[:, None]),
    ):
        if len(keys):
            blocked = left & np.isin(source * cities + receivers, keys)
            count[needs] += blocked.sum(axis=0)
            left &= ~blocked
    arrival = rows.arrival[offers][:, None]
    late = left & (arrival > rows.needed_by[needs][None, :])
    obstacles.late[needs] += late.sum(axis=0)
    first = np.where(late, arrival, NEVER).min(axis=0, initial=NEVER)
    obstacles.first_arrival[needs] = np.minimum(obstacles.first_arrival[needs], first)
    at_offer, at_need = np.nonzero(left & ~late)
    return offers[at_offer], needs[at_need]
