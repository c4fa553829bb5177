"""Why a match, and why a need stays open, as codes and parameters."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date
from heapq import merge
from itertools import islice

import numpy as np

from apps.matching.engine.problem import TIERS
from apps.matching.engine.reasons import reason
from apps.matching.engine.result import Reason

from .fitting import Fitting, Look
from .outcome import Outcome
from .rows import COUNTERPART, NEVER, RELATIONS, Ints, Posted, Rows
from .weights import BANDS

NAMES = 3


class Explainer:
    """Knows a solved problem; `flows` are its matches by offered item, largest first."""

    def __init__(self, posted: Posted, rows: Rows, fitting: Fitting, outcome: Outcome) -> None:
        self.posted = posted
        self.rows = rows
        self.fitting = fitting
        self.outcome = outcome
        flows = outcome.flows
        self.known = dict(
            zip(outcome.knowledge.need.tolist(), outcome.knowledge.fitting.tolist(), strict=True)
        )
        self.filled: list[int] = outcome.filled.tolist()
        self.quantity: list[int] = rows.quantity.tolist()
        self.arrival: list[int] = rows.arrival.tolist()
        self._tiers = {tier: reason("tier", tier=tier) for tier in TIERS}
        self._shares: dict[int, tuple[Reason, ...]] = {}
        self._arrivals: dict[tuple[int, date | None], Reason] = {}
        self.left = np.array([offer.quantity or 0 for offer in posted.offers], np.int64)
        np.subtract.at(self.left, flows.offer, flows.units)
        self.units: list[int] = flows.units.tolist()
        self.givers: list[int] = flows.offer.tolist()
        self.takers: list[int] = flows.need.tolist()
        self.flows: dict[int, list[int]] = {}
        used = np.lexsort((np.arange(len(flows)), -flows.units))
        items = rows.offer_item[flows.offer[used]].tolist()
        for row, item in zip(used.tolist(), items, strict=True):
            self.flows.setdefault(item, []).append(row)

    def match(self, offer: int, need: int, relation: int, units: int | None) -> tuple[Reason, ...]:
        """Reasons of so many units (None: knowledge) of an offer for a need."""
        give, take = self.posted.offers[offer], self.posted.needs[need]
        reasons = [
            self._tiers[take.tier],
            reason(f"from_{RELATIONS[relation]}", giver=give.city, receiver=take.city),
        ]
        if units is None:
            reasons.append(reason("knowledge", item=give.item, offers=self.known[need]))
        if give.item != take.item:
            reasons.append(reason("substitute", needed=take.item, offered=give.item))
        reasons += self._progress(need)
        reasons.append(self._arrival(self.arrival[offer], take.needed_by))
        if units is not None and give.pack > 1:
            reasons.append(reason("packs", packs=units // give.pack, units=give.pack))
        return tuple(reasons)

    def need(self, need: int) -> tuple[Reason, ...]:
        """Reasons why a need stays open, none where it is filled."""
        if self.filled[need] == self.quantity[need]:
            return ()
        look = self.fitting.look(need)
        reasons = []
        if len(look.fitting):
            offered = int(self.rows.supply[look.fitting].sum())
            reasons.append(reason("used_up", offers=len(look.fitting), offered=offered))
            reasons += self._lots(need, look.fitting)
            reasons += self._gone_to(need, look.fitting)
        return (*reasons, *self._obstacles(need, look))

    def _progress(self, need: int) -> tuple[Reason, ...]:
        """How far the need is filled: the same in each of its matches."""
        if need not in self._shares:
            filled, quantity = self.filled[need], self.quantity[need]
            reasons = [reason("share", filled=filled, quantity=quantity)]
            if filled < quantity:
                reasons.append(reason("still_open", uncovered=quantity - filled))
            self._shares[need] = tuple(reasons)
        return self._shares[need]

    def _arrival(self, day: int, needed_by: date | None) -> Reason:
        """When something arrives and is needed: the same for many matches."""
        if (day, needed_by) not in self._arrivals:
            latest = needed_by.isoformat() if needed_by else None
            self._arrivals[day, needed_by] = reason("arrival", day=_iso(day), needed_by=latest)
        return self._arrivals[day, needed_by]

    def _lots(self, need: int, offers: Ints) -> Iterator[Reason]:
        """What is left of the offers that fit: too little, or in packs too large."""
        left = self.left[offers]
        if not left.any():
            return
        lot = self.fitting.least(offers[left > 0], np.full(np.count_nonzero(left), need))
        without_lots = int(self.outcome.without_lots[need])
        yield reason(
            "lots",
            offers=int(np.count_nonzero(left)),
            left=int(left.sum()),
            lot=int(lot.min()),
            without_lots=without_lots if without_lots > self.filled[need] else None,
        )

    def _obstacles(self, need: int, look: Look) -> Iterator[Reason]:
        if look.forbidden:
            yield reason("forbidden", offers=look.forbidden)
        if look.excluded:
            yield reason("excluded", offers=look.excluded)
        if look.late:
            needed_by = self.posted.needs[need].needed_by
            yield reason(
                "dates",
                offers=look.late,
                first_arrival=_iso(look.first_arrival) if look.first_arrival < NEVER else None,
                needed_by=needed_by.isoformat() if needed_by else None,
            )
        if not (len(look.fitting) or look.forbidden or look.excluded or look.late):
            if look.own:
                yield reason("own_offer_only", offers=look.own)
            else:
                yield reason("no_offer", item=self.posted.needs[need].item)

    def _gone_to(self, need: int, offers: Ints) -> Iterator[Reason]:
        """The largest matches with others of what would have fitted."""
        start, end = self.rows.accept_start[need : need + 2]
        by_item = (self.flows.get(item, ()) for item in self.rows.accepted[start:end].tolist())
        largest = merge(*by_item, key=lambda row: (-self.units[row], row))
        fitting = (
            row
            for row in largest
            if self.takers[row] != need and _stands_in(offers, self.givers[row])
        )
        for row in islice(fitting, NAMES):
            give, take = self.posted.offers[self.givers[row]], self.posted.needs[self.takers[row]]
            yield reason(
                "went_to",
                offer=give.id,
                giver=give.city,
                need=take.id,
                receiver=take.city,
                quantity=self.units[row],
                why=self._why(need, row),
            )

    def _why(self, need: int, row: int) -> str:
        """Why the units of a flow did not go to the need."""
        rows, flows = self.rows, self.outcome.flows
        other, relation = self.takers[row], int(flows.relation[row])
        if self.posted.problem.policy == "pair_first" and relation == COUNTERPART:
            return "own_counterpart"
        if self.posted.needs[other].tier < self.posted.needs[need].tier:
            return "more_urgent"
        if self._band(other, self.filled[other]) < self._band(need, self.filled[need] + 1):
            return "smaller_share"
        giver = rows.offer_city[flows.offer[row : row + 1]]
        closeness = rows.relation(giver, rows.need_city[need : need + 1])
        return "closer" if relation > closeness[0] else "drawn"

    def _band(self, need: int, unit: int) -> int:
        """The band of fairness that a need's unit (counted from 1) lies in."""
        return -(-BANDS * unit // self.quantity[need])


def _stands_in(rows: Ints, row: int) -> bool:
    """Whether one of the rising rows is this one."""
    at = bisect_left(rows, row)
    return at < len(rows) and bool(rows[at] == row)


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()
