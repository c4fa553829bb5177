"""Shortest paths over all pairs of two sides, from a proved pairing: who moves when one goes or comes.

The length of a pair is its reduced cost, prices minus weight; a path alternates between pairs that
come and pairs that go, and ends where a city is alone or may stay alone at its price. Source:
J. Edmonds, R. M. Karp, Theoretical improvements in algorithmic efficiency for network flow
problems, J. ACM 19 (1972).
"""

from dataclasses import dataclass

import numpy as np

from apps.matching.engine.result import Proof

from .candidates import NO_LIMIT
from .dense import Dense
from .features import Flags, Ints
from .instance import Instance
from .nested import ALONE
from .scores import score_pairs

FAR = 2**62


@dataclass(frozen=True, slots=True)
class Place:
    """The cheapest place for a city: where its path ends, what it costs, how far the rows are that
    were reached, and of each column passed how far it is and by way of which row."""

    end: int
    cost: int
    rows: dict[int, int]
    columns: dict[int, tuple[int, int]]


class Paths:
    """A pairing `partner` (n,) and its prices (n,), changed as cities are removed."""

    def __init__(self, instance: Instance, proof: Proof, partner: Ints, price: Ints) -> None:
        self.instance = instance
        self.features = instance.features
        self.proof = proof
        self.partner = partner.copy()
        self.price = price.copy()
        self.worth = 1 + instance.features.critical.astype(np.int64)
        self.gone = np.zeros(len(price), np.bool_)
        self.forbidden = instance.forbidden_keys()

    def remove(self, cities: list[int]) -> int:
        """Take cities out; returns by how much the weight of the optimum falls."""
        lost = int(self.price[cities].sum())
        self.gone[cities] = True
        left_over = [int(self.partner[city]) for city in cities if self.partner[city] != ALONE]
        self.partner[[*cities, *left_over]] = ALONE
        for city in left_over:
            if not self.gone[city] and self.partner[city] == ALONE:
                lost += self._settle(city)
        return lost

    def second(self, city: int) -> int:
        """By how much the weight of the optimum would rise with a second city like this one.

        At the same price it fits everywhere; it gains that price less what its place costs.
        """
        price = int(self.price[city])
        return price - self._place(city).cost if price else 0

    def _settle(self, root: int) -> int:
        """Find a place for a city that is left over, by moving others; returns what that costs."""
        place = self._place(root)
        for city, at in place.rows.items():
            self.price[city] -= max(place.cost - at, 0)
        for city, (at, _) in place.columns.items():
            self.price[city] += max(place.cost - at, 0)
        self._move(place.end, {city: row for city, (_, row) in place.columns.items()})
        return place.cost

    def _place(self, root: int) -> Place:
        """Where a city that has no partner, or one like it, finds its place."""
        dense = self._against(root)
        columns = dense.columns.cities
        length, via = np.full(len(columns), FAR), np.full(len(columns), ALONE)
        open_to = ~self.gone[columns]
        reached, passed = {root: 0}, {}
        row, best, end = root, int(self.price[root]), root
        while True:
            self._relax(dense, row, reached[row], best, length, via)
            waiting = np.where(open_to, length, FAR)
            nearest = int(np.argmin(waiting))
            if waiting[nearest] >= best:
                break
            open_to[nearest] = False
            city, so_far = int(columns[nearest]), int(length[nearest])
            passed[city] = so_far, int(via[nearest])
            row = int(self.partner[city])
            if row == ALONE:
                best, end = so_far, city
                break
            reached[row] = so_far
            if so_far + self.price[row] < best:
                best, end = so_far + int(self.price[row]), row
        return Place(end, best, reached, passed)

    def _against(self, city: int) -> Dense:
        return self.instance.dense(self.instance.partners_of(city))

    def _move(self, end: int, via: dict[int, int]) -> None:
        """Pair along the path that ends in a column, or in a row that stays alone."""
        if end not in via:
            before, self.partner[end] = int(self.partner[end]), ALONE
            if before == ALONE:
                return
            end = before
        while end != ALONE:
            row = via[end]
            before = int(self.partner[row])
            self.partner[row], self.partner[end] = end, row
            end = before

    def _relax(
        self, dense: Dense, row: int, so_far: int, best: int, length: Ints, via: Ints
    ) -> None:
        """Shorten what is reached through a row, as far as it stays below the best end."""
        line = next(dense.lines(np.array([row])))
        columns = dense.columns.cities
        step = self.proof.step
        bars = (self.price[columns] - step * self.worth[columns]).astype(np.float64)
        bars += float(so_far + self.price[row] - step * self.worth[row])
        shortest = bars - line.score - dense.score_error
        near = np.flatnonzero((shortest < np.minimum(length, best)) & line.related)
        near = near[self._may_pair(row, columns[near])]
        cities = columns[near]
        ends = np.full(len(cities), row), cities
        scored = score_pairs(self.features, self.instance.problem.weights, *ends)
        weight = step * (self.worth[row] + self.worth[cities]) + scored.score
        reduced = so_far + self.price[row] + self.price[cities] - weight
        needs = self.features.has_needs
        lowest = np.minimum(
            np.where(needs(ends[0]), scored.benefit_a, NO_LIMIT),
            np.where(needs(cities), scored.benefit_b, NO_LIMIT),
        )
        shorter = scored.related & (scored.score >= self.instance.problem.floor)
        shorter &= (lowest >= self.proof.min_benefit) & (reduced < length[near])
        length[near[shorter]], via[near[shorter]] = reduced[shorter], row

    def _may_pair(self, row: int, cities: Ints) -> Flags:
        keys = self.instance.keys(np.full(len(cities), row), cities)
        may: Flags = ~self.gone[cities] & ~np.isin(keys, self.forbidden)
        return may
