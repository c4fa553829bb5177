"""Which pairs of a problem are possible at all, block by block."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from apps.matching.engine.pairing.features import Features, Flags, Ints
from apps.matching.engine.problem import PairingProblem
from apps.matching.engine.ties import index_pairs

ROWS = 128
COLS = 512


@dataclass(frozen=True, slots=True)
class Field:
    """Unpinned cities of one level that may pair: `rows` with `cols`, in a pool with those after
    them. `apart` (both (p,)) are pairs to be scored alone, whom something joins or an offer
    excludes; they and the forbidden ones are the `spots` (s,), sorted: row x columns + column."""

    rows: Ints
    cols: Ints
    pool: bool
    apart: tuple[Ints, Ints]
    spots: Ints

    def row_blocks(self) -> list[Ints]:
        return [self.rows[start : start + ROWS] for start in range(0, len(self.rows), ROWS)]

    def col_blocks(self) -> list[Ints]:
        return [self.cols[start : start + COLS] for start in range(0, len(self.cols), COLS)]

    def possible(self, block: Ints, at: int) -> Flags | None:
        """Pairs (r, c) of a block of rows with the columns' block `at` that are neither apart nor
        forbidden; None where there are none."""
        cols = self.cols[at * COLS : (at + 1) * COLS]
        if self.pool and block[0] >= cols[-1]:
            return None
        possible = np.ones((len(block), len(cols)), np.bool_)
        if self.pool and block[-1] >= cols[0]:
            possible = block[:, None] < cols[None, :]
        first, wide = np.searchsorted(self.rows, block[0]), len(self.cols)
        ends = np.searchsorted(self.spots, (first * wide, (first + len(block)) * wide))
        row, col = np.divmod(self.spots[ends[0] : ends[1]], wide)
        here = (col >= at * COLS) & (col < at * COLS + len(cols))
        possible[row[here] - first, col[here] - at * COLS] = False
        return possible


def fields_of(
    problem: PairingProblem, codes: tuple[str, ...], features: Features
) -> Iterator[Field]:
    """The field of cities and that of states; `codes` gives the order of the cities."""
    by_code = {city.code: city for city in problem.cities}
    cities = [by_code[code] for code in codes]
    pinned = {code for pin in problem.pins for code in pin}
    free = np.array([code not in pinned for code in codes], np.bool_)
    left = np.array([city.side == "left" for city in cities], np.bool_)
    forbids = index_pairs(problem.forbids, {code: i for i, code in enumerate(codes)})
    joined = np.concatenate((features.ties, features.helps, features.exclusions[:, :2]))
    for level in ("city", "state"):
        here = free & np.array([city.level == level for city in cities], np.bool_)
        pool = problem.sides == "one"
        rows = np.flatnonzero(here if pool else here & left)
        cols = np.flatnonzero(here if pool else here & ~left)
        if len(rows) and len(cols):
            barred = _spots(rows, cols, pool, forbids)
            apart = np.setdiff1d(_spots(rows, cols, pool, joined), barred)
            row, col = np.divmod(apart, len(cols))
            spots = np.union1d(apart, barred)
            yield Field(rows, cols, pool, (rows[row], cols[col]), spots)


def _spots(rows: Ints, cols: Ints, pool: bool, ends: Ints) -> Ints:
    """Where pairs (p, 2) of city indices, either way round, stand in a field, each once."""
    ends = np.concatenate((ends, ends[:, ::-1]))
    most = int(max(rows[-1], cols[-1], ends.max(initial=0))) + 1
    row_at, col_at = np.full(most, -1), np.full(most, -1)
    row_at[rows], col_at[cols] = np.arange(len(rows)), np.arange(len(cols))
    row, col = row_at[ends[:, 0]], col_at[ends[:, 1]]
    here = (row >= 0) & (col >= 0)
    if pool:
        here &= row < col
    return np.unique(row[here] * len(cols) + col[here])
