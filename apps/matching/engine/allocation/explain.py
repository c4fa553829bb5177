"""Why a match, and why a need stays open, as codes and parameters."""

from collections.abc import Iterator
from datetime import date
from heapq import merge

import numpy as np

from apps.matching.engine.reasons import reason
from apps.matching.engine.result import Reason

from .arcs import Obstacles
from .outcome import Outcome
from .rows import COUNTERPART, NEVER, RELATIONS, Ints, Rows
from .stages import BANDS

NAMES = 3


class Explainer:
    """Knows a solved problem; `flows` are its arcs with units by offered item, largest first."""

    def __init__(self, rows: Rows, obstacles: Obstacles, outcome: Outcome) -> None:
        self.rows = rows
        self.obstacles = obstacles
        self.outcome = outcome
        arcs, units = outcome.arcs, outcome.units
        self.start = np.searchsorted(arcs.need, np.arange(len(rows.needs) + 1))
        used = np.flatnonzero(units)
        used = used[np.lexsort((used, -units[used]))]
        self.flows: dict[int, list[int]] = {}
        for arc, item in zip(
            used.tolist(), rows.offer_item[arcs.offer[used]].tolist(), strict=True
        ):
            self.flows.setdefault(item, []).append(arc)

    def match(self, offer: int, need: int, relation: int, units: int | None) -> tuple[Reason, ...]:
        """Reasons of so many units (None: knowledge) of an offer for a need."""
        give, take = self.rows.offers[offer], self.rows.needs[need]
        reasons = [
            reason("tier", tier=take.tier),
            reason(f"from_{RELATIONS[relation]}", giver=give.city, receiver=take.city),
        ]
        if units is None:
            at = int(np.searchsorted(self.outcome.knowledge.need, need))
            fitting = int(self.outcome.fitting[at])
            reasons.append(reason("knowledge", item=give.item, offers=fitting))
        if give.item != take.item:
            reasons.append(reason("substitute", needed=take.item, offered=give.item))
        reasons += self._progress(need)
        day = _iso(int(self.rows.arrival[offer]))
        needed_by = take.needed_by.isoformat() if take.needed_by else None
        reasons.append(reason("arrival", day=day, needed_by=needed_by))
        lot = max(give.smallest_lot, take.smallest_lot)
        if units is not None and units < lot:
            reasons.append(reason("below_lot", quantity=units, lot=lot))
        return tuple(reasons)

    def need(self, need: int) -> tuple[Reason, ...]:
        """Reasons why a need stays open, none where it is filled."""
        if self.outcome.filled[need] == self.rows.need_units[need]:
            return ()
        fitting = slice(self.start[need], self.start[need + 1])
        reasons = []
        if fitting.start < fitting.stop:
            offers = self.outcome.arcs.offer[fitting]
            offered = int(self.rows.offer_units[offers].sum())
            reasons.append(reason("used_up", offers=len(offers), offered=offered))
            reasons += self._gone_to(need, offers)
        return (*reasons, *self._obstacles(need, not reasons))

    def _progress(self, need: int) -> Iterator[Reason]:
        filled, quantity = int(self.outcome.filled[need]), int(self.rows.need_units[need])
        yield reason("share", filled=filled, quantity=quantity)
        if filled < quantity:
            yield reason("still_open", uncovered=quantity - filled)

    def _obstacles(self, need: int, nothing_fits: bool) -> Iterator[Reason]:
        rows, found = self.rows, self.obstacles
        own, forbidden, excluded, late = (
            int(counts[need]) for counts in (found.own, found.forbidden, found.excluded, found.late)
        )
        if forbidden:
            yield reason("forbidden", offers=forbidden)
        if excluded:
            yield reason("excluded", offers=excluded)
        if late:
            first, needed_by = int(found.first_arrival[need]), rows.needs[need].needed_by
            yield reason(
                "dates",
                offers=late,
                first_arrival=_iso(first) if first < NEVER else None,
                needed_by=needed_by.isoformat() if needed_by else None,
            )
        if nothing_fits and not (forbidden or excluded or late):
            item = rows.needs[need].item
            yield reason("own_offer_only", offers=own) if own else reason("no_offer", item=item)

    def _gone_to(self, need: int, offers: Ints) -> Iterator[Reason]:
        """The largest matches with others of what would have fitted."""
        rows, arcs, units = self.rows, self.outcome.arcs, self.outcome.units
        by_item = (self.flows.get(item, ()) for item in rows.accepted[need].tolist())
        flows = merge(*by_item, key=lambda arc: (-units[arc], arc))
        found = 0
        for arc in flows:
            offer, other = int(arcs.offer[arc]), int(arcs.need[arc])
            at = int(np.searchsorted(offers, offer))
            if other == need or at == len(offers) or offers[at] != offer:
                continue
            yield reason(
                "went_to",
                offer=rows.offers[offer].id,
                giver=rows.offers[offer].city,
                need=rows.needs[other].id,
                receiver=rows.needs[other].city,
                quantity=int(units[arc]),
                why=self._why(need, self.start[need] + at, arc),
            )
            found += 1
            if found == NAMES:
                return

    def _why(self, need: int, own_arc: int, arc: int) -> str:
        """Why the units on `arc` did not go to the need along `own_arc`."""
        rows, arcs = self.rows, self.outcome.arcs
        other = int(arcs.need[arc])
        if rows.problem.policy == "pair_first" and arcs.relation[arc] == COUNTERPART:
            return "own_counterpart"
        if rows.tier[other] < rows.tier[need]:
            return "more_urgent"
        last = self._band(other, int(self.outcome.filled[other]))
        if last < self._band(need, int(self.outcome.filled[need]) + 1):
            return "smaller_share"
        return "closer" if arcs.relation[arc] > arcs.relation[own_arc] else "drawn"

    def _band(self, need: int, unit: int) -> int:
        """The band of fairness that a need's unit (counted from 1) lies in."""
        return -(-BANDS * unit // int(self.rows.need_units[need]))


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()
