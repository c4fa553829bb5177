"""Few arcs for many: offers and needs meet at hubs, by item and day.

The chain of an item has a hub for every day of arrival that is the last in time for some need. An
offer enters at the first hub from its day of arrival on, units wait from hub to hub, and a need
takes them at the last hub in time: o + n arcs where there are o x n pairs. Between states
that are tied there is a chain more for every item and state, worth the tie. What a chain cannot
tell apart (an offer and a need of one city, say) is left to `chains.split`.
"""

from dataclasses import dataclass

import numpy as np

from .rows import NEVER, Flags, Ints, Rows, ranges

NO_STATE = -1
DAYS = 2 * NEVER


@dataclass(frozen=True, slots=True)
class Hubs:
    """Hubs (h,) by chain and day. Offers enter at `enter_hub` (e,), needs leave at `leave_hub`
    (l,); `leave_own` says that the chain carries the need's own item, `leave_tied` that it is one
    of states; hub i hands on to hub i + 1 for i in `onward`."""

    chain: Ints
    enter_offer: Ints
    enter_hub: Ints
    leave_need: Ints
    leave_hub: Ints
    leave_own: Flags
    leave_tied: Flags

    def __len__(self) -> int:
        return len(self.chain)

    @property
    def onward(self) -> Ints:
        return np.flatnonzero(self.chain[:-1] == self.chain[1:])


def build_hubs(rows: Rows, need: Ints) -> Hubs:
    """Hubs for all offers and the needs (k,) given."""
    counts = rows.accept_start[need + 1] - rows.accept_start[need]
    which = ranges(rows.accept_start[need], counts)
    taker, item = np.repeat(need, counts), rows.accepted[which]
    own = which == rows.accept_start[taker]
    states = len(rows.state_ties)
    at, tied = _tied_states(rows, rows.need_city[taker])
    wanted = np.concatenate((item * (states + 1), item[at] * (states + 1) + tied + 1))
    taker, own = np.concatenate((taker, taker[at])), np.concatenate((own, own[at]))
    is_tied = np.arange(len(taker)) >= len(item)
    useful = np.flatnonzero((rows.supply > 0) & (rows.arrival < NEVER))
    giving = rows.state[rows.offer_city[useful]]
    stated = giving != NO_STATE
    base = rows.offer_item[useful] * (states + 1)
    chain = np.concatenate((base, base[stated] + giving[stated] + 1))
    offer = np.concatenate((useful, useful[stated]))
    asked = np.isin(chain, wanted)
    chain, offer = chain[asked], offer[asked]
    keys, hub = np.unique(chain * DAYS + rows.arrival[offer], return_inverse=True)
    last = np.searchsorted(keys, wanted * DAYS + rows.needed_by[taker], side="right") - 1
    reached = last >= 0
    reached[reached] = keys[last[reached]] // DAYS == wanted[reached]
    left = np.unique(last[reached])
    at = np.searchsorted(left, hub)
    needed = at < len(left)
    needed[needed] = chain[needed] == keys[left[at[needed]]] // DAYS
    return Hubs(
        chain=keys[left] // DAYS,
        enter_offer=offer[needed],
        enter_hub=at[needed],
        leave_need=taker[reached],
        leave_hub=np.searchsorted(left, last[reached]),
        leave_own=own[reached],
        leave_tied=is_tied[reached],
    )


def _tied_states(rows: Rows, city: Ints) -> tuple[Ints, Ints]:
    """For cities (k,) the states tied to theirs: the place of the city, and the state."""
    receiving, giving = np.nonzero(rows.state_ties)
    state = rows.state[city]
    start = np.searchsorted(receiving, state)
    counts = np.where(state == NO_STATE, 0, np.searchsorted(receiving, state, side="right") - start)
    return np.repeat(np.arange(len(city)), counts), giving[ranges(start, counts)]
