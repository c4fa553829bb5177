"""Units of offers for needs, as arrays."""

from dataclasses import dataclass

import numpy as np

from .rows import Ints


@dataclass(frozen=True, slots=True)
class Matches:
    """Units (m,) above 0 of offers for needs, each pair once, sorted by need and offer."""

    offer: Ints
    need: Ints
    units: Ints

    def __len__(self) -> int:
        return len(self.units)

    @classmethod
    def of(cls, offer: Ints, need: Ints, units: Ints) -> "Matches":
        """Add up the units of equal pairs."""
        size = int(offer.max(initial=0)) + 1
        keys, place = np.unique(need * size + offer, return_inverse=True)
        sums = np.zeros(len(keys), np.int64)
        np.add.at(sums, place, units)
        some = sums > 0
        return cls(keys[some] % size, keys[some] // size, sums[some])
