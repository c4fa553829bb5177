"""Every pair in float32, with a bound on the error: the checker's own look at what is far from
any limit, so that only the rest need be scored in integers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from apps.matching.engine.pairing.features import NOT_STATED, Features, Flags, Ints
from apps.matching.engine.problem import UNIT

from .formulas import Formulas

Floats = NDArray[np.float32]

PAD = 2.0**-20
"""More than three roundings to float32: what is added so that no coverage is rounded to 0."""


@dataclass(frozen=True, slots=True)
class Side:
    """Cities (c,): `supply` (items, c), and their needs (m,) as `units_inverse`, `shift` (units
    before / units, less a pad), both (m, 1), and `share` (c, m). `kind` (c,) is among all kinds."""

    cities: Ints
    supply: Floats
    item: Ints
    units_inverse: Floats
    shift: Floats
    share: csr_array
    kind: Ints
    population: Floats
    population_inverse: Floats
    error: Floats


@dataclass(frozen=True, slots=True)
class Estimate:
    """Rows against columns, (r, c), in millionths. Benefits differ from the exact ones by less
    than `benefit_error`, and are 0 only where those are; scores differ by less than `error`."""

    to_rows: Floats
    to_cols: Floats
    score: Floats
    akin: Flags
    benefit_error: Floats
    error: Floats


class Estimates:
    """Estimates what a problem's cities score; own ties, past help and exclusions left out."""

    def __init__(self, formulas: Formulas) -> None:
        self.formulas = formulas
        self.features = formulas.features
        self.error = _error(self.features)
        features = self.features
        traits = (features.utc_offset[:, None], features.state[:, None], features.languages)
        table = np.hstack((*traits, features.topics)).astype(np.int64)
        _, self.first_of_kind, kind = np.unique(
            table, axis=0, return_index=True, return_inverse=True
        )
        self.kind = kind.ravel()

    def side(self, cities: Ints) -> Side:
        features = self.features
        start, counts = features.need_start[cities], np.diff(features.need_start)[cities]
        ends = np.concatenate(([0], np.cumsum(counts)))
        need = np.repeat(start - ends[:-1], counts) + np.arange(ends[-1])
        units, ahead = features.need_units[need], features.need_before[need]
        shift = np.where(ahead > 0, ahead / units - PAD * (1 + ahead / units), 0)
        share = features.need_share[need].astype(np.float32)
        population = np.where(features.population == NOT_STATED, 0, features.population)[cities]
        inverse = np.where(population > 0, 1 / np.maximum(population, 1), 0)
        return Side(
            cities=cities,
            supply=features.supply[:, cities].astype(np.float32, order="C"),
            item=features.need_item[need],
            units_inverse=(1 / units).astype(np.float32)[:, None],
            shift=shift.astype(np.float32)[:, None],
            share=csr_array((share, np.arange(len(need)), ends), (len(cities), len(need))),
            kind=self.kind[cities],
            population=population.astype(np.float32),
            population_inverse=inverse.astype(np.float32),
            error=self.error[cities],
        )

    def kinship(self, rows: Ints) -> tuple[Floats, Flags]:
        """Points and relation of every row with every kind, (r, kinds)."""
        points, akin = self.formulas.kinship(rows[:, None], self.first_of_kind[None, :])
        return points.astype(np.float32), akin

    def estimate(self, rows: Side, cols: Side, kinship: tuple[Floats, Flags]) -> Estimate:
        weights, (points, akin) = self.formulas.weights, kinship
        to_rows, to_cols = _received(rows, cols), np.ascontiguousarray(_received(cols, rows).T)
        scale = np.multiply.outer(rows.population, cols.population_inverse)
        other = np.multiply.outer(rows.population_inverse, cols.population)
        np.minimum(scale, other, out=scale)
        scale *= np.float32(weights.scale)
        score = to_rows + to_cols
        score *= np.float32(weights.coverage / (2 * UNIT))
        score += scale
        benefit_error = rows.error[:, None] + cols.error[None, :]
        error = benefit_error * ((to_rows > 0) | (to_cols > 0) | (scale > 0))
        score += points.take(cols.kind, axis=1)
        return Estimate(to_rows, to_cols, score, akin.take(cols.kind, axis=1), benefit_error, error)


def _received(receivers: Side, givers: Side) -> Floats:
    """Coverage of the receivers' needs by the givers, (r, g)."""
    met = givers.supply.take(receivers.item, axis=0)
    met *= receivers.units_inverse
    met -= receivers.shift
    np.clip(met, 0, 1, out=met)
    covered: Floats = receivers.share @ met
    return covered


def _error(features: Features) -> Floats:
    """For every city (n,) a bound on what rounding does to its benefit, and half of what it does
    to a score: each need is rounded down, and a float loses 2^-24 in each of a few steps."""
    reach = 1 + features.need_before / features.need_units
    lost = np.concatenate(([0.0], np.cumsum(np.minimum(4 * PAD * reach, 1) * features.need_share)))
    needs = np.diff(features.need_start)
    return (2 * needs + np.diff(lost[features.need_start]) + 8).astype(np.float32)
