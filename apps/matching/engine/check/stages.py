"""Do the prices of every stage prove that no allowed flow is better, stage after stage?

The argument is complementary slackness: a flow that uses only arcs whose price equals the need's
value plus the arc's worth, fills every band worth more than the value and none worth less, and
uses up every offer that has a price, is optimal for the stage; and the flows of which that holds
are all that are optimal. Each stage is asked only about what the stages before it left open.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from apps.matching.engine.problem import AllocationProblem
from apps.matching.engine.result import AllocationResult, Stage, StageName

from .fitting import Fitting, Ints
from .violations import Violation

Flags = NDArray[np.bool_]

BANDS = 10
LARGEST = 2**58
OWN, TIE, STATE_TIE = 3, 2, 1


@dataclass(frozen=True, slots=True)
class Network:
    """What is still open: arcs (m,), offers that may keep units (o,), bands of fairness (b,) with
    their need, room, worth and filling. `paired` arcs (m,) bring units fixed from the counterpart,
    the other arcs feed the bands; `left` (o,) are the units that offers keep."""

    arcs: Flags
    paired: Flags
    spare: Flags
    left: Ints
    band_need: Ints
    band_room: Ints
    band_worth: Ints
    band_filled: Ints


class StageCheck:
    """The needs (n,) that knowledge does not serve and the offers (o,) as rows of `fitting`, with
    all arcs (m,) between them, sorted by need and offer, and the result's units on them.

    Expects matches that are allowed, need by need and offer by offer.
    """

    def __init__(
        self, problem: AllocationProblem, result: AllocationResult, fitting: Fitting
    ) -> None:
        self.certificate = result.certificate
        self.pair_first = problem.policy == "pair_first"
        served = {match.need for match in result.matches if match.quantity is None}
        needs = [need for need in problem.needs if need.id not in served]
        self.need_row = {need.id: i for i, need in enumerate(needs)}
        self.offer_row = {offer.id: i for i, offer in enumerate(fitting.rows)}
        self.supply = np.array([offer.quantity or 0 for offer in fitting.rows], np.int64)
        self.quantity = np.array([need.quantity or 1 for need in needs], np.int64)
        self.tier = np.array([need.tier for need in needs], np.int64)
        found = [fitting.fitting_offers(need) for need in needs]
        none = np.zeros(0, np.int64)
        start = np.cumsum([0, *(len(rows) for rows, _ in found)])
        self.need = np.repeat(np.arange(len(found)), np.diff(start))
        self.offer = np.concatenate([none, *(rows for rows, _ in found)])
        self.closeness = np.concatenate([none, *(closeness for _, closeness in found)])
        self.units = np.zeros(len(self.offer), np.int64)
        for match in result.matches:
            if match.quantity is not None:
                need, offer = self.need_row[match.need], self.offer_row[match.offer]
                at = start[need] + np.searchsorted(found[need][0], offer)
                self.units[at] = match.quantity

    def violations(self) -> list[Violation]:
        """The first stage that proves nothing: the flow is not the best, or the prices are off."""
        stages = {stage.name: stage for stage in self.certificate}
        own = self.closeness == OWN
        tie = np.where(self.closeness == TIE, 2, np.where(self.closeness == STATE_TIE, 1, 0))
        worth: dict[StageName, Ints] = {"fill": tie * 0}
        if not self.pair_first:
            worth["counterpart"] = own.astype(np.int64)
        worth["tie"] = tie
        order = [*(["pair"] if self.pair_first else []), *worth]
        names = [stage.name for stage in self.certificate]
        if names != [name for name in order if name in stages] or not self._are_readable():
            return [Violation("not_optimal", "certificate")]
        if self.pair_first:
            pairs = self._network(own, np.zeros_like(own), np.where(own, self.units, 0))
            if self._after(stages.get("pair"), pairs, tie * 0) is None:
                return [Violation("not_optimal", "pair")]
        network: Network | None = self._network(
            np.ones_like(own), own & self.pair_first, self.units
        )
        for name, arc_worth in worth.items():
            network = network and self._after(stages.get(name), network, arc_worth)
            if network is None:
                return [Violation("not_optimal", name)]
        return []

    def consignments_at_least(self) -> int:
        """Offers that every need takes at least, if it may have the largest ones alone."""
        count = 0
        filled = self._by_need(self.units)
        start = np.searchsorted(self.need, np.arange(len(filled) + 1))
        for need in np.flatnonzero(filled).tolist():
            supply = np.sort(self.supply[self.offer[start[need] : start[need + 1]]])[::-1]
            count += 1 + int(np.searchsorted(np.cumsum(supply), filled[need]))
        return count

    def _by_need(self, units: Ints) -> Ints:
        sums = np.zeros(len(self.quantity), np.int64)
        np.add.at(sums, self.need, units)
        return sums

    def _network(self, arcs: Flags, paired: Flags, units: Ints) -> Network:
        """All of the bands above the units that come along `paired` arcs, and nothing settled."""
        fixed, total = self._by_need(np.where(paired, units, 0)), self._by_need(units)
        left = self.supply.copy()
        np.subtract.at(left, self.offer, units)
        need = np.repeat(np.arange(len(total)), BANDS)
        band = np.tile(np.arange(BANDS), len(total))
        low = np.maximum(band * self.quantity[need] // BANDS, fixed[need])
        high = np.maximum((band + 1) * self.quantity[need] // BANDS, fixed[need])
        return Network(
            arcs=arcs,
            paired=paired,
            spare=np.ones(len(left), np.bool_),
            left=left,
            band_need=need,
            band_room=high - low,
            band_worth=(4 - self.tier[need]) * BANDS + BANDS - band,
            band_filled=np.clip(total[need] - low, 0, high - low),
        )

    def _after(self, stage: Stage | None, network: Network, worth: Ints) -> Network | None:
        """What the stage leaves open; None when its prices do not prove the flow best."""
        stage = stage or Stage("fill", (), (), ())
        price = _values(stage.offer_prices, self.offer_row)
        need_value = _values(stage.need_values, self.need_row)
        pair_value = _values(stage.pair_values, self.need_row)
        if stage.name == "pair":
            need_value = pair_value
        value = np.where(network.paired, pair_value[self.need], need_value[self.need])
        reduced = price[self.offer] - value - worth
        fed = np.zeros(len(need_value), np.bool_)
        fed[self.need[network.arcs & ~network.paired]] = True
        gain = np.where(
            fed[network.band_need], network.band_worth - need_value[network.band_need], 0
        )
        fails = (
            (network.arcs & ((reduced < 0) | ((reduced > 0) & (self.units > 0)))).any()
            or (network.spare & ((price < 0) | ((price > 0) & (network.left > 0)))).any()
            or (gain > 0)[network.band_filled < network.band_room].any()
            or (gain < 0)[network.band_filled > 0].any()
        )
        if fails:
            return None
        even = gain == 0
        return replace(
            network,
            arcs=network.arcs & (reduced == 0),
            spare=network.spare & (price == 0),
            band_need=network.band_need[even],
            band_room=network.band_room[even],
            band_worth=np.zeros(int(even.sum()), np.int64),
            band_filled=network.band_filled[even],
        )

    def _are_readable(self) -> bool:
        return all(
            {row for row, _ in rows} <= known.keys()
            and len(dict(rows)) == len(rows)
            and all(abs(number) < LARGEST for _, number in rows)
            for stage in self.certificate
            for rows, known in (
                (stage.offer_prices, self.offer_row),
                (stage.need_values, self.need_row),
                (stage.pair_values, self.need_row),
            )
        )


def _values(rows: tuple[tuple[int, int], ...], index: Mapping[int, int]) -> Ints:
    """Numbers by row, 0 where none is given."""
    values = np.zeros(len(index), np.int64)
    for key, number in rows:
        values[index[key]] = number
    return values
