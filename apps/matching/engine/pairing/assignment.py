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
    to the most; a row or a column may stay alone.

    One unit leaves every row and one enters every column; a bank takes what no column gets, at the
    price of the row's best arc, and fills the columns that no row serves. Costs count from that
    best arc, so that the simplex starts near the optimum."""
    bank, row, col = rows + cols, np.arange(rows), np.arange(rows, rows + cols)
    best = np.zeros(rows, np.int64)
    np.maximum.at(best, tail, weight)
    supply = np.concatenate((np.ones(rows, np.int64), np.full(cols, -1), [cols - rows]))
    arcs = len(tail) + rows + cols
    flow = min_cost_flow(
        supply,
        np.concatenate((tail, row, np.full(cols, bank))),
        np.concatenate((head + rows, np.full(rows, bank), col)),
        np.broadcast_to(np.int64(2), arcs),
        np.concatenate((best[tail] - weight, best, np.zeros(cols, np.int64))),
    )
    partner = np.full(rows, ALONE, np.int64)
    used = flow.units[: len(tail)] > 0
    partner[tail[used]] = head[used]
    level = flow.potential - flow.potential[bank]
    return Assignment(partner, best + level[:rows], -level[rows:bank])
