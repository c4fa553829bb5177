"""Knowledge is not rationed: whoever needs it gets it, from whoever is closest."""

import numpy as np

from .arcs import Arcs
from .rows import Ints


def choose_givers(arcs: Arcs) -> tuple[Arcs, Ints]:
    """One arc for every need that knowledge fits, out of all its arcs, and how many (k,) it had.

    The counterpart comes first, then a tie, then a tie between states; needs take turns among
    equally close givers, so that the answering is shared.
    """
    order = np.lexsort((arcs.offer, -arcs.relation, arcs.need))
    need, relation = arcs.need[order], arcs.relation[order]
    needs, start, fitting = np.unique(need, return_index=True, return_counts=True)
    closest = relation == np.repeat(relation[start], fitting)
    equal = np.add.reduceat(closest.astype(np.int64), start) if len(start) else start
    chosen = order[start + needs % np.maximum(equal, 1)]
    return Arcs(arcs.offer[chosen], arcs.need[chosen], arcs.relation[chosen]), fitting
