"""A part of a problem that nothing joins to the rest, and its lexicographic optimum."""

from dataclasses import dataclass

import numpy as np

from apps.matching.engine.problem import Policy

from .chains import Splitter
from .fitting import Arcs, Fitting
from .hubs import build_hubs
from .lots import repair
from .rows import COUNTERPART, Flags, Ints, Rows, ranges
from .transport import Solution, Transport
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
class Prices:
    """Dual prices of a stage: of the part's offers (o,), its needs (n,), and its needs for the
    units fixed from their counterpart (n,)."""

    offers: Ints
    needs: Ints
    pairs: Ints


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
        fixed = np.zeros(self.n, np.int64)
        pair = None
        if self.part.policy == "pair_first":
            fixed, pair = self._pair()
        near = _join(self.own, self._tied())
        explicit = np.zeros(self.n, np.bool_)
        while True:
            solution, matches, failed = self._fill(near, fixed, explicit)
            if not failed:
                break
            explicit[sorted(failed)] = True
        repaired = repair(self.rows, self.fitting, matches, self.part.policy)
        keys = sorted(matches.keys() | repaired.keys())
        offer, need = np.array(keys, np.int64).reshape(-1, 2).T
        return Solved(
            offer=self.part.offers[offer],
            need=self.part.needs[need],
            units=np.array([repaired.get(key, 0) for key in keys], np.int64),
            relaxed=np.array([matches.get(key, 0) for key in keys], np.int64),
            pair=pair,
            fill=self._prices(solution),
        )

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

    def _fill(
        self, near: Arcs, fixed: Ints, explicit: Flags
    ) -> tuple[Solution, dict[tuple[int, int], int], set[int]]:
        """The whole network, with `fixed` units per need from its counterpart. Needs marked as
        `explicit` get an arc from every offer that fits, the others use the hubs."""
        rows, weights, o = self.rows, self.part.weights, len(self.rows.supply)
        own_first = self.part.policy == "pair_first"
        arcs = near.subset(~explicit[near.need])
        arcs = _join(arcs, self.fitting.all_to(np.flatnonzero(explicit)))
        relation = rows.relation(rows.offer_city[arcs.offer], rows.need_city[arcs.need])
        is_fixed = own_first & (relation == COUNTERPART)
        place = np.where(is_fixed, self.n + np.searchsorted(self.paired, arcs.need), arcs.need)
        hubs = build_hubs(rows, np.flatnonzero(~explicit))
        t = self.n + (len(self.paired) if own_first else 0)
        hub = o + t
        need, units, steps = bands(rows.quantity, rows.tier, fixed)
        onward = hubs.onward
        entering = np.zeros(len(hubs.enter_hub) + len(onward), np.int64)
        solution = Transport(
            supply=rows.supply,
            demand=np.concatenate((np.zeros(self.n, np.int64), fixed[self.paired]))[:t],
            hubs=len(hubs),
            tail=np.concatenate((arcs.offer, hub + hubs.leave_hub, hubs.enter_offer, hub + onward)),
            head=np.concatenate(
                (o + place, o + hubs.leave_need, hub + hubs.enter_hub, hub + onward + 1)
            ),
            worth=np.concatenate(
                (
                    weights.bonus(relation, arcs.own),
                    weights.tie * hubs.leave_tied + hubs.leave_own,
                    entering,
                )
            ),
            band_target=need,
            band_units=units,
            band_worth=steps * weights.band,
        ).solve()
        a, b = len(arcs), len(arcs) + len(hubs.leave_hub)
        splitter = Splitter(rows)
        c = b + len(hubs.enter_hub)
        splitter.split(hubs, solution.units[b:c], solution.units[a:b])
        for at in np.flatnonzero(solution.units[:a]).tolist():
            splitter.matches[int(arcs.offer[at]), int(arcs.need[at])] += int(solution.units[at])
        matches = {key: units for key, units in splitter.matches.items() if units}
        return solution, matches, splitter.failed

    def _prices(self, solution: Solution) -> Prices:
        pairs = np.zeros(self.n, np.int64)
        if len(solution.value) > self.n:
            pairs[self.paired] = solution.value[self.n :]
        return Prices(solution.price, solution.value[: self.n], pairs)


def _join(some: Arcs, others: Arcs) -> Arcs:
    return Arcs(
        np.concatenate((some.offer, others.offer)),
        np.concatenate((some.need, others.need)),
        np.concatenate((some.own, others.own)),
    )
