"""The whole network of a part: built over hubs and groups, solved, and read back as matches."""

from dataclasses import dataclass

import numpy as np

from .chains import Splitter
from .fitting import Arcs, Fitting
from .grouping import Groups, group_needs, group_offers, share_needs, share_offers
from .hubs import Hubs, build_hubs
from .matches import Matches
from .rows import COUNTERPART, Flags, Ints, Rows
from .transport import Solution, Transport
from .weights import Weights, bands


@dataclass(frozen=True, slots=True)
class Prices:
    """Dual prices of a stage: of the part's offers (o,), its needs (n,), and its needs for the
    units fixed from their counterpart (n,)."""

    offers: Ints
    needs: Ints
    pairs: Ints


class Filling:
    """`near` are the arcs to be kept apart from the hubs, by ties and counterparts; `fixed` (n,)
    are the units that `paired` needs must get from their counterpart (None: nothing is fixed)."""

    def __init__(
        self,
        rows: Rows,
        fitting: Fitting,
        weights: Weights,
        near: Arcs,
        paired: Ints,
        fixed: Ints | None,
    ) -> None:
        self.rows, self.fitting, self.weights, self.near = rows, fitting, weights, near
        self.paired = paired if fixed is not None else paired[:0]
        self.fixed = np.zeros(len(rows.tier), np.int64) if fixed is None else fixed
        self.has_fixed = fixed is not None
        self.bands = bands(rows.quantity, rows.tier, self.fixed)

    def solve(self) -> tuple[Matches, Prices]:
        """The matches, and the prices that prove them best.

        A need whose share of the hubs is left with barred offers only gets arcs of its own from
        every offer, and the flow is solved anew: in the end all needs have, so there is an end.
        """
        explicit = np.zeros(len(self.rows.tier), np.bool_)
        while True:
            matches, prices, failed = self._attempt(explicit)
            if not failed:
                return matches, prices
            explicit[sorted(failed)] = True

    def _attempt(self, explicit: Flags) -> tuple[Matches, Prices, set[int]]:
        rows = self.rows
        arcs = self.near.subset(~explicit[self.near.need])
        arcs = arcs.with_others(self.fitting.all_to(np.flatnonzero(explicit)))
        relation = rows.relation(rows.offer_city[arcs.offer], rows.need_city[arcs.need])
        is_fixed = (relation == COUNTERPART) & self.has_fixed
        hubs = build_hubs(rows, np.flatnonzero(~explicit))
        giving, taking = np.zeros(len(rows.supply), np.bool_), explicit.copy()
        giving[arcs.offer] = True
        taking[arcs.need[~is_fixed]] = True
        offers, needs = group_offers(rows, hubs, giving), group_needs(rows, hubs, taking)
        solution = self._transport(arcs, relation, is_fixed, hubs, offers, needs).solve()
        a, b = len(arcs), len(arcs) + len(needs.arc_at)
        c = b + len(offers.arc_at)
        splitter = Splitter(rows, self.fitting)
        met = splitter.split(
            hubs.chain,
            share_offers(rows, offers, solution.units[b:c]),
            share_needs(needs, solution.units[a:b], self.bands),
        )
        used = solution.units[:a] > 0
        kept_apart = np.stack((arcs.offer[used], arcs.need[used], solution.units[:a][used]))
        matches = Matches.of(*np.concatenate((kept_apart, met), axis=1))
        return matches, self._prices(solution, offers, needs), splitter.failed

    def _transport(
        self,
        arcs: Arcs,
        relation: Ints,
        is_fixed: Flags,
        hubs: Hubs,
        offers: Groups,
        needs: Groups,
    ) -> Transport:
        """Arcs in this order: those kept apart, out of hubs, into hubs, from hub to hub."""
        o, n, onward = len(offers), len(needs), hubs.onward
        hub = o + n + len(self.paired)
        place = np.where(is_fixed, n + np.searchsorted(self.paired, arcs.need), needs.of[arcs.need])
        bonus = self.weights.bonus(np.where(is_fixed, 0, relation), arcs.own)
        leave = needs.arc_at
        entering = np.zeros(len(offers.arc_at) + len(onward), np.int64)
        supply = np.zeros(o, np.int64)
        np.add.at(supply, offers.of, self.rows.supply)
        target, units, step = self._group_bands(needs)
        return Transport(
            supply=supply,
            demand=np.concatenate((np.zeros(n, np.int64), self.fixed[self.paired])),
            hubs=len(hubs),
            tail=np.concatenate(
                (offers.of[arcs.offer], hub + needs.arc_hub, offers.arc_group, hub + onward)
            ),
            head=np.concatenate(
                (o + place, o + needs.arc_group, hub + offers.arc_hub, hub + onward + 1)
            ),
            worth=np.concatenate(
                (bonus, self.weights.tie * hubs.leave_tied[leave] + hubs.leave_own[leave], entering)
            ),
            band_target=target,
            band_units=units,
            band_worth=step * self.weights.band,
        )

    def _group_bands(self, needs: Groups) -> tuple[Ints, Ints, Ints]:
        """Bands of the groups, those of equal worth together: group, units, steps."""
        need, units, step = self.bands
        most = int(step.max(initial=0)) + 1
        keys, place = np.unique(needs.of[need] * most + step, return_inverse=True)
        sums = np.zeros(len(keys), np.int64)
        np.add.at(sums, place, units)
        return keys // most, sums, keys % most

    def _prices(self, solution: Solution, offers: Groups, needs: Groups) -> Prices:
        pairs = np.zeros(len(self.rows.tier), np.int64)
        pairs[self.paired] = solution.value[len(needs) :]
        return Prices(solution.price[offers.of], solution.value[needs.of], pairs)
