"""Heaviest one-to-one assignment with the dual prices that prove it."""

from dataclasses import dataclass

import numpy as np

from apps.matching.engine.solvers.network_simplex import min_cost_flow

from .features import Ints

ALONE = -1


@dataclass(frozen=True, slots=True)
class Assignment:
    """`partner` (rows,) is the column of every row, -1 for none. For every arc
    `row_price[tail] + col_price[head] >= weight`; all prices are at least 0, and their sum is the
    weight of the assignment. Of all such prices those of the rows are the highest, those of the
    columns the lowest: a row's price is what the assignment would lose without the row."""

    partner: Ints
    row_price: Ints
    col_price: Ints


def assign(rows: int, cols: int, tail: Ints, head: Ints, weight: Ints) -> Assignment:
    """Give each row at most one column so that the weights (m,; at least 0) of the arcs used come
    to the most; a row or a column may stay alone."""
    top = int(weight.max(initial=0))
    sink = rows + cols
    row, col = np.arange(rows), np.arange(rows, sink)
    supply = np.zeros(sink + 1, np.int64)
    supply[:rows], supply[sink] = 1, -rows
    flow = min_cost_flow(
        supply,
        np.concatenate((tail, col, row)),
        np.concatenate((head + rows, np.full(cols, sink), np.full(rows, sink))),
        np.concatenate((np.full(len(tail), 2), np.ones(cols, np.int64), np.full(rows, 2))),
        np.concatenate((top - weight, np.zeros(cols, np.int64), np.full(rows, top))),
    )
    partner = np.full(rows, ALONE, np.int64)
    used = flow.units[: len(tail)] > 0
    partner[tail[used]] = head[used]
    level = flow.potential - flow.potential[sink]
    return Assignment(partner, top + level[:rows], np.maximum(-level[rows:sink], 0))
