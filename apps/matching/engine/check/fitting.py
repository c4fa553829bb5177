"""Which offer fits which need, asked of the postings themselves, one need at a time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from apps.matching.engine.problem import AllocationProblem, City, CodePair, Need, Offer
from apps.matching.engine.result import Relation

Ints = NDArray[np.int64]

CLOSENESS: tuple[Relation, ...] = ("network", "state_tie", "tie", "counterpart")
NEVER = date.max


class Fitting:
    """Postings by id, and what may flow between them; an offer's row is its rank by id."""

    def __init__(self, problem: AllocationProblem) -> None:
        self.problem = problem
        self.items = {item.code: item for item in problem.items}
        self.offers = {offer.id: offer for offer in problem.offers}
        self.needs = {need.id: need for need in problem.needs}
        self.rows = sorted(problem.offers, key=lambda offer: offer.id)
        self._cities = {city.code: i for i, city in enumerate(problem.cities)}
        self.item_number = {code: i for i, code in enumerate(sorted(self.items))}
        self.group = _groups(problem)
        self.giver = np.array([self._cities[offer.city] for offer in self.rows], np.int64)
        self.supply = np.array([self.usable(offer) for offer in self.rows], np.int64)
        self.day = np.array([self._arrival(offer).toordinal() for offer in self.rows], np.int64)
        by_item: dict[str, list[int]] = defaultdict(list)
        self._excluding: dict[str, list[int]] = defaultdict(list)
        for row, offer in enumerate(self.rows):
            by_item[offer.item].append(row)
            for code in offer.excluded:
                self._excluding[code].append(row)
        self.by_item = {item: np.array(found, np.int64) for item, found in by_item.items()}
        self._barred = _neighbours(problem.forbids)
        self._partner = _neighbours(problem.counterparts)
        self._tied = _neighbours((tie.a, tie.b) for tie in problem.ties)
        self._residents: dict[str | None, list[int]] = defaultdict(list)
        for i, city in enumerate(problem.cities):
            self._residents[_state(city)].append(i)
        self.related = lru_cache(4096)(self._related_to)

    @cached_property
    def _known(self) -> dict[str, Ints]:
        """Rows of the offers without a quantity by item; items without any are left out."""
        known = np.array([offer.quantity is None for offer in self.rows], np.bool_)
        found = ((item, rows[known[rows]]) for item, rows in self.by_item.items())
        return {item: rows for item, rows in found if len(rows)}

    @cached_property
    def _by_giver(self) -> dict[tuple[str, int], list[int]]:
        found: dict[tuple[str, int], list[int]] = defaultdict(list)
        for row, (offer, giver) in enumerate(zip(self.rows, self.giver.tolist(), strict=True)):
            found[offer.item, giver].append(row)
        return found

    def obstacles(self, offer: Offer, need: Need) -> Iterator[str]:
        """What forbids the match, as violation codes."""
        if offer.item != need.item and offer.item not in need.accepts:
            yield "wrong_item"
        if offer.city == need.city:
            yield "own_city"
        if offer.city in self._barred[need.city]:
            yield "forbidden"
        if need.city in offer.excluded:
            yield "excluded"
        arrival = self._arrival(offer)
        if arrival == NEVER or (need.needed_by is not None and arrival > need.needed_by):
            yield "too_late"

    def relation(self, giver: str, receiver: str) -> Relation:
        """What joins two cities, the closest."""
        return CLOSENESS[self.related(receiver).get(self._cities[giver], 0)]

    def limit(self, need: Need) -> int:
        """The last day, as an ordinal, on which an offer may arrive."""
        return NEVER.toordinal() - 1 if need.needed_by is None else need.needed_by.toordinal()

    def fitting_offers(self, need: Need) -> tuple[Ints, Ints]:
        """Rows of all offers that might serve the need, rising, and how close they are."""
        rows = self.among(need, _rows_of(self.by_item, need))
        return rows, self._closeness(need, rows)

    def related_offers(self, need: Need, others: Iterable[int]) -> tuple[Ints, Ints]:
        """The same of the offers of cities that anything joins to the need's, and of the others."""
        rows = set(others)
        for item in (need.item, *need.accepts):
            for city in self.related(need.city):
                rows.update(self._by_giver.get((item, city), ()))
        fitting = self.among(need, np.array(sorted(rows), np.int64))
        return fitting, self._closeness(need, fitting)

    def closest_knowledge(self, need: int) -> Relation | None:
        """The closest relation among the offers without a quantity that fit, if there are any."""
        if not self._known:
            return None
        wanted = self.needs[need]
        rows = self.among(wanted, _rows_of(self._known, wanted))
        return CLOSENESS[self._closeness(wanted, rows).max()] if len(rows) else None

    def among(self, need: Need, rows: Ints) -> Ints:
        """Those of the rows of its items that fit the need."""
        fits = (self.giver[rows] != self._cities[need.city]) & (self.day[rows] <= self.limit(need))
        if self._excluding[need.city]:
            fits &= ~np.isin(rows, self._excluding[need.city])
        if self._barred[need.city]:
            barred = [self._cities[code] for code in self._barred[need.city]]
            fits &= ~np.isin(self.giver[rows], barred)
        found: Ints = rows[fits]
        return found

    def _closeness(self, need: Need, rows: Ints) -> Ints:
        """How close the givers of the rows are to the need, as indices of `CLOSENESS`."""
        related = self.related(need.city)
        if not related:
            return np.zeros(len(rows), np.int64)
        closeness = np.zeros(len(self._cities), np.int8)
        closeness[list(related)] = list(related.values())
        return closeness[self.giver[rows]].astype(np.int64)

    def _related_to(self, receiver: str) -> dict[int, int]:
        """How close cities are to the receiver, those that nothing joins to it left out."""
        home = _state(self.problem.cities[self._cities[receiver]])
        related = {city: 1 for state in self._tied[home] for city in self._residents[state]}
        tied = self._tied[receiver] & self._cities.keys()
        related |= {self._cities[code]: 2 for code in tied}
        related |= {self._cities[code]: 3 for code in self._partner[receiver]}
        return related

    def usable(self, offer: Offer) -> int:
        """Units of the offer in whole packs, 0 for knowledge."""
        return (offer.quantity or 0) // offer.pack * offer.pack

    def smallest_match(self, offer: Offer, need: Need) -> int:
        """The least units that lots and packs let the offer send."""
        units = offer.pack
        lot = max(offer.smallest_lot, need.smallest_lot)
        return units * ((lot + units - 1) // units)

    def _arrival(self, offer: Offer) -> date:
        """The first day the offer can be there; `NEVER` when it ends before it can leave."""
        leaves = self.problem.today
        if offer.available_from is not None and offer.available_from > leaves:
            leaves = offer.available_from
        if offer.available_until is not None and leaves > offer.available_until:
            return NEVER
        item = self.items[offer.item]
        return leaves + timedelta(days=0 if item.remote else item.transport_days)


def _rows_of(by_item: Mapping[str, Ints], need: Need) -> Ints:
    """Rising rows of all items that the need accepts."""
    found = [by_item[item] for item in (need.item, *need.accepts) if item in by_item]
    if len(found) == 1:
        return found[0]
    return np.sort(np.concatenate(found)) if found else np.zeros(0, np.int64)


def _neighbours(pairs: Iterable[CodePair]) -> dict[str | None, set[str]]:
    neighbours: dict[str | None, set[str]] = defaultdict(set)
    for a, b in pairs:
        neighbours[a].add(b)
        neighbours[b].add(a)
    return neighbours


def _state(city: City) -> str | None:
    return city.code if city.level == "state" else city.state_code


def _groups(problem: AllocationProblem) -> dict[str, int]:
    """Items by the number of their group: those that substitution joins have the same."""
    neighbours: dict[str, set[str]] = {item.code: set() for item in problem.items}
    for need in problem.needs:
        for other in need.accepts:
            neighbours[need.item].add(other)
            neighbours[other].add(need.item)
    group: dict[str, int] = {}
    for number, code in enumerate(neighbours):
        waiting = [code]
        while waiting:
            item = waiting.pop()
            if item not in group:
                group[item] = number
                waiting += neighbours[item]
    return group
