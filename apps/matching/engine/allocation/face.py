"""The flows that are still as good as any, stage after stage of a lexicographic optimum."""

from dataclasses import dataclass, replace

import numpy as np

from apps.matching.engine.solvers.network_simplex import min_cost_flow

from .rows import Flags, Ints


@dataclass(frozen=True, slots=True)
class Solution:
    """Units on every open arc (m,), offer prices (o,) and target values (t,).

    price = value + worth where units flow, and at least that on every open arc.
    """

    units: Ints
    price: Ints
    value: Ints


@dataclass(frozen=True, slots=True)
class Face:
    """A transport problem, and what earlier stages have settled in it.

    Offers (o,) with `supply` units; those in `spare` may keep some. Targets (t,) must get exactly
    `demand` units and may get more in bands (b,) of at most `band_units` each. Open arcs (m,) run
    from `tail` (offers) to `head` (targets); `arc` names them for the caller.
    """

    supply: Ints
    spare: Flags
    demand: Ints
    arc: Ints
    tail: Ints
    head: Ints
    band_target: Ints
    band_units: Ints
    band_worth: Ints

    def solve(self, arc_worth: Ints, band_worth: Ints) -> Solution:
        """The flow of the most worth: units times the worth of their arc and of their band."""
        o, t, m = len(self.supply), len(self.demand), len(self.tail)
        sink = o + t
        base, top = int(arc_worth.max(initial=0)), int(band_worth.max(initial=0))
        keeping = np.flatnonzero(self.spare)
        flow = min_cost_flow(
            np.concatenate(
                (self.supply, -self.demand, [self.demand.sum() - self.supply.sum()]),
            ),
            np.concatenate((self.tail, o + self.band_target, keeping)),
            np.concatenate((o + self.head, np.full(len(self.band_target) + len(keeping), sink))),
            np.concatenate((self.supply[self.tail] + 1, self.band_units, self.supply[keeping] + 1)),
            np.concatenate((base - arc_worth, top - band_worth, np.full(len(keeping), base + top))),
        )
        level = flow.potential - flow.potential[sink]
        return Solution(flow.units[:m], base + top + level[:o], top + level[o:sink])

    def settle(self, solution: Solution, arc_worth: Ints, band_worth: Ints) -> "Face":
        """Keep the flows that are as good as the solution, and no others (complementary
        slackness): arcs and bands that are strictly worse or better are settled."""
        free = solution.price[self.tail] == solution.value[self.head] + arc_worth
        value = solution.value[self.band_target]
        demand = self.demand.copy()
        full = band_worth > value
        np.add.at(demand, self.band_target[full], self.band_units[full])
        undecided = band_worth == value
        return replace(
            self,
            spare=self.spare & (solution.price == 0),
            demand=demand,
            arc=self.arc[free],
            tail=self.tail[free],
            head=self.head[free],
            band_target=self.band_target[undecided],
            band_units=self.band_units[undecided],
            band_worth=self.band_worth[undecided],
        )

    def with_filling(self, units: Ints) -> "Face":
        """Keep the flows that give every target what the flow `units` (m,) gives it."""
        demand = np.zeros_like(self.demand)
        np.add.at(demand, self.head, units)
        nothing = np.zeros(0, np.int64)
        return replace(
            self, demand=demand, band_target=nothing, band_units=nothing, band_worth=nothing
        )
