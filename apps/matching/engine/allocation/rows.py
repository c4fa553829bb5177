"""An allocation problem as arrays: postings in drawn order, days as ordinals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from apps.matching.engine.canonical import canonical_allocation, drawn_order, problem_hash
from apps.matching.engine.problem import AllocationProblem, Need, Offer
from apps.matching.engine.result import Relation
from apps.matching.engine.ties import index_pairs, tied_states

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

RELATIONS: tuple[Relation, ...] = ("network", "state_tie", "tie", "counterpart")
NETWORK, STATE_TIE, TIE, COUNTERPART = range(4)
NEVER = 2**40
"""A day after all days."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Offers (o,) and needs (n,) in drawn order, cities and items as indices.

    `supply` are base units in whole packs, 0 for what is `known`; `arrival` is the first day an
    offer can be there, NEVER if it ends before it could leave. What need i accepts stands in
    `accepted` from `accept_start[i]` on, its own item first. `partner` (c,) is a city's
    counterpart or -1, `state` its state or -1; `ties`, `forbids` and `exclusions` (of offer, city)
    are sorted keys `left * c + right`.
    """

    items: int
    offer_city: Ints
    offer_item: Ints
    supply: Ints
    known: Flags
    offer_lot: Ints
    pack: Ints
    arrival: Ints
    need_city: Ints
    quantity: Ints
    need_lot: Ints
    tier: Ints
    needed_by: Ints
    accept_start: Ints
    accepted: Ints
    partner: Ints
    state: Ints
    state_ties: Flags
    ties: Ints
    forbids: Ints
    exclusions: Ints

    @property
    def need_item(self) -> Ints:
        return self.accepted[self.accept_start[:-1]]

    def relation(self, givers: Ints, receivers: Ints) -> Ints:
        """What joins cities, pair by pair (m,): the closest of `RELATIONS`, as an index."""
        giving, receiving = self.state[givers], self.state[receivers]
        closest = np.full(len(givers), NETWORK, np.int64)
        if len(self.state_ties):
            tied = self.state_ties[giving, receiving] & (giving >= 0) & (receiving >= 0)
            closest[tied] = STATE_TIE
        closest[among(givers * len(self.partner) + receivers, self.ties)] = TIE
        closest[self.partner[givers] == receivers] = COUNTERPART
        return closest

    def subset(self, offers: Ints, needs: Ints) -> "Rows":
        """The same cities with these offers and needs alone, both given as rising rows, and with
        the items they name."""
        cities = len(self.partner)
        offer, city = np.divmod(self.exclusions, max(cities, 1))
        at = np.searchsorted(offers, offer)
        kept = at < len(offers)
        kept[kept] = offers[at[kept]] == offer[kept]
        counts = np.diff(self.accept_start)[needs]
        start = np.concatenate(([0], np.cumsum(counts)))
        accepted = self.accepted[ranges(self.accept_start[needs], counts)]
        items, item = np.unique(
            np.concatenate((self.offer_item[offers], accepted)), return_inverse=True
        )
        named = ("offer_city", "supply", "known", "offer_lot", "pack", "arrival")
        return replace(
            self,
            items=len(items),
            offer_item=item[: len(offers)],
            **{name: getattr(self, name)[offers] for name in named},
            **{
                name: getattr(self, name)[needs]
                for name in ("need_city", "quantity", "need_lot", "tier", "needed_by")
            },
            accept_start=start,
            accepted=item[len(offers) :],
            exclusions=at[kept] * cities + city[kept],
        )


@dataclass(frozen=True, slots=True)
class Posted:
    """A canonical problem with its hash, and its postings in the order of the rows."""

    problem: AllocationProblem
    seed: str
    offers: tuple[Offer, ...]
    needs: tuple[Need, ...]


def among(keys: Ints, known: Ints) -> Flags:
    """Which keys (m,) stand among the sorted ones."""
    if not len(known):
        return np.zeros(len(keys), np.bool_)
    at = np.searchsorted(known, keys)
    found: Flags = known[np.minimum(at, len(known) - 1)] == keys
    return found


def ranges(start: Ints, counts: Ints) -> Ints:
    """start[0], start[0] + 1, ... (counts[0] of them), then start[1], ... and so on."""
    before = np.cumsum(counts) - counts
    return np.repeat(start - before, counts) + np.arange(int(counts.sum()))


def prepare(problem: AllocationProblem) -> tuple[Posted, Rows]:
    """Make a valid problem ready to be solved."""
    problem = canonical_allocation(problem)
    seed = problem_hash(problem)
    codes = drawn_order(seed, (city.code for city in problem.cities))
    city = {code: i for i, code in enumerate(codes)}
    item = {each.code: i for i, each in enumerate(problem.items)}
    offers = sorted(problem.offers, key=lambda offer: (city[offer.city], offer.id))
    needs = sorted(problem.needs, key=lambda need: (city[need.city], need.id))
    by_code = {each.code: each for each in problem.cities}
    state, state_ties = tied_states(problem.ties, [by_code[code] for code in codes])
    units = _ints(offer.quantity or 0 for offer in offers)
    pack = _ints(offer.pack for offer in offers)
    rows = Rows(
        items=len(item),
        offer_city=_ints(city[offer.city] for offer in offers),
        offer_item=_ints(item[offer.item] for offer in offers),
        supply=units - units % pack,
        known=np.array([offer.quantity is None for offer in offers], np.bool_),
        offer_lot=_ints(offer.smallest_lot for offer in offers),
        pack=pack,
        arrival=_arrivals(problem, offers),
        need_city=_ints(city[need.city] for need in needs),
        quantity=_ints(need.quantity or 1 for need in needs),
        need_lot=_ints(need.smallest_lot for need in needs),
        tier=_ints(need.tier for need in needs),
        needed_by=_ints(_ordinal(need.needed_by) for need in needs),
        accept_start=np.cumsum([0, *(1 + len(need.accepts) for need in needs)]),
        accepted=_ints(item[code] for need in needs for code in (need.item, *need.accepts)),
        partner=_partners(index_pairs(problem.counterparts, city), len(codes)),
        state=state,
        state_ties=state_ties,
        ties=_keys(index_pairs(((tie.a, tie.b) for tie in problem.ties), city), len(codes)),
        forbids=_keys(index_pairs(problem.forbids, city), len(codes)),
        exclusions=_exclusions(offers, city),
    )
    return Posted(problem, seed, tuple(offers), tuple(needs)), rows


def _arrivals(problem: AllocationProblem, offers: list[Offer]) -> Ints:
    days = {item.code: item.transport_days for item in problem.items}
    arrivals = []
    for offer in offers:
        leaves = max(problem.today, offer.available_from or problem.today)
        in_time = offer.available_until is None or leaves <= offer.available_until
        arrivals.append(leaves.toordinal() + days[offer.item] if in_time else NEVER)
    return _ints(arrivals)


def _ordinal(day: date | None) -> int:
    return NEVER - 1 if day is None else day.toordinal()


def _partners(counterparts: Ints, cities: int) -> Ints:
    partner = np.full(cities, -1, np.int64)
    partner[counterparts[:, 0]] = counterparts[:, 1]
    partner[counterparts[:, 1]] = counterparts[:, 0]
    return partner


def _keys(pairs: Ints, cities: int) -> Ints:
    """Both directions of the pairs as sorted keys."""
    both = np.concatenate((pairs, pairs[:, ::-1]))
    return np.unique(both[:, 0] * cities + both[:, 1])


def _exclusions(offers: list[Offer], city: Mapping[str, int]) -> Ints:
    rows = ((i, city[code]) for i, o in enumerate(offers) for code in o.excluded if code in city)
    return _ints(sorted(i * len(city) + excluded for i, excluded in rows))


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int64)
