"""What a unit is worth: tier and band first, then counterpart, tie, and the need's own item.

The difference of two flows is a sum of simple cycles, each a possible change. Such a cycle passes
every offer and every target once, so it takes at most K new arcs, K the fewer of the two; one step
of band is worth more than K times the highest bonus, a counterpart more than K times all lower
bonuses, and so on: no change that gains below can lose above, and the sum is lexicographic.
"""

from dataclasses import dataclass

import numpy as np

from apps.matching.engine.problem import TIERS, Policy

from .rows import COUNTERPART, NETWORK, STATE_TIE, TIE, Flags, Ints

BANDS = 10
LARGEST = 2**60


@dataclass(frozen=True, slots=True)
class Weights:
    """Worth of one unit for one step of band, from a counterpart, by a tie between the states (a
    sister tie counts twice); the need's own item is worth 1."""

    band: int
    counterpart: int
    tie: int

    def bonus(self, relation: Ints, own: Flags) -> Ints:
        """Worth of an arc (m,) beyond the bands."""
        worths = {NETWORK: 0, STATE_TIE: self.tie, TIE: 2 * self.tie, COUNTERPART: self.counterpart}
        table = np.array([worths[name] for name in sorted(worths)], np.int64)
        return table[relation] + own


def weigh(most_arcs: int, policy: Policy) -> Weights:
    """Weights for cycles of at most so many new arcs.

    With `pair_first` the counterparts' units are fixed before, and worth nothing more. Raises
    `OverflowError` where sums of worths along a path could pass 64 bits.
    """
    tie = most_arcs + 1
    highest = 2 * tie + 1
    counterpart = 0
    if policy == "urgency_first":
        counterpart = most_arcs * highest + 1
        highest = counterpart + 1
    band = most_arcs * highest + 1
    if 2 * len(TIERS) * BANDS * band + 2 * most_arcs * highest >= LARGEST:
        raise OverflowError("too many postings share items to be weighed in 64 bits")
    return Weights(band, counterpart, tie)


def bands(quantity: Ints, tier: Ints, passed: Ints) -> tuple[Ints, Ints, Ints]:
    """The bands of fairness above the first `passed` units of each need (n,): need, units, steps.

    The upper edge of band k of ten is floor(k x quantity / 10); a band is worth more steps than
    every later band of its tier and every band of a less urgent tier. Those without units are
    left out.
    """
    edges = np.arange(1, BANDS + 1) * quantity[:, None] // BANDS
    units = np.diff(np.maximum(edges, passed[:, None]), axis=1, prepend=passed[:, None])
    steps = (TIERS[-1] - tier)[:, None] * BANDS + np.arange(BANDS, 0, -1)
    need, band = np.nonzero(units)
    return need, units[need, band], steps[need, band]
