"""Each city's best candidates, and what choosing one of them would cost the network."""

from dataclasses import dataclass

import numpy as np

from apps.matching.engine.problem import UNIT

from .candidates import Candidates
from .features import Ints
from .instance import Instance
from .optimum import Dual


@dataclass(frozen=True, slots=True)
class Ranking:
    """Every candidate of every city, best first: `key` (2m,) sorts by city, falling score, and
    the order drawn; `edge` (2m,) is the candidate's row, `lowest` (m,) its lowest benefit."""

    n: int
    key: Ints
    edge: Ints
    lowest: Ints

    def best_of(self, city: int, count: int) -> list[tuple[int, int, int]]:
        """The city's best candidates as (partner, score, row of candidates)."""
        block = (UNIT + 1) * self.n
        start, end = np.searchsorted(self.key, (city * block, (city + 1) * block))
        here = slice(start, min(end, start + count))
        keys = self.key[here] - city * block
        scores = UNIT - keys // self.n
        return list(
            zip((keys % self.n).tolist(), scores.tolist(), self.edge[here].tolist(), strict=True)
        )


def rank(instance: Instance, candidates: Candidates) -> Ranking:
    """Sort the candidates of all n cities at once."""
    n = len(instance.features.codes)
    city = np.concatenate((candidates.first, candidates.second))
    other = np.concatenate((candidates.second, candidates.first))
    score = np.concatenate((candidates.score, candidates.score))
    key = (city * (UNIT + 1) + UNIT - score) * n + other
    order = np.argsort(key)
    edge = order % max(len(candidates), 1)
    return Ranking(n, key[order], edge, candidates.lowest_benefit(instance.features))


def least_loss(instance: Instance, dual: Dual, a: int, b: int, score: int) -> int:
    """What the optimum loses at least if a and b must pair: the reduced cost, rounded up."""
    worth = 2 + int(instance.features.critical[[a, b]].sum())
    price = int(dual.price[a] + dual.price[b])
    for members, odd_price in dual.odd_sets:
        if a in members and b in members:
            price += odd_price
    return -((dual.denominator * (dual.step * worth + score) - price) // dual.denominator)
