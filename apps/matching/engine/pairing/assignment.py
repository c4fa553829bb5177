"""Heaviest one-to-one assignment with the dual prices that prove it."""

from dataclasses import dataclass

import numpy as np

from apps.matching.engine.solvers.network_simplex import min_cost_flow

from .features import Ints

ALONE = -1


@dataclass(frozen=True, slots=True)
class Assignment:
    """`partner` (n,) of every city as a row, -1 for none. For every arc
    `row_price[tail] + col_price[head] >= weight`; all prices are at least 0, and their sum is the
    weight of the assignment."""

    partner: Ints
    row_price: Ints
    col_price: Ints


def assign(n: int, tail: Ints, head: Ints, weight: Ints) -> Assignment:
    """Give each of n rows at most one of n columns so that the weights (m,; at least 0) of the
    arcs used come to the most; a row or a column may stay alone."""
    top = int(weight.max(initial=0))
    sink = 2 * n
    rows, cols = np.arange(n), np.arange(n, 2 * n)
    to_sink = np.full(n, sink)
    supply = np.zeros(2 * n + 1, np.int64)
    supply[:n], supply[sink] = 1, -n
    flow = min_cost_flow(
        supply,
        np.concatenate((tail, cols, rows)),
        np.concatenate((head + n, to_sink, to_sink)),
        np.concatenate((np.full(len(tail), 2), np.ones(n, np.int64), np.full(n, 2))),
        np.concatenate((top - weight, np.zeros(n, np.int64), np.full(n, top))),
    )
    partner = np.full(n, ALONE, np.int64)
    used = flow.units[: len(tail)] > 0
    partner[tail[used]] = head[used]
    level = flow.potential - flow.potential[sink]
    return Assignment(partner, top + level[:n], np.maximum(-level[n:sink], 0))
