"""A look at all pairs, block by block of rows: the best of each city, what prices do not cover,
and what can only be counted. Blocks are independent; whoever spreads them changes nothing."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .dense import Dense, Line
from .features import Flags, Ints
from .scores import score_pairs

Spread = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
"""Works like `map(function, blocks)`: the results in the order of the blocks. Function and blocks
can be pickled, so that another process may do the work."""

BLOCK_ROWS = 64
THREADS = 2


def threads(function: Callable[[Any], Any], blocks: Iterable[Any]) -> Iterator[Any]:
    """The default spread: two threads, NumPy lets go of the lock."""
    blocks = list(blocks)
    if len(blocks) < 2:
        yield from map(function, blocks)
        return
    pool = ThreadPoolExecutor(THREADS)
    try:
        yield from pool.map(function, blocks)
    finally:
        pool.shutdown(cancel_futures=True)


def blocks_of(rows: Ints) -> list[Ints]:
    return [rows[start : start + BLOCK_ROWS] for start in range(0, len(rows), BLOCK_ROWS)]


def may_pair(line: Line, chosen: Ints, floor: float) -> Flags:
    may: Flags = line.related[chosen] & (line.score[chosen] >= floor)
    return may


@dataclass(frozen=True, slots=True)
class Bar:
    """What a pair must score to weigh more than its prices: more than the sum of both `bars`
    (n,). Unless `scored`, weight is in the bars alone, and every pair below 0 is too heavy."""

    bars: NDArray[np.float64]
    scored: bool
    min_benefit: int
    slack: float


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Of every row of a block the `most` pairs that come closest to their prices or beyond, but
    none further below than the slack; and how far below every other pair of the row surely is."""

    dense: Dense
    most: int
    floor: float
    bar: Bar

    def __call__(self, rows: Ints) -> tuple[Ints, Ints, NDArray[np.float64]]:
        ends, below = [], np.full(len(rows), self.bar.slack)
        theirs, error = self.bar.bars[self.dense.columns.cities], self._error
        beyond = -theirs
        for i, line in enumerate(self.dense.lines(rows)):
            bar = self.bar.bars[line.city]
            if self.bar.scored:
                np.subtract(line.score, theirs, out=beyond)
            near = np.flatnonzero(beyond > bar - self.bar.slack - error)
            near = near[self._may_pair(line, near)]
            chosen = near[highest(beyond[near], self.most, line.city)]
            if len(chosen) < len(near):
                rest = np.setdiff1d(near, chosen, assume_unique=True)
                below[i] = bar - self._most_beyond(line, rest, beyond, bar)
            ends.append((line.city, chosen))
        return *gather(self.dense, ends), below

    @property
    def _error(self) -> float:
        return self.dense.score_error if self.bar.scored else 0.0

    def _most_beyond(
        self, line: Line, rest: Ints, beyond: NDArray[np.float64], bar: float
    ) -> float:
        """The most that a pair of the rest may reach; scored in full where that decides."""
        top = float(beyond[rest].max())
        if not self.bar.scored or abs(top - bar) > self._error:
            return top + self._error
        exact = self.dense.is_exact(line, rest)
        reached = np.where(exact, beyond[rest], beyond[rest] + self._error)
        close = ~exact & (reached > bar)
        cities = self.dense.columns.cities[rest[close]]
        ends = np.full(len(cities), line.city), cities
        scored = score_pairs(self.dense.features, self.dense.weights, *ends)
        reached[close] = scored.score - self.bar.bars[cities]
        return float(reached.max())

    def _may_pair(self, line: Line, chosen: Ints) -> Flags:
        may = may_pair(line, chosen, self.floor)
        if self.bar.min_benefit > 0:
            features, columns = self.dense.features, self.dense.columns
            low = self.bar.min_benefit - self.dense.benefit_error
            may &= ~columns.has_needs[chosen] | (line.theirs[chosen] >= low)
            if features.need_start[line.city + 1] > features.need_start[line.city]:
                may &= line.benefit[chosen] >= low
        return may


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts, in the rows of a block, the candidates and the pairs whose two cities would both
    rather have each other than what they have (`own`, (n,)); what is too close to call is named.
    """

    dense: Dense
    floor: int
    own: NDArray[np.float64]
    pool: bool

    def __call__(self, rows: Ints) -> tuple[int, int, Ints, Ints]:
        candidates = blocking = 0
        ends = []
        dense, off = self.dense, self.dense.benefit_error
        own = self.own[dense.columns.cities]
        for line in dense.lines(rows):
            mine = self.own[line.city]
            maybe = line.related & (line.score >= self.floor - dense.score_error)
            if self.pool:
                maybe &= dense.columns.cities > line.city
            sure = maybe & (line.score > self.floor + dense.score_error)
            akin = line.akin | (line.benefit + line.theirs > 2 * off + 2)
            near = (line.benefit > mine - off) & (line.theirs > own - off) & maybe
            surely = (line.benefit > mine + off) & (line.theirs > own + off)
            sure &= akin & (surely | ~near)
            candidates += int(np.count_nonzero(sure))
            blocking += int(np.count_nonzero(sure & near))
            ends.append((line.city, np.flatnonzero(maybe & ~sure)))
        return candidates, blocking, *gather(dense, ends)


def highest(values: NDArray[Any], most: int, turn: int) -> Ints:
    """Positions of the `most` highest values, ascending; among equals those from `turn` on, so
    that rows which see all columns alike do not all choose the same."""
    if len(values) <= most:
        return np.arange(len(values))
    least = np.partition(values, -most)[-most]
    above, equal = np.flatnonzero(values > least), np.flatnonzero(values == least)
    start = np.searchsorted(equal, turn % len(values))
    equal = np.roll(equal, -start)[: most - len(above)]
    return np.sort(np.concatenate((above, equal)))


def gather(dense: Dense, ends: list[tuple[int, Ints]]) -> tuple[Ints, Ints]:
    counts = [len(chosen) for _, chosen in ends]
    rows = np.repeat(np.array([city for city, _ in ends], np.int64), counts)
    return rows, dense.columns.cities[np.concatenate([chosen for _, chosen in ends])]
