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
    supply = rows.offer_units[arcs.offer]
    order = np.lexsort((-supply, arcs.need))
    need, supply = arcs.need[order], supply[order]
    start = np.searchsorted(need, need)
    running = np.cumsum(supply)
    before = running - supply
    return int(np.count_nonzero(before - before[start] < filled[need]))
