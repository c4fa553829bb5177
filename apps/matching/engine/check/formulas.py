"""The six criteria in 64-bit integers, for any pairs at once, as the checker scores them.

| criterion | value |
|---|---|
| coverage | mean of both directions; one direction: share of the needs the other can meet |
| tie | 1 for an own sister tie, 1/2 for a tie between the two states |
| history | 1/2 for each direction in which one has helped the other |
| topics | shared topics / topics of either |
| working_day | 1/2 x shared minutes of 9-17 o'clock / 480, plus 1/2 for a shared language |
| scale | smaller / larger population |

Every division is rounded down. Where a datum is missing, what depends on it is 0.
"""

from dataclasses import dataclass

import numpy as np

from apps.matching.engine.pairing.features import NOT_STATED, Features, Flags, Ints
from apps.matching.engine.problem import UNIT, Weights

WORKING_MINUTES = 480
DAY_MINUTES = 1440


@dataclass(frozen=True, slots=True)
class Exact:
    """Pairs (p,) in millionths. `to_a` is the coverage of the needs of the first by the second,
    `to_b` the reverse; `related` marks pairs with coverage, tie or topics above zero."""

    values: dict[str, Ints]
    to_a: Ints
    to_b: Ints
    score: Ints
    related: Flags


class Formulas:
    """Scores pairs of city indices; `a` and `b` are (p,), in `kinship` of any shapes that fit."""

    def __init__(self, features: Features, weights: Weights) -> None:
        self.features = features
        self.weights = weights
        self.n = len(features.codes)
        self._ties = np.sort(self._keys(*np.vstack((features.ties, features.ties[:, ::-1])).T))
        self._helps = np.sort(self._keys(*features.helps.T))
        excluded = features.exclusions
        keys = self._keys(excluded[:, 0], excluded[:, 1]) * len(features.items) + excluded[:, 2]
        self._withheld, which = np.unique(keys, return_inverse=True)
        self._withheld_units = np.zeros(len(self._withheld), np.int64)
        np.add.at(self._withheld_units, which, excluded[:, 3])

    def score(self, a: Ints, b: Ints) -> Exact:
        """Score the first cities with the second ones."""
        to_a, to_b = self._coverage(a, b), self._coverage(b, a)
        keys, back = self._keys(a, b), self._keys(b, a)
        values = {
            "coverage": (to_a + to_b) // 2,
            "tie": np.where(_in_sorted(self._ties, keys), UNIT, self._state_tie(a, b)),
            "history": UNIT // 2 * _in_sorted(self._helps, keys).astype(np.int64)
            + UNIT // 2 * _in_sorted(self._helps, back),
            "topics": self._topics(a, b),
            "working_day": self._working_day(a, b),
            "scale": self._scale(a, b),
        }
        points = [getattr(self.weights, name) * value // UNIT for name, value in values.items()]
        related = (values["coverage"] > 0) | (values["tie"] > 0) | (values["topics"] > 0)
        return Exact(values, to_a, to_b, np.sum(points, axis=0), related)

    def kinship(self, a: Ints, b: Ints) -> tuple[Ints, Flags]:
        """Points of states, topics and working day, and whether the first two relate the pair."""
        tie, topics = self._state_tie(a, b), self._topics(a, b)
        points = self.weights.tie * tie // UNIT + self.weights.topics * topics // UNIT
        points = points + self.weights.working_day * self._working_day(a, b) // UNIT
        return points, (tie > 0) | (topics > 0)

    def _keys(self, a: Ints, b: Ints) -> Ints:
        return a * self.n + b

    def _coverage(self, receiver: Ints, giver: Ints) -> Ints:
        """Share of each receiver's needs that its giver can meet: need by need, most urgent of an
        item first."""
        features, covered = self.features, np.zeros(len(receiver), np.int64)
        start = features.need_start[receiver]
        counts = features.need_start[receiver + 1] - start
        for nth in range(counts.max(initial=0)):
            at = np.flatnonzero(counts > nth)
            need = start[at] + nth
            item, units = features.need_item[need], features.need_units[need]
            left = features.supply[item, giver[at]] - features.need_before[need]
            if len(self._withheld):
                left -= self._kept_back(giver[at], receiver[at], item)
            covered[at] += features.need_share[need] * np.clip(left, 0, units) // units
        return covered

    def _kept_back(self, giver: Ints, receiver: Ints, item: Ints) -> Ints:
        """Units of the item that the giver's offers withhold from the receiver."""
        keys = self._keys(giver, receiver) * len(self.features.items) + item
        at = np.minimum(np.searchsorted(self._withheld, keys), len(self._withheld) - 1)
        return np.where(self._withheld[at] == keys, self._withheld_units[at], 0)

    def _state_tie(self, a: Ints, b: Ints) -> Ints:
        state, tied = self.features.state, self.features.state_ties
        if not len(tied):
            return np.zeros(np.broadcast_shapes(a.shape, b.shape), np.int64)
        stated = (state[a] >= 0) & (state[b] >= 0)
        return np.where(stated & tied[state[a], state[b]], UNIT // 2, 0)

    def _topics(self, a: Ints, b: Ints) -> Ints:
        topics = self.features.topics
        shared = (topics[a] & topics[b]).sum(axis=-1)
        either = (topics[a] | topics[b]).sum(axis=-1)
        values: Ints = UNIT * shared // np.maximum(either, 1)
        return values

    def _working_day(self, a: Ints, b: Ints) -> Ints:
        offset, languages = self.features.utc_offset, self.features.languages
        apart = np.abs(offset[a] - offset[b]) % DAY_MINUTES
        shared = np.maximum(WORKING_MINUTES - np.minimum(apart, DAY_MINUTES - apart), 0)
        stated = (offset[a] != NOT_STATED) & (offset[b] != NOT_STATED)
        hours = np.where(stated, UNIT // 2 * shared // WORKING_MINUTES, 0)
        speak = (languages[a] & languages[b]).any(axis=-1)
        return hours + np.where(speak, UNIT // 2, 0)

    def _scale(self, a: Ints, b: Ints) -> Ints:
        one, two = self.features.population[a], self.features.population[b]
        stated = (one != NOT_STATED) & (two != NOT_STATED)
        larger = np.maximum(np.maximum(one, two), 1)
        return np.where(stated, UNIT * np.minimum(one, two) // larger, 0)


def _in_sorted(table: Ints, keys: Ints) -> Flags:
    at = np.searchsorted(table, keys)
    found: Flags = np.append(table, -1)[at] == keys
    return found
