"""Pairs that may be proposed, with their exact scores."""

from dataclasses import dataclass

import numpy as np

from apps.matching.engine.problem import Weights

from .features import Features, Flags, Ints
from .instance import Instance
from .scores import Scored, score_pairs
from .sweep import Spread

NO_LIMIT = 2**40
"""Lowest benefit of a pair in which nobody has needs."""

CHUNK = 50_000


@dataclass(frozen=True, slots=True)
class Candidates:
    """Candidate pairs as parallel arrays, `first` the left city or the one drawn earlier, sorted
    by both.

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

    def blocking(self, own: Ints) -> Flags:
        """The pairs whose two cities would both gain on what they have: `own` (n,) millionths."""
        first, second = self.benefit_first > own[self.first], self.benefit_second > own[self.second]
        return first & second

    def take(self, rows: Ints) -> "Candidates":
        return Candidates(*(column[rows] for column in self._columns()))

    def joined(self, other: "Candidates") -> "Candidates":
        """Both together; no pair may stand in both."""
        n = 1 + int(max(self.second.max(initial=0), other.second.max(initial=0)))
        keys = self.first * n + self.second
        at = np.searchsorted(keys, other.first * n + other.second)
        columns = zip(self._columns(), other._columns(), strict=True)
        return Candidates(*(np.insert(mine, at, theirs) for mine, theirs in columns))

    def _columns(self) -> tuple[Ints, ...]:
        return self.first, self.second, self.score, self.benefit_first, self.benefit_second


@dataclass(frozen=True, slots=True)
class Scorer:
    """Scores pairs of city indices exactly; a function that can be pickled."""

    features: Features
    weights: Weights

    def __call__(self, ends: tuple[Ints, Ints]) -> Scored:
        return score_pairs(self.features, self.weights, *ends)


def candidates_among(instance: Instance, keys: Ints, spread: Spread) -> Candidates:
    """Those of the pairs (m,; first x cities + second, ascending) that are related, reach the
    floor and are not forbidden. Memory grows with the number of pairs."""
    n = max(len(instance.features.codes), 1)
    keys = keys[~np.isin(keys, instance.forbidden_keys())]
    first, second = np.divmod(keys, n)
    chunks = [
        (first[start : start + CHUNK], second[start : start + CHUNK])
        for start in range(0, len(keys), CHUNK)
    ]
    parts: list[tuple[Ints, ...]] = [(np.zeros(0, np.int64),) * 5]
    for found in spread(Scorer(instance.features, instance.problem.weights), chunks):
        keep = found.related & (found.score >= instance.problem.floor)
        columns = (found.a, found.b, found.score, found.benefit_a, found.benefit_b)
        parts.append(tuple(column[keep] for column in columns))
    return Candidates(*(np.concatenate(column) for column in zip(*parts, strict=True)))
