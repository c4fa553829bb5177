"""Knowledge is not rationed: whoever needs it gets it, from whoever is closest."""

from dataclasses import dataclass

import numpy as np

from .fitting import Fitting
from .rows import Ints, Rows


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The giver chosen for each need (k,) that knowledge fits, and how many offers would have."""

    offer: Ints
    need: Ints
    fitting: Ints


def choose_givers(rows: Rows, fitting: Fitting) -> Knowledge:
    """The counterpart comes first, then a tie, then a tie between states; needs take turns among
    equally close givers, so that the answering is shared."""
    known_items = np.unique(rows.offer_item[rows.known])
    taker = np.repeat(np.arange(len(rows.tier)), np.diff(rows.accept_start))
    chosen = []
    for need in np.unique(taker[np.isin(rows.accepted, known_items)]).tolist():
        found = fitting.look(need).fitting
        found = found[rows.known[found]]
        if len(found):
            closeness = rows.relation(
                rows.offer_city[found], np.full(len(found), rows.need_city[need])
            )
            closest = found[closeness == closeness.max()]
            chosen.append((int(closest[need % len(closest)]), need, len(found)))
    offer, needs, counts = np.array(chosen, np.int64).reshape(-1, 3).T
    return Knowledge(offer, needs, counts)
