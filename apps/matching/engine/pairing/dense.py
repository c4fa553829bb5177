"""One city against many in float32: every score to within a bound of the exact one.

The dense scores only choose which pairs to look at; whatever is decided is decided on the exact
integers of `scores`. Only element-wise operations of IEEE 754 are used, so that the same pairs
are chosen on every machine, whatever the blocks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from apps.matching.engine.problem import UNIT, Weights

from .columns import Columns, Floats
from .features import NOT_STATED, Features, Flags, Ints
from .scores import state_tie_values, topic_values, working_day_values
from .specials import Specials

ROUNDINGS = 2.0**-20
"""Relative error of a dozen roundings to float32."""


@dataclass(frozen=True, slots=True)
class Line:
    """One city against the columns (c,): its benefit, theirs, and the score; -inf is forbidden.

    `akin` marks a tie or topics in common, `related` these and any coverage above 0: it is false
    only where all three are surely 0.
    """

    city: int
    benefit: Floats
    theirs: Floats
    score: Floats
    akin: Flags
    related: Flags


@dataclass(frozen=True, slots=True)
class Dense:
    """Scores rows against `columns`: exact scores differ from dense ones by less than
    `score_error`, benefits by less than `benefit_error`, both in millionths."""

    features: Features
    weights: Weights
    specials: Specials
    columns: Columns
    benefit_error: float

    @property
    def score_error(self) -> float:
        return self.weights.coverage / UNIT * self.benefit_error + UNIT * ROUNDINGS + 4.0

    def lines(self, rows: Ints) -> Iterator[Line]:
        """Score each city of `rows`; the arrays of a line are overwritten by the next."""
        points, alike = self._by_kind(rows)
        c = len(self.columns.cities)
        benefit, theirs, score, spare = (np.zeros(c, np.float32) for _ in range(4))
        akin, related = np.zeros(c, np.bool_), np.zeros(c, np.bool_)
        needs = np.diff(self.features.need_start)[rows].max(initial=0)
        offers = (self.features.supply[:, rows] > 0).sum(axis=0).max(initial=0)
        space = np.zeros((max(needs, offers) + 2, c), np.float32)
        space[-1] = 1
        for i, city in enumerate(rows.tolist()):
            self._receive(city, space, benefit)
            self._give(city, space, theirs)
            np.add(benefit, theirs, out=score)
            np.take(alike[i], self.columns.profile, out=akin, mode="clip")
            np.greater(score, np.float32(0), out=related)
            score *= np.float32(self.weights.coverage / (2 * UNIT))
            score += np.take(points[i], self.columns.profile, out=spare, mode="clip")
            self._add_scale(city, spare, score)
            self._place_specials(city, benefit, theirs, score, akin)
            np.logical_or(akin, related, out=related)
            yield Line(city, benefit, theirs, score, akin, related)

    def is_exact(self, line: Line, places: Ints) -> Flags:
        """Which of the columns of a line are scored without rounding: no coverage, no scale."""
        exact: Flags = line.benefit[places] + line.theirs[places] == 0
        if self.weights.scale and self.features.population[line.city] != NOT_STATED:
            exact &= self.columns.population[places] == 0
        return exact

    def _receive(self, city: int, space: Floats, benefit: Floats) -> None:
        """The city's benefit from everybody. The last rows of `space` are zeros and ones."""
        features = self.features
        here = slice(features.need_start[city], features.need_start[city + 1])
        units, before = features.need_units[here].astype(np.float64), features.need_before[here]
        met, whole = space[: len(units)], space[-1]
        rows = zip(features.need_item[here].tolist(), (1 / units).astype(np.float32), strict=True)
        for at, (item, inverse) in enumerate(rows):
            np.multiply(self.columns.supply[item], inverse, out=met[at])
        if before.any():
            met -= (before / units).astype(np.float32)[:, None]
            np.maximum(met, space[-2], out=met)
        np.minimum(met, whole, out=met)
        met *= features.need_share[here].astype(np.float32)[:, None]
        np.add.reduce(met, axis=0, out=benefit)

    def _give(self, city: int, space: Floats, theirs: Floats) -> None:
        """Everybody's benefit from the city: a need is met up to a whole."""
        columns = self.columns
        items = np.flatnonzero(self.features.supply[:, city]).tolist()
        units = self.features.supply[items, city].astype(np.float32)
        met, whole = space[: len(items)], space[-1]
        for at, item in enumerate(items):
            np.multiply(columns.inverse[item], units[at], out=met[at])
        np.minimum(met, whole, out=met)
        for at, item in enumerate(items):
            met[at] *= columns.share[item]
        np.add.reduce(met, axis=0, out=theirs)
        self._give_later(items, units, theirs)

    def _give_later(self, items: list[int], units: Floats, theirs: Floats) -> None:
        """Add what the city has for less urgent needs of an item."""
        start, later = self.columns.later_start, self.columns.later
        rows = [slice(start[item], start[item + 1]) for item in items]
        place = np.concatenate([np.zeros(0, np.int64), *(later.place[row] for row in rows)])
        if len(place):
            met = np.repeat(units, [row.stop - row.start for row in rows])
            met -= np.concatenate([later.before[row] for row in rows])
            met *= np.concatenate([later.inverse[row] for row in rows])
            met = np.clip(met, np.float32(0), np.float32(1))
            met *= np.concatenate([later.share[row] for row in rows])
            np.add.at(theirs, place, met)

    def _add_scale(self, city: int, spare: Floats, score: Floats) -> None:
        population = int(self.features.population[city])
        if population != NOT_STATED and self.weights.scale:
            weight = np.float32(self.weights.scale)
            np.multiply(self.columns.population, weight / np.float32(population), out=spare)
            other = self.columns.inverse_population * (weight * np.float32(population))
            score += np.minimum(spare, other, out=spare)

    def _place_specials(
        self, city: int, benefit: Floats, theirs: Floats, score: Floats, akin: Flags
    ) -> None:
        here = self.specials.of(city)
        at = self.columns.at[self.specials.other[here]]
        known = at >= 0
        at = at[known]
        score[at] = self.specials.score[here][known]
        benefit[at] = self.specials.benefit[here][known]
        theirs[at] = self.specials.theirs[here][known]
        akin[at] = True
        if self.columns.at[city] >= 0:
            score[self.columns.at[city]] = -np.inf

    def _by_kind(self, rows: Ints) -> tuple[Floats, Flags]:
        """Points of topics, working day and state tie by profile, (r, kinds), and where topics
        or states relate the two."""
        parts, related = [], []
        for column, (values_of, weight) in enumerate(
            (
                (topic_values, self.weights.topics),
                (working_day_values, self.weights.working_day),
                (state_tie_values, self.weights.tie),
            )
        ):
            kinds, which = np.unique(self.columns.kinds[:, column], return_inverse=True)
            a, b = np.repeat(rows, len(kinds)), np.tile(kinds, len(rows))
            values = values_of(self.features, a, b).reshape(len(rows), len(kinds))
            parts.append((weight * values // UNIT)[:, which])
            related.append((values > 0)[:, which])
        points = (parts[0] + parts[1] + parts[2]).astype(np.float32)
        return points, related[0] | related[2]


def benefit_error(features: Features) -> float:
    """What rounding down each need of a city, and rounding to float32, can amount to."""
    reach = 3.0 * features.need_before / features.need_units + 3.0
    rounding = np.concatenate(([0.0], np.cumsum(reach * features.need_share)))
    of_city = np.diff(rounding[features.need_start]) * ROUNDINGS
    return float((np.diff(features.need_start) + of_city).max(initial=0)) + 4.0
