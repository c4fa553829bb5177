"""A pairing problem made ready: canonical, in drawn order, as arrays, split into groups."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from apps.matching.engine.canonical import canonical_pairing, drawn_order, problem_hash
from apps.matching.engine.problem import PairingProblem
from apps.matching.engine.ties import index_pairs

from .features import Features, Flags, Ints, build_features
from .scores import Block, cells_of, score_block

BLOCK_ROWS = 64


@dataclass(frozen=True, slots=True)
class Group:
    """Unpinned cities of one level that may pair: `rows` with `cols`, in one pool the same."""

    rows: Ints
    cols: Ints
    pool: bool


@dataclass(frozen=True, slots=True)
class Instance:
    """Cities are indices into `features.codes`; `pins` and `forbids` are rows of two indices."""

    problem: PairingProblem
    seed: str
    features: Features
    groups: tuple[Group, ...]
    pins: Ints
    forbids: Ints

    def score(self, rows: Ints, cols: Ints) -> Block:
        return score_block(self.features, self.problem.weights, rows, cols)

    def blocks(self) -> Iterator[tuple[Ints, Ints, Flags, Block, float]]:
        """Rows, columns, pairs to look at, their scores, and the share of rows done so far.

        Every possible pair is looked at once, in one pool as (earlier, later).
        """
        whole = sum(len(group.rows) for group in self.groups)
        done = 0
        for group in self.groups:
            for start in range(0, len(group.rows), BLOCK_ROWS):
                rows = group.rows[start : start + BLOCK_ROWS]
                cols = group.cols[start:] if group.pool else group.cols
                seen = np.ones((len(rows), len(cols)), np.bool_)
                done += len(rows)
                yield (
                    rows,
                    cols,
                    np.triu(seen, 1) if group.pool else seen,
                    self.score(rows, cols),
                    done / whole,
                )

    def forbidden(self, rows: Ints, cols: Ints) -> Flags:
        """The forbidden pairs of a block, (r, c)."""
        flags = np.zeros((len(rows), len(cols)), np.bool_)
        for ends in (self.forbids, self.forbids[:, ::-1]):
            flags[cells_of(self.features, ends, rows, cols)] = True
        return flags

    def possible(self, block: Block) -> Flags:
        """The pairs of a block that are related and reach the floor, forbidden or not."""
        return block.related & (block.score >= self.problem.floor)

    def partners_of(self, city: int) -> Ints:
        """Everybody the unpinned city might pair with, whatever the score."""
        for group in self.groups:
            if city in group.rows:
                return np.setdiff1d(group.cols, city)
            if city in group.cols:
                return group.rows
        return np.zeros(0, np.int64)


def prepare(problem: PairingProblem) -> Instance:
    """Make a valid problem ready to be solved."""
    problem = canonical_pairing(problem)
    seed = problem_hash(problem)
    codes = drawn_order(seed, (city.code for city in problem.cities))
    index = {code: i for i, code in enumerate(codes)}
    pins = index_pairs(problem.pins, index)
    free = np.ones(len(codes), np.bool_)
    free[pins.ravel()] = False
    return Instance(
        problem=problem,
        seed=seed,
        features=build_features(problem, codes),
        groups=_groups(problem, codes, free),
        pins=pins,
        forbids=index_pairs(problem.forbids, index),
    )


def _groups(problem: PairingProblem, codes: tuple[str, ...], free: Flags) -> tuple[Group, ...]:
    by_code = {city.code: city for city in problem.cities}
    cities = [by_code[code] for code in codes]
    left = np.array([city.side == "left" for city in cities], np.bool_)
    groups = []
    for level in ("city", "state"):
        here = free & np.array([city.level == level for city in cities], np.bool_)
        if problem.sides == "one":
            groups.append(Group(np.flatnonzero(here), np.flatnonzero(here), pool=True))
        else:
            groups.append(Group(np.flatnonzero(here & left), np.flatnonzero(here & ~left), False))
    return tuple(group for group in groups if len(group.rows) and len(group.cols))
