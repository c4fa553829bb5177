"""Every pair that may be proposed, gathered block by block."""

from dataclasses import dataclass

import numpy as np

from apps.matching.engine.progress import OnProgress

from .features import Features, Ints
from .instance import Instance

NO_LIMIT = 2**40
"""Lowest benefit of a pair in which nobody has needs."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Candidate pairs as parallel arrays, `first` the left city or the one drawn earlier.

    Benefits are each city's own direction of coverage in millionths.
    """

    first: Ints
    second: Ints
    score: Ints
    benefit_first: Ints
    benefit_second: Ints

    def __len__(self) -> int:
        return len(self.first)

    def lowest_benefit(self, features: Features) -> Ints:
        """The smallest benefit in each pair among those of its cities that have needs."""
        first = np.where(features.has_needs(self.first), self.benefit_first, NO_LIMIT)
        second = np.where(features.has_needs(self.second), self.benefit_second, NO_LIMIT)
        return np.minimum(first, second)


def find_candidates(instance: Instance, on_progress: OnProgress) -> Candidates:
    """Score every possible pair and keep those that are related, reach the floor, and are not
    forbidden. Memory grows with the number of candidates."""
    parts: list[tuple[Ints, ...]] = [(np.zeros(0, np.int64),) * 5]
    for rows, cols, seen, block, done in instance.blocks():
        keep = seen & instance.possible(block) & ~instance.forbidden(rows, cols)
        at_row, at_col = np.nonzero(keep)
        parts.append(
            (
                rows[at_row],
                cols[at_col],
                block.score[keep],
                block.to_rows[keep],
                block.to_cols[keep],
            )
        )
        on_progress("scores", done)
    return Candidates(*(np.concatenate(column) for column in zip(*parts, strict=True)))
