"""Few consignments: the same filling over fewer arcs, by dynamic slope scaling.

To carry a quantity with the fewest arcs is a fixed-charge problem, NP-hard. Each arc's unit cost
is set to one charge divided by what it carried last, and the flow is solved anew; the flow with
the fewest arcs is kept. Source: D. Kim, P. M. Pardalos, A solution approach to the fixed charge
network flow problem using a dynamic slope scaling procedure, Operations Research Letters 24 (1999).
"""

import numpy as np

from .arcs import Arcs
from .face import Face
from .rows import Ints, Rows

ROUNDS = 3
CHARGE = 2**30


def consolidate(face: Face, units: Ints) -> Ints:
    """Units (m,) that fill every target of the face as before, over as few arcs as found."""
    best, fewest = units, np.count_nonzero(units)
    most = np.minimum(face.supply[face.tail], face.demand[face.head])
    cost = CHARGE // np.maximum(most, 1)
    for _ in range(ROUNDS):
        if fewest == np.count_nonzero(face.demand):
            break
        found = face.solve(-cost, face.band_worth).units
        if (count := np.count_nonzero(found)) < fewest:
            best, fewest = found, count
        cost = np.where(found > 0, CHARGE // np.maximum(found, 1), cost)
    return best


def fewest_possible(rows: Rows, arcs: Arcs, filled: Ints) -> int:
    """A number of consignments that no flow with the same filling (needs,) can undercut.

    Every need takes at least as many offers as it takes if it may have the largest ones alone.
    """
    largest_first = np.argsort(-rows.offer_units, kind="stable")
    rank = np.empty_like(largest_first)
    rank[largest_first] = np.arange(len(rank))
    useful = filled[arcs.need] > 0
    size = max(len(rank), 1)
    need, at = np.divmod(np.sort(arcs.need[useful] * size + rank[arcs.offer[useful]]), size)
    supply = rows.offer_units[largest_first[at]]
    before = np.cumsum(supply) - supply
    start = np.searchsorted(need, np.arange(len(filled)))
    own = before - before[start[need]] if len(need) else before
    return int(np.count_nonzero(own < filled[need]))
