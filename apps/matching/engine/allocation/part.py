"""A part of a problem that nothing joins to the rest, and its lexicographic optimum."""

from dataclasses import dataclass

import numpy as np

from apps.matching.engine.problem import Policy

from .filling import Filling, Prices
from .fitting import Arcs, Fitting
from .lots import repair
from .matches import Matches
from .merging import merge
from .rows import Ints, Rows, ranges
from .transport import Transport
from .weights import Weights, bands


@dataclass(frozen=True, slots=True)
class Part:
    """Offers (o,) and needs (n,) by their rows in the whole, and all that is known of them."""

    offers: Ints
    needs: Ints
    rows: Rows
    weights: Weights
    policy: Policy


@dataclass(frozen=True, slots=True)
class Solved:
    """Units (m,) of offers for needs (rows of the whole), and those of the optimum without lots;
    prices that prove it: of the first stage (None unless counterparts come first) and of the
    filling."""

    offer: Ints
    need: Ints
    units: Ints
    relaxed: Ints
    pair: Prices | None
    fill: Prices


def solve_part(part: Part) -> Solved:
    """The best flow: counterparts first if the policy says so, then the whole network."""
    return _Solver(part).solve()


class _Solver:
    """Targets are the needs, and after them those with a counterpart that offers something, once
    more, for the units that `pair_first` fixes from there."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.rows = part.rows
        self.fitting = Fitting(part.rows)
        self.n = len(part.needs)
        with_partner = np.flatnonzero(self.rows.partner[self.rows.need_city] >= 0)
        self.own = self.fitting.between(
            with_partner, self.rows.partner[self.rows.need_city[with_partner]]
        )
        self.paired = np.unique(self.own.need)

    def solve(self) -> Solved:
        fixed = pair = None
        if self.part.policy == "pair_first":
            fixed, pair = self._pair()
        near = self.own.with_others(self._tied())
        matches, fill = Filling(
            self.rows,
            self.fitting,
            self.part.weights,
            near,
            self.paired,
            fixed,
        ).solve()
        matches = merge(self.rows, self.fitting, matches, fill.offers)
        repaired = repair(self.rows, self.fitting, matches, self.part.policy)
        offer, need, units, relaxed = _side_by_side(repaired, matches)
        return Solved(self.part.offers[offer], self.part.needs[need], units, relaxed, pair, fill)

    def _pair(self) -> tuple[Ints, Prices]:
        """Units that each need (n,) gets from its counterpart, and the prices that prove it."""
        place = np.searchsorted(self.paired, self.own.need)
        none = np.zeros(len(self.paired), np.int64)
        need, units, steps = bands(
            self.rows.quantity[self.paired], self.rows.tier[self.paired], none
        )
        o = len(self.rows.supply)
        solution = Transport(
            supply=self.rows.supply,
            demand=none,
            hubs=0,
            tail=self.own.offer,
            head=o + place,
            worth=np.zeros(len(self.own), np.int64),
            band_target=need,
            band_units=units,
            band_worth=steps * self.part.weights.band,
        ).solve()
        fixed, value = np.zeros((2, self.n), np.int64)
        np.add.at(fixed, self.own.need, solution.units)
        value[self.paired] = solution.value
        return fixed, Prices(solution.price, np.zeros_like(value), value)

    def _tied(self) -> Arcs:
        """Arcs along sister ties, counterparts' left out."""
        rows, cities = self.rows, len(self.rows.partner)
        first = np.searchsorted(rows.ties, rows.need_city * cities)
        counts = np.searchsorted(rows.ties, (rows.need_city + 1) * cities) - first
        need = np.repeat(np.arange(self.n), counts)
        giver = rows.ties[ranges(first, counts)] - rows.need_city[need] * cities
        stranger = giver != rows.partner[rows.need_city[need]]
        return self.fitting.between(need[stranger], giver[stranger])


def _side_by_side(some: Matches, others: Matches) -> tuple[Ints, Ints, Ints, Ints]:
    """Every pair of either: offer, need, units in the one and in the other."""
    if some is others:
        return some.offer, some.need, some.units, others.units
    size = int(max(some.offer.max(initial=0), others.offer.max(initial=0))) + 1
    keys, other_keys = (each.need * size + each.offer for each in (some, others))
    every = np.union1d(keys, other_keys)
    units, other_units = np.zeros((2, len(every)), np.int64)
    units[np.searchsorted(every, keys)] = some.units
    other_units[np.searchsorted(every, other_keys)] = others.units
    return every % size, every // size, units, other_units
