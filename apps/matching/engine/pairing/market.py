"""The candidates known so far, and the look at all others: what they could add, against prices."""

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.matching.engine.problem import UNIT
from apps.matching.engine.progress import OnProgress

from .candidates import Candidates, candidates_among
from .columns import Floats
from .dense import Dense
from .features import Ints
from .guess import guess_bars
from .instance import Group, Instance
from .naming import Best, Named, Sample
from .sweep import BLOCK_ROWS, Spread, Tally, blocks_of

BEST = 16
"""Candidates of every city, from both sides, that the first list holds."""
NAMED = 4
"""Best candidates of every city that the list holds for certain, for its reasons."""
SAMPLE = 1024
"""Cities of either side from whom it is guessed what the others may cost."""

Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the last look has shown of a group: the bars (n,) then, and how far below its bars
    every pair of a row (r,) surely is that was not named."""

    bars: Reals
    below: Reals


class Market:
    """Holds `known` candidates of an instance; every look at all pairs goes through `spread`.

    `seen` is what making the first list has shown of every group, None where nothing is known.
    """

    def __init__(self, instance: Instance, spread: Spread, on_progress: OnProgress) -> None:
        self.instance = instance
        self.spread = spread
        self.on_progress = on_progress
        self.fields = [(group, instance.dense(group.cols)) for group in instance.groups]
        self.known = candidates_among(instance, np.zeros(0, np.int64), spread)
        self.seen: list[Seen | None]
        self.seen = [self._list_best(group, dense) for group, dense in self.fields]

    def look(self, task: Callable[[Ints], Any], rows: Ints, phase: str) -> Iterable[Any]:
        """The task done for every block of rows, in order."""
        done = 0
        for found in self.spread(task, blocks_of(rows)):
            done += BLOCK_ROWS
            self.on_progress(phase, min(1.0, done / len(rows)))
            yield found

    def without(self, gone: list[int]) -> "Market":
        """The same with some cities (indices) left out."""
        rest = copy(self)
        rest.instance = self.instance.without(gone)
        rest.fields = [(group, self.instance.dense(group.cols)) for group in rest.instance.groups]
        ends = np.isin(self.known.first, gone) | np.isin(self.known.second, gone)
        rest.known = self.known.take(np.flatnonzero(~ends))
        rest.seen = [None] * len(rest.fields)
        return rest

    def add(self, keys: Ints) -> Candidates:
        """Take the pairs among the known that are candidates and were not known; returns them."""
        known = self.instance.keys(self.known.first, self.known.second)
        at = np.minimum(np.searchsorted(known, keys), max(len(known) - 1, 0))
        unknown = keys[known[at] != keys] if len(known) else keys
        new = candidates_among(self.instance, unknown, self.spread)
        self.known = self.known.joined(new)
        return new

    def floor_for(self, dense: Dense) -> float:
        return self.instance.problem.floor - dense.score_error

    def _list_best(self, group: Group, dense: Dense) -> Seen | None:
        """Make the best of every city known, from both sides."""
        bars = np.zeros(len(self.instance.features.codes))
        bound = np.full(len(group.cols), np.inf, np.float32)
        if not group.pool:
            bound, bars[group.cols] = self._guess_columns(group, dense)
        keys, below = self._best(dense, bars, bound, group.rows)
        self.add(np.unique(keys))
        if not group.pool:
            self.add(self._best_of_passed_over(group, dense, bound))
        return Seen(bars, below) if len(group.cols) > BEST else None

    def _best(self, dense: Dense, bars: Reals, bound: Floats, rows: Ints) -> tuple[Ints, Reals]:
        named = Named(BEST, NAMED, bars[dense.columns.cities].astype(np.float32), bound)
        task = Best(dense, named, self.floor_for(dense))
        found = list(self.look(task, rows, "scores"))
        keys = np.concatenate([self.instance.keys(a, b) for a, b, _ in found])
        return keys, bars[rows] + np.concatenate([below for *_, below in found])

    def _guess_columns(self, group: Group, dense: Dense) -> tuple[Floats, Floats]:
        """For every column, from a sample of rows: a score that about BEST of all rows pass, and
        what it may cost, at most two wholes either way."""
        rows, cols = (each[:: max(1, len(each) // SAMPLE)] for each in (group.rows, group.cols))
        rank = min(max(1, BEST * len(rows) // len(group.rows)), len(rows))
        task = Sample(dense, rank, guess_bars(self.instance, rows, cols, self.spread))
        tables, costs = zip(*self.look(task, rows, "scores"), strict=True)
        bound: Floats = np.partition(np.concatenate(tables), -rank, axis=0)[-rank]
        cost = np.maximum.reduce(costs)
        return bound, np.clip(np.where(np.isfinite(cost), cost, 0), -2 * UNIT, 2 * UNIT)

    def _best_of_passed_over(self, group: Group, dense: Dense, bound: Floats) -> Ints:
        """The best of those columns that too few rows have named for certain."""
        at = dense.columns.at[self.known.second]
        certain = self.known.score > bound[at] + dense.score_error
        counts = np.bincount(at[certain & (at >= 0)], minlength=len(group.cols))
        few = group.cols[counts < NAMED]
        if not len(few):
            return np.zeros(0, np.int64)
        other = self.instance.dense(group.rows)
        free = np.zeros(len(self.instance.features.codes))
        keys, _ = self._best(other, free, np.full(len(group.rows), np.inf, np.float32), few)
        return np.unique(keys)

    def tally(self, own: Ints) -> tuple[int, int]:
        """How many candidates there are, and how many would rather have each other than what
        they have: `own` (n,) is each city's benefit in its pair."""
        instance = self.instance
        candidates = blocking = 0
        for group, dense in self.fields:
            task = Tally(dense, instance.problem.floor, own.astype(np.float64), group.pool)
            unsure = [np.zeros(0, np.int64)]
            for sure, both, a, b in self.look(task, group.rows, "figures"):
                candidates += sure
                blocking += both
                unsure.append(instance.keys(a, b))
            close = candidates_among(instance, np.unique(np.concatenate(unsure)), self.spread)
            candidates += len(close)
            blocking += int(close.blocking(own).sum())
        return candidates, blocking
