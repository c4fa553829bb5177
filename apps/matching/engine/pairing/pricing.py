"""The look at all pairs against prices: what may weigh more, and how far below the rest stays."""

import numpy as np

from apps.matching.engine.problem import UNIT

from .dense import Dense
from .features import Ints
from .instance import Group
from .market import BEST, Market, Reals, Seen
from .sweep import Bar, Uncovered

WORST = 24
"""Pairs of a row that one look at the prices adds at most."""
SLACK = UNIT // 40
"""Pairs that come so close to their prices are added with those that pass them."""
PARTS = (1 / 32, 1 / 8, 1 / 2, 1.0)
"""Share of the columns that a row is held against when prices have changed since the last look."""


class Pricing:
    """Looks for candidates that weigh more than their prices, and looks again only where prices
    have fallen by more than the room there was."""

    def __init__(self, market: Market, scored: bool, min_benefit: int) -> None:
        self.market = market
        self.scored = scored
        self.min_benefit = min_benefit
        self.most = WORST
        self.seen: list[Seen | None] = [None] * len(market.fields)
        if scored:
            self.seen = [seen and Seen(seen.bars, seen.below.copy()) for seen in market.seen]

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
            seen = self.seen[at] or Seen(bars, np.full(len(group.rows), -np.inf))
            keys += self._look_where_fallen(group, dense, seen, bars)
            self.seen[at] = Seen(bars, seen.below)
        return np.unique(np.concatenate(keys))

    def _look_where_fallen(self, group: Group, dense: Dense, seen: Seen, bars: Reals) -> list[Ints]:
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
