"""What cities might cost: prices of a small sample, before anything else is known."""

import numpy as np
from numpy.typing import NDArray

from apps.matching.engine.problem import UNIT

from .assignment import assign
from .features import Ints
from .instance import Instance
from .naming import Table
from .sweep import Spread, blocks_of

NEAR = 16
"""Best partners of every city of the sample that its prices are found among."""

PAIRED = UNIT // 2
"""What pairing a city is worth here; more would drown the scores."""


def guess_bars(instance: Instance, rows: Ints, cols: Ints, spread: Spread) -> NDArray[np.float64]:
    """The bars (n,) of the rows, 0 for other cities, if these rows and columns were all there are:
    what a row costs, less `PAIRED` unless the total alone counts."""
    bars = np.zeros(len(instance.features.codes))
    table = np.concatenate(list(spread(Table(instance.dense(cols)), blocks_of(rows))))
    near = _among_best(table, 1) | _among_best(table, 0)
    tail, head = np.nonzero(near & (table >= instance.problem.floor))
    worth = 0 if instance.problem.objective == "total" else PAIRED
    found = assign(len(rows), len(cols), tail, head, table[tail, head].astype(np.int64) + 2 * worth)
    bars[rows] = found.row_price - worth
    return bars


def _among_best(table: NDArray[np.float32], axis: int) -> NDArray[np.bool_]:
    most = min(NEAR, table.shape[axis])
    least = np.partition(table, -most, axis=axis).take([-most], axis=axis)
    among: NDArray[np.bool_] = table >= least
    return among
