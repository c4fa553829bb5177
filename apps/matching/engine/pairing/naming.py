"""A first look at all pairs: whom every city names, by its score or after what the other may cost."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .columns import Floats
from .dense import Dense, Line
from .features import Ints
from .sweep import gather, highest, may_pair

SAMPLE_COLUMNS = 2048


@dataclass(frozen=True, slots=True)
class Table:
    """All scores of the rows of a block, -inf where two are not related."""

    dense: Dense

    def __call__(self, rows: Ints) -> Floats:
        hidden = np.float32(-np.inf)
        lines = self.dense.lines(rows)
        return np.stack([np.where(line.related, line.score, hidden) for line in lines])


@dataclass(frozen=True, slots=True)
class Sample:
    """Of every column, among the rows of a block: the `most` highest scores, and the highest
    score after the row's own bar (n,)."""

    dense: Dense
    most: int
    bars: NDArray[np.float64]

    def __call__(self, rows: Ints) -> tuple[Floats, Floats]:
        table = Table(self.dense)(rows)
        after = (table - self.bars[rows, None].astype(np.float32)).max(axis=0)
        most = min(self.most, len(table))
        top: Floats = np.partition(table, -most, axis=0)[-most:]
        return top, after


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a row names: the `most` that score highest after their bar (c,), the `best` by score
    alone, and whoever is above a column's bound (c,)."""

    most: int
    best: int
    bars: Floats
    bound: Floats


@dataclass(frozen=True, slots=True)
class Best:
    """The pairs that every row of a block names; and how far below its column's bar the score of
    every other candidate of the row surely is. Bars are two wholes at most, so that float32
    holds the difference to less than 1."""

    dense: Dense
    named: Named
    floor: float

    def __call__(self, rows: Ints) -> tuple[Ints, Ints, NDArray[np.float64]]:
        ends, below = [], np.full(len(rows), np.inf)
        after = np.zeros(len(self.named.bars), np.float32)
        for i, line in enumerate(self.dense.lines(rows)):
            np.subtract(line.score, self.named.bars, out=after)
            chosen = self._best(line, after, self.named.most)
            if len(chosen) >= self.named.most:
                below[i] = -float(after[chosen].min()) - self.dense.score_error - 1
            above = np.flatnonzero(line.score > self.named.bound)
            best = self._best(line, line.score, self.named.best)
            chosen = np.unique(np.concatenate((chosen, best, above)))
            ends.append((line.city, chosen[may_pair(line, chosen, self.floor)]))
        return *gather(self.dense, ends), below

    def _best(self, line: Line, values: Floats, most: int) -> Ints:
        """The best by value; where unrelated pairs are among them, the best of the related."""
        may = line.related & (line.score >= self.floor)
        if np.count_nonzero(may) <= most:
            return np.flatnonzero(may)
        chosen = self._highest(values, most, line.city)
        if may[chosen].all():
            return chosen
        return self._highest(np.where(may, values, np.float32(-np.inf)), most, line.city)

    def _highest(self, values: Floats, most: int, city: int) -> Ints:
        """A sample tells below which value nobody need be sorted."""
        step, near = max(1, len(values) // SAMPLE_COLUMNS), np.arange(len(values))
        if step > 1:
            rank = 2 * most // step + 4
            above = np.flatnonzero(values > np.partition(values[::step], -rank)[-rank])
            near = above if len(above) >= most else near
        return near[highest(values[near], most, city)]
