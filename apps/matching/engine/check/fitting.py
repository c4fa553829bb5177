"""Which offer fits which need, asked of the postings themselves, one need at a time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache

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
        self._giver = np.array([self._cities[offer.city] for offer in self.rows], np.int64)
        self._day = np.array([self._arrival(offer).toordinal() for offer in self.rows], np.int64)
        self._by_item: dict[str, list[int]] = defaultdict(list)
        self._excluding: dict[str, list[int]] = defaultdict(list)
        for row, offer in enumerate(self.rows):
            self._by_item[offer.item].append(row)
            for code in offer.excluded:
                self._excluding[code].append(row)
        self._barred = _neighbours(problem.forbids)
        self._partner = _neighbours(problem.counterparts)
        self._tied = _neighbours((tie.a, tie.b) for tie in problem.ties)
        self._residents: dict[str | None, list[int]] = defaultdict(list)
        for i, city in enumerate(problem.cities):
            self._residents[_state(city)].append(i)
        self._closeness = cache(self._closeness_to)
        self.fitting_offers = cache(self._fitting_offers)

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
        return CLOSENESS[int(self._closeness(receiver)[self._cities[giver]])]

    def _fitting_offers(self, need: Need) -> tuple[Ints, Ints]:
        """Rows of all offers that might serve the need, rising, and how close they are."""
        items = (self._by_item[item] for item in (need.item, *need.accepts))
        rows = np.array(sorted(row for each in items for row in each), np.int64)
        limit = NEVER.toordinal() - 1 if need.needed_by is None else need.needed_by.toordinal()
        fits = (self._giver[rows] != self._cities[need.city]) & (self._day[rows] <= limit)
        if self._excluding[need.city]:
            fits &= ~np.isin(rows, self._excluding[need.city])
        if self._barred[need.city]:
            barred = [self._cities[code] for code in self._barred[need.city]]
            fits &= ~np.isin(self._giver[rows], barred)
        rows = rows[fits]
        return rows, self._closeness(need.city)[self._giver[rows]]

    def closest_knowledge(self, need: int) -> Relation | None:
        """The closest relation among the offers without a quantity that fit, if there are any."""
        rows, closeness = self.fitting_offers(self.needs[need])
        known = [
            c for row, c in zip(rows, closeness, strict=True) if self.rows[row].quantity is None
        ]
        return CLOSENESS[max(known)] if known else None

    def _closeness_to(self, receiver: str) -> Ints:
        """How close every city (n,) is to the receiver, as an index of `CLOSENESS`."""
        closeness = np.zeros(len(self._cities), np.int64)
        home = _state(self.problem.cities[self._cities[receiver]])
        for state in self._tied[home]:
            closeness[self._residents[state]] = 1
        closeness[[self._cities[code] for code in self._tied[receiver] & self._cities.keys()]] = 2
        closeness[[self._cities[code] for code in self._partner[receiver]]] = 3
        return closeness

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
