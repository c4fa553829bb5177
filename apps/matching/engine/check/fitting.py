"""Which offer fits which need, asked of the postings themselves, one need at a time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache

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
        self._day = np.array([self._arrival(offer).toordinal() for offer in self.rows], np.int64)
        by_item: dict[str, list[int]] = defaultdict(list)
        self._excluding: dict[str, list[int]] = defaultdict(list)
        for row, offer in enumerate(self.rows):
            by_item[offer.item].append(row)
            for code in offer.excluded:
                self._excluding[code].append(row)
        self._by_item = {item: np.array(found, np.int64) for item, found in by_item.items()}
        self._known_items = {offer.item for offer in self.rows if offer.quantity is None}
        self._barred = _neighbours(problem.forbids)
        self._partner = _neighbours(problem.counterparts)
        self._tied = _neighbours((tie.a, tie.b) for tie in problem.ties)
        self._residents: dict[str | None, list[int]] = defaultdict(list)
        for i, city in enumerate(problem.cities):
            self._residents[_state(city)].append(i)
        self.closeness = lru_cache(512)(self._closeness_to)

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
        return CLOSENESS[int(self.closeness(receiver)[self._cities[giver]])]

    def fitting_offers(self, need: Need) -> tuple[Ints, Ints]:
        """Rows of all offers that might serve the need, rising, and how close they are."""
        none = np.zeros(0, np.int64)
        items = [self._by_item.get(item, none) for item in (need.item, *need.accepts)]
        rows = np.sort(np.concatenate(items))
        limit = NEVER.toordinal() - 1 if need.needed_by is None else need.needed_by.toordinal()
        fits = (self.giver[rows] != self._cities[need.city]) & (self._day[rows] <= limit)
        if self._excluding[need.city]:
            fits &= ~np.isin(rows, self._excluding[need.city])
        if self._barred[need.city]:
            barred = [self._cities[code] for code in self._barred[need.city]]
            fits &= ~np.isin(self.giver[rows], barred)
        rows = rows[fits]
        return rows, self.closeness(need.city)[self.giver[rows]].astype(np.int64)

    def closest_knowledge(self, need: int) -> Relation | None:
        """The closest relation among the offers without a quantity that fit, if there are any."""
        if self._known_items.isdisjoint((self.needs[need].item, *self.needs[need].accepts)):
            return None
        rows, closeness = self.fitting_offers(self.needs[need])
        known = [
            c for row, c in zip(rows, closeness, strict=True) if self.rows[row].quantity is None
        ]
        return CLOSENESS[max(known)] if known else None

    def _closeness_to(self, receiver: str) -> NDArray[np.int8]:
        """How close every city (n,) is to the receiver, as an index of `CLOSENESS`."""
        closeness = np.zeros(len(self._cities), np.int8)
        home = _state(self.problem.cities[self._cities[receiver]])
        for state in self._tied[home]:
            closeness[self._residents[state]] = 1
        closeness[[self._cities[code] for code in self._tied[receiver] & self._cities.keys()]] = 2
        closeness[[self._cities[code] for code in self._partner[receiver]]] = 3
        return closeness

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
