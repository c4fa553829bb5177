"""Do the prices of both stages prove that no allowed flow is better, lots left aside?

The argument is complementary slackness: a flow that uses only arcs whose price equals the need's
value plus the arc's worth, fills every band worth more than the value and none worth less, and
uses up every offer that has a price, has the greatest worth of all. And the worths are so far
apart that the greatest is the lexicographic optimum: a simple cycle of changes takes at most as
many new arcs as there are offers, or needs to serve, in a group of items.
"""

from collections import Counter, defaultdict

import numpy as np

from apps.matching.engine.problem import AllocationProblem, Need
from apps.matching.engine.result import AllocationResult, Stage

from .fitting import Fitting, Ints
from .undercut import undercut
from .violations import Violation

BANDS = 10
LARGEST = 2**61
OWN = 3


class StageCheck:
    """The flow without lots: the result's matches, but for what its relaxation lists.

    Expects matches that are allowed, and a relaxation that names known postings.
    """

    def __init__(
        self, problem: AllocationProblem, result: AllocationResult, fitting: Fitting
    ) -> None:
        self.fitting = fitting
        self.certificate = result.certificate
        self.pair_first = problem.policy == "pair_first"
        served = {match.need for match in result.matches if match.quantity is None}
        self.needs = [need for need in problem.needs if need.id not in served]
        self.supply = fitting.supply
        self.item = np.array([fitting.item_number[o.item] for o in fitting.rows], np.int64)
        self.row = {offer.id: i for i, offer in enumerate(fitting.rows)}
        flows = {(m.offer, m.need): m.quantity for m in result.matches if m.quantity is not None}
        self.relaxation = result.relaxation
        flows |= {(offer, need): units for offer, need, units in self.relaxation}
        self.units: dict[int, dict[int, int]] = defaultdict(dict)
        for (offer, need), units in flows.items():
            if units:
                self.units[need][self.row[offer]] = units
        stages = {stage.name: stage for stage in self.certificate}
        self.pair = stages.get("pair", Stage("pair", 0, 0, 0, (), (), ()))
        self.fill = stages.get("fill", Stage("fill", 0, 0, 0, (), (), ()))
        self.without_lots = {need.id: sum(self.units[need.id].values()) for need in self.needs}
        self.pair_without_lots = {
            need.id: sum(
                units
                for row, units in self.units[need.id].items()
                if fitting.relation(fitting.rows[row].city, need.city) == "counterpart"
            )
            for need in self.needs
        }

    def violations(self) -> list[Violation]:
        """The first thing that proves nothing: the form, the weights, or a stage."""
        names = ["pair", "fill"] if self.pair_first else ["fill"]
        found = [stage.name for stage in self.certificate]
        if found not in (names, []) or not self._are_readable() or not self._is_allowed():
            return [Violation("not_optimal", "certificate")]
        if not all(self._are_apart(stage) for stage in self.certificate):
            return [Violation("not_optimal", "weights")]
        self._price = {"pair": self._prices(self.pair), "fill": self._prices(self.fill)}
        self._values = dict(self.fill.need_values)
        self._pair_values = {
            stage.name: dict(stage.pair_values) for stage in (self.pair, self.fill)
        }
        wrong = self._wrong_prices()
        suspects = undercut(self.fitting, self.needs, self._price["fill"], self._values)
        for need in self.needs:
            if not found or need.id in suspects or self._may_be_wrong_at(need):
                wrong |= self._wrong_at(need, empty=not found)
        return [Violation("not_optimal", min(wrong, key=("pair", "fill").index))] if wrong else []

    def _is_allowed(self) -> bool:
        """May the flow flow? Its arcs fit, and neither offers nor needs are exceeded."""
        given: Counter[int] = Counter()
        known = {need.id: need for need in self.needs}
        for id, flows in self.units.items():
            need = known.get(id)
            if not flows:
                continue
            if (
                need is None
                or sum(flows.values()) > (need.quantity or 1)
                or min(flows.values()) < 0
            ):
                return False
            given.update(flows)
        barred = any(
            any(self.fitting.obstacles(self.fitting.offers[offer], self.fitting.needs[need]))
            for offer, need, units in self.relaxation
            if units
        )
        return not barred and all(units <= self.supply[row] for row, units in given.items())

    def _are_readable(self) -> bool:
        known = {need.id for need in self.needs}
        return all(
            {row for row, _ in rows} <= ids
            and len(dict(rows)) == len(rows)
            and all(abs(number) < LARGEST for _, number in rows)
            for stage in self.certificate
            for rows, ids in (
                (stage.offer_prices, self.row.keys()),
                (stage.need_values, known),
                (stage.pair_values, known),
            )
        )

    def _are_apart(self, stage: Stage) -> bool:
        """Is each worth more than all below it can come to along a cycle?"""
        most = self._longest_cycle()
        highest = 2 * stage.tie_worth + 1
        good = stage.tie_worth > most
        if not self.pair_first:
            good = good and stage.counterpart_worth > most * highest
            highest = max(highest, stage.counterpart_worth + 1)
        return good and most * highest < stage.band_worth < LARGEST // 100

    def _longest_cycle(self) -> int:
        offers: Counter[int] = Counter()
        targets: Counter[int] = Counter()
        for row, units in enumerate(self.supply.tolist()):
            offers[self.fitting.group[self.fitting.rows[row].item]] += units > 0
        for need in self.needs:
            targets[self.fitting.group[need.item]] += 2 if self.pair_first else 1
        return max((min(offers[group], targets[group]) for group in targets), default=0)

    def _wrong_prices(self) -> set[str]:
        """Stages in which an offer's price is below 0, or above 0 with something left."""
        left = {name: self.supply.copy() for name in self._price}
        for need in self.needs:
            for row, units in self.units[need.id].items():
                left["fill"][row] -= units
                if self.fitting.relation(self.fitting.rows[row].city, need.city) == "counterpart":
                    left["pair"][row] -= units
        return {
            name
            for name, price in self._price.items()
            if (price < 0).any() or ((price > 0) & (left[name] > 0)).any()
        }

    def _prices(self, stage: Stage) -> Ints:
        price = np.zeros(len(self.supply), np.int64)
        for offer, number in stage.offer_prices:
            price[self.row[offer]] = number
        return price

    def _may_be_wrong_at(self, need: Need) -> bool:
        """The same as `_wrong_at` in doubt, asked only of offers that units flow from and of
        cities that something joins to the need's: no other undercuts it."""
        rows, closeness = self.fitting.related_offers(need, self.units[need.id])
        return bool(self._judge(need, rows, closeness, others=True))

    def _wrong_at(self, need: Need, *, empty: bool) -> set[str]:
        """Stages whose prices prove nothing at the need."""
        rows, closeness = self.fitting.fitting_offers(need)
        if empty:
            return {"fill"} if (self.supply[rows] > 0).any() else set()
        return self._judge(need, rows, closeness, others=False)

    def _judge(self, need: Need, rows: Ints, closeness: Ints, *, others: bool) -> set[str]:
        """What is wrong with the prices of offers (k,) that fit, `others` if there may be more
        that do."""
        some = self.supply[rows] > 0
        rows, closeness = rows[some], closeness[some]
        units = np.zeros(len(rows), np.int64)
        flows = self.units[need.id]
        units[np.searchsorted(rows, list(flows))] = list(flows.values())
        own = closeness == OWN
        wrong = set()
        if self.pair_first and self._pair_is_wrong(need, rows[own], units[own]):
            wrong.add("pair")
        if self._fill_is_wrong(need, rows, closeness, units, others=others):
            wrong.add("fill")
        return wrong

    def _pair_is_wrong(self, need: Need, rows: Ints, units: Ints) -> bool:
        """`rows` are the counterpart's offers (k,) that fit."""
        value = self._pair_values["pair"].get(need.id, 0)
        slack, filled = self._price["pair"][rows] - value, int(units.sum())
        return _loose(slack, units) or (
            len(rows) > 0 and self._band(need, self.pair, value, 0, filled)
        )

    def _fill_is_wrong(
        self, need: Need, rows: Ints, closeness: Ints, units: Ints, *, others: bool
    ) -> bool:
        """Units fixed from the counterpart have a value of their own and no bonus."""
        value, fixed_value = (
            values.get(need.id, 0) for values in (self._values, self._pair_values["fill"])
        )
        is_fixed = (closeness == OWN) & self.pair_first
        tie = self.fill.tie_worth
        bonus = np.array([0, tie, 2 * tie, self.fill.counterpart_worth], np.int64)[closeness]
        same = self.item[rows] == self.fitting.item_number[need.item]
        worth = np.where(is_fixed, fixed_value, value + bonus) + same
        floor = int(units[is_fixed].sum())
        return _loose(self._price["fill"][rows] - worth, units) or (
            (others or not is_fixed.all())
            and self._band(need, self.fill, value, floor, int(units.sum()))
        )

    def _band(self, need: Need, stage: Stage, value: int, floor: int, filled: int) -> bool:
        """Is a band above the first `floor` units worth more than the value and not full, or worth
        less and not empty?"""
        quantity = need.quantity or 1
        highest = (5 - need.tier) * BANDS
        full = min(max(highest - value // stage.band_worth, 0), BANDS)
        reach = min(max(highest + -value // stage.band_worth + 1, 0), BANDS)
        least, most = (max(band * quantity // BANDS, floor) for band in (full, reach))
        return not least <= filled <= most


def _loose(slack: Ints, units: Ints) -> bool:
    """Is an arc worth more than its price, or used although it is worth less?"""
    return bool(((slack < 0) | ((slack > 0) & (units > 0))).any())
