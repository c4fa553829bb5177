"""A transport problem with bands, solved as one minimum-cost flow."""

from dataclasses import dataclass

import numpy as np

from apps.matching.engine.solvers.network_simplex import min_cost_flow

from .rows import Ints


@dataclass(frozen=True, slots=True)
class Solution:
    """Units on every arc (m,), offer prices (o,) and target values (t,).

    Along every way from an offer to a target the price is at least the value plus the worth of
    the way's arcs, and equal to it where units flow. A band worth more than its target's value is
    full, one worth less is empty; an offer with a price above 0 is used up.
    """

    units: Ints
    price: Ints
    value: Ints


@dataclass(frozen=True, slots=True)
class Transport:
    """Nodes are offers (o,) with `supply` units, which they may keep; then targets (t,), which
    must get exactly `demand` and may get more in bands (b,) of at most `band_units`; then hubs.

    Arcs (m,) run from `tail` to `head`; `worth` (m,) of one unit is that of entering the target
    along the arc, 0 on arcs into hubs.
    """

    supply: Ints
    demand: Ints
    hubs: int
    tail: Ints
    head: Ints
    worth: Ints
    band_target: Ints
    band_units: Ints
    band_worth: Ints

    def solve(self) -> Solution:
        """The flow of the most worth: units times the worth of their arcs and of their bands."""
        o, t, m = len(self.supply), len(self.demand), len(self.tail)
        sink, units = o + t + self.hubs, int(self.supply.sum())
        base, top = int(self.worth.max(initial=0)), int(self.band_worth.max(initial=0))
        keeping = np.arange(o)
        entering = self.head < o + t
        limit = np.full(m, units + 1)
        flow = min_cost_flow(
            np.concatenate(
                (
                    self.supply,
                    -self.demand,
                    np.zeros(self.hubs, np.int64),
                    [self.demand.sum() - units],
                )
            ),
            np.concatenate((self.tail, o + self.band_target, keeping)),
            np.concatenate((self.head, np.full(len(self.band_target) + o, sink))),
            np.concatenate((limit, self.band_units, self.supply + 1)),
            np.concatenate(
                (
                    np.where(entering, base - self.worth, 0),
                    top - self.band_worth,
                    np.full(o, base + top),
                )
            ),
            longest=2 * (base + top) + 2 * min(o, t) * base,
        )
        level = flow.potential - flow.potential[sink]
        return Solution(flow.units[:m], base + top + level[:o], top + level[o : o + t])
