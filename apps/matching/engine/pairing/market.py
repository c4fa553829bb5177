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
from .instance import Group, Instance
from .sweep import BLOCK_ROWS, Bar, Best, Sample, Spread, Tally, Uncovered, blocks_of

BEST = 16
"""Candidates of every city, from both sides, that the first list holds."""
NAMED = 4
"""Best candidates of every city that the list holds for certain, for its reasons."""
SAMPLE_ROWS = 1024
WORST = 24
"""Pairs of a row that one look at the prices adds at most."""
SLACK = UNIT // 40
"""Pairs that come so close to their prices are added with those that pass them."""
PARTS = (1 / 32, 1 / 8, 1 / 2, 1.0)
"""Share of the columns that a row is held against when prices have changed since the last look."""

Reals = NDArray[np.float64]


class Market:
    """Holds `known` candidates of an instance; every look at all pairs goes through `spread`."""

    def __init__(self, instance: Instance, spread: Spread, on_progress: OnProgress) -> None:
        self.instance = instance
        self.spread = spread
        self.on_progress = on_progress
        self.fields = [(group, instance.dense(group.cols)) for group in instance.groups]
        self.known = candidates_among(instance, np.zeros(0, np.int64), spread)
        for group, dense in self.fields:
            self._list_best(group, dense)

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

    def _list_best(self, group: Group, dense: Dense) -> None:
        """Make the best of every city known, from both sides."""
        if group.pool:
            bound = np.full(len(group.cols), np.inf, np.float32)
            self.add(np.unique(self._best(dense, BEST, bound, group.rows)))
        else:
            bound = self._column_bounds(group, dense)
            self.add(np.unique(self._best(dense, BEST, bound, group.rows)))
            self.add(self._best_of_passed_over(group, dense, bound))

    def _best(self, dense: Dense, most: int, bound: Floats, rows: Ints) -> Ints:
        task = Best(dense, most, self.floor_for(dense), bound)
        found = [self.instance.keys(a, b) for a, b in self.look(task, rows, "scores")]
        return np.concatenate(found)

    def _column_bounds(self, group: Group, dense: Dense) -> Floats:
        """A score for every column that about as many rows pass, from a sample of rows."""
        sample = group.rows[:: max(1, len(group.rows) // SAMPLE_ROWS)]
        rank = min(max(1, BEST * len(sample) // len(group.rows)), len(sample))
        tables = list(self.look(Sample(dense, rank), sample, "scores"))
        bound: Floats = np.partition(np.concatenate(tables), -rank, axis=0)[-rank]
        return bound

    def _best_of_passed_over(self, group: Group, dense: Dense, bound: Floats) -> Ints:
        """The best of those columns that too few rows have named for certain."""
        at = dense.columns.at[self.known.second]
        certain = self.known.score > bound[at] + dense.score_error
        counts = np.bincount(at[certain & (at >= 0)], minlength=len(group.cols))
        few = group.cols[counts < NAMED]
        if not len(few):
            return np.zeros(0, np.int64)
        other = self.instance.dense(group.rows)
        keys = self._best(other, BEST, np.full(len(group.rows), np.inf, np.float32), few)
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


@dataclass(slots=True)
class _Seen:
    """What the last look has shown of a field: the bars then, and how far below its bars every
    pair of a row surely is that was not named."""

    bars: Reals
    below: Reals


class Pricing:
    """Looks for candidates that weigh more than their prices, and looks again only where prices
    have fallen by more than the room there was."""

    def __init__(self, market: Market, scored: bool, min_benefit: int) -> None:
        self.market = market
        self.scored = scored
        self.min_benefit = min_benefit
        self.most = WORST
        self.seen: list[_Seen | None] = [None] * len(market.fields)

    @property
    def is_done(self) -> bool:
        """Is every pair named that may be too heavy? Otherwise the next look names more."""
        return all(seen is None or seen.below.min() >= 0 for seen in self.seen)

    def uncovered(self, bars: Reals) -> Ints:
        """Keys of pairs that may be too heavy for the bars (n,), with some that nearly are."""
        keys = [np.zeros(0, np.int64)]
        for at, (group, dense) in enumerate(self.market.fields):
            if len(group.cols) <= BEST:  # everybody's best are all there are
                continue
            seen = self.seen[at] or _Seen(bars, np.full(len(group.rows), -np.inf))
            keys += self._look_where_fallen(group, dense, seen, bars)
            self.seen[at] = _Seen(bars, seen.below)
        return np.unique(np.concatenate(keys))

    def _look_where_fallen(
        self, group: Group, dense: Dense, seen: _Seen, bars: Reals
    ) -> list[Ints]:
        """Rows in parts, each against the columns whose bars have fallen enough to matter."""
        fallen_rows = seen.bars[group.rows] - bars[group.rows]
        fallen = seen.bars[group.cols] - bars[group.cols]
        order = np.argsort(-fallen, kind="stable")
        falling = -fallen[order]
        room = seen.below - fallen_rows
        reach = np.searchsorted(falling, -room)
        limits = [0, *sorted({int(np.ceil(part * len(order))) for part in PARTS})]
        keys = []
        for low, limit in zip([-1, *limits], limits, strict=False):
            rows = np.flatnonzero((reach > low) & (reach <= limit))
            rest = room[rows] + falling[limit] if limit < len(order) else np.inf
            if limit and len(rows):
                part = dense
                if limit < len(order):
                    part = self.market.instance.dense(group.cols[np.sort(order[:limit])])
                found, below = self._look(part, group.rows[rows], bars)
                keys.append(found)
                rest = np.minimum(rest, below)
            seen.below[rows] = rest
        return keys

    def _look(self, dense: Dense, rows: Ints, bars: Reals) -> tuple[Ints, Reals]:
        slack = float(SLACK) if self.scored else 0.0
        bar = Bar(bars, self.scored, self.min_benefit, slack)
        task = Uncovered(dense, self.most, self.market.floor_for(dense), bar)
        found = list(self.market.look(task, rows, "prices"))
        keys = [self.market.instance.keys(a, b) for a, b, _ in found]
        return np.concatenate(keys), np.concatenate([below for *_, below in found])
