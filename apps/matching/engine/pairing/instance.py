"""A pairing problem made ready: canonical, in drawn order, as arrays, split into groups."""

from dataclasses import dataclass, replace

import numpy as np

from apps.matching.engine.canonical import canonical_pairing, drawn_order, problem_hash
from apps.matching.engine.problem import City, Objective, PairingProblem
from apps.matching.engine.ties import index_pairs

from .columns import make_columns
from .dense import Dense, benefit_error
from .features import Features, Flags, Ints, build_features
from .specials import Specials, find_specials

ORDERED_BY: Objective = "widest"
"""The hash of the problem with this objective is the seed of the order."""


@dataclass(frozen=True, slots=True)
class Group:
    """Unpinned cities of one level that may pair: `rows` with `cols`, in one pool the same."""

    rows: Ints
    cols: Ints
    pool: bool


@dataclass(frozen=True, slots=True)
class Instance:
    """Cities are indices into `features.codes`; `pins` and `forbids` are rows of two indices,
    `right` (n,) marks the cities of the right side."""

    problem: PairingProblem
    hash: str
    features: Features
    groups: tuple[Group, ...]
    right: Flags
    pins: Ints
    forbids: Ints
    specials: Specials
    benefit_error: float

    def dense(self, columns: Ints) -> Dense:
        """The dense scorer against some cities (c,)."""
        made = make_columns(self.features, columns)
        weights = self.problem.weights
        return Dense(self.features, weights, self.specials, made, self.benefit_error)

    def keys(self, a: Ints, b: Ints) -> Ints:
        """One number for each pair whichever end is named first, left or drawn earlier first:
        first x cities + second."""
        swap = self.right[a] if self.problem.sides == "two" else a > b
        n = len(self.features.codes)
        return np.where(swap, b * n + a, a * n + b)

    def without(self, gone: list[int]) -> "Instance":
        """The same with some cities out of the groups."""
        groups = (
            replace(group, rows=np.setdiff1d(group.rows, gone), cols=np.setdiff1d(group.cols, gone))
            for group in self.groups
        )
        return replace(self, groups=tuple(g for g in groups if len(g.rows) and len(g.cols)))

    def forbidden_keys(self) -> Ints:
        return np.sort(self.keys(self.forbids[:, 0], self.forbids[:, 1]))

    def partners_of(self, city: int) -> Ints:
        """Everybody the unpinned city might pair with, whatever the score."""
        for group in self.groups:
            if city in group.rows:
                return np.setdiff1d(group.cols, city)
            if city in group.cols:
                return group.rows
        return np.zeros(0, np.int64)


def prepare(problem: PairingProblem) -> Instance:
    """Make a valid problem ready to be solved. The order is drawn alike for all objectives."""
    problem = canonical_pairing(problem)
    hash = seed = problem_hash(problem)
    if problem.objective != ORDERED_BY:
        seed = problem_hash(replace(problem, objective=ORDERED_BY))
    codes = drawn_order(seed, (city.code for city in problem.cities))
    index = {code: i for i, code in enumerate(codes)}
    pins = index_pairs(problem.pins, index)
    free = np.ones(len(codes), np.bool_)
    free[pins.ravel()] = False
    features, forbids = build_features(problem, codes), index_pairs(problem.forbids, index)
    by_code = {city.code: city for city in problem.cities}
    cities = [by_code[code] for code in codes]
    return Instance(
        problem=problem,
        hash=hash,
        features=features,
        groups=_groups(problem, cities, free),
        right=np.array([city.side == "right" for city in cities], np.bool_),
        pins=pins,
        forbids=forbids,
        specials=find_specials(features, problem.weights, forbids),
        benefit_error=benefit_error(features),
    )


def _groups(problem: PairingProblem, cities: list[City], free: Flags) -> tuple[Group, ...]:
    left = np.array([city.side == "left" for city in cities], np.bool_)
    groups = []
    for level in ("city", "state"):
        here = free & np.array([city.level == level for city in cities], np.bool_)
        if problem.sides == "one":
            groups.append(Group(np.flatnonzero(here), np.flatnonzero(here), pool=True))
        else:
            groups.append(Group(np.flatnonzero(here & left), np.flatnonzero(here & ~left), False))
    return tuple(group for group in groups if len(group.rows) and len(group.cols))
