"""The prices of a proof, held against pairs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.matching.engine.pairing.features import Flags, Ints
from apps.matching.engine.result import Proof

from .estimates import Floats

EXACT = 2**50
"""Below it a float64, and the sum of two, hold an integer or its half exactly."""


@dataclass(frozen=True, slots=True)
class Prices:
    """A well-formed proof by city index: `over` (n,), the price less what the city's own worth
    weighs, `bars` (n,) at most that in units of weight, and members (n,) and price of odd sets."""

    proof: Proof
    over: Ints
    bars: NDArray[np.float64]
    odd_sets: tuple[tuple[Flags, int], ...]

    @classmethod
    def of(cls, proof: Proof, index: dict[str, int], worth: Ints) -> "Prices":
        """`index` is the place of every city, `worth` (n,) what pairing it counts."""
        over = -proof.denominator * proof.step * worth
        for code, price in proof.prices:
            over[index[code]] += price
        sets = []
        for each in proof.odd_sets:
            members = np.zeros(len(worth), np.bool_)
            members[[index[code] for code in each.cities]] = True
            sets.append((members, each.price))
        size = np.abs(over)
        bars = (over - np.where(size < EXACT, 0, size / EXACT)) / proof.denominator
        return cls(proof, over, bars, tuple(sets))

    def may_fall_short(self, rows: Ints, cols: Ints, score: Floats) -> Flags:
        """Where rows (r,) and columns (c,) may pay less than a pair weighs whose score is at most
        that (r, c); odd sets left out."""
        paid = self.bars[rows][:, None] + self.bars[cols][None, :]
        short: Flags = paid < (score if self.proof.purpose == "optimum" else 0)
        return short

    def fall_short(self, a: Ints, b: Ints, score: Ints, lowest: Ints) -> bool:
        """Is there among candidates (p,) one that the proof covers, with prices below its weight?"""
        proof, paid = self.proof, self.over[a] + self.over[b]
        for members, price in self.odd_sets:
            paid[members[a] & members[b]] += price
        if proof.purpose == "optimum":
            paid -= proof.denominator * score
        return bool(((lowest >= proof.min_benefit) & (paid < 0)).any())
