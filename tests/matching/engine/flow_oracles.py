"""Independent answers for allocation: maximum flows and integer programmes."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

import numpy as np
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from apps.matching.engine import AllocationProblem, Match, Need, Offer

BANDS = 10


def fits(problem: AllocationProblem, offer: Offer, need: Need) -> bool:
    """May the offer serve the need?"""
    item = next(each for each in problem.items if each.code == offer.item)
    leaves = max(problem.today, offer.available_from or problem.today)
    arrives = leaves + timedelta(days=item.transport_days)
    return (
        (offer.item == need.item or offer.item in need.accepts)
        and offer.city != need.city
        and need.city not in offer.excluded
        and {offer.city, need.city} not in [set(pair) for pair in problem.forbids]
        and (offer.available_until is None or leaves <= offer.available_until)
        and (need.needed_by is None or arrives <= need.needed_by)
    )


def counted_arcs(problem: AllocationProblem) -> list[tuple[int, int]]:
    """Rows (offer, need) that may exchange units; needs that knowledge fits are left out."""
    known = [offer for offer in problem.offers if offer.quantity is None]
    return [
        (o, n)
        for n, need in enumerate(problem.needs)
        if not any(fits(problem, offer, need) for offer in known)
        for o, offer in enumerate(problem.offers)
        if offer.quantity is not None and fits(problem, offer, need)
    ]


def band_edges(quantity: int) -> list[int]:
    return [k * quantity // BANDS for k in range(BANDS + 1)]


def greatest_filling(
    problem: AllocationProblem, arcs: list[tuple[int, int]], fixed: dict[int, int]
) -> list[int]:
    """Units of each class (tier 1 band 1, tier 1 band 2, ...) in the lexicographic optimum.

    The needs that can be served together form a polymatroid, so the first m classes together get
    exactly what a maximum flow into them gets: one flow for each m. `fixed` units per need come
    from its counterpart and keep their place; the bands above them are open to all other arcs.
    """
    counterparts = {frozenset(pair) for pair in problem.counterparts}
    reached, sums = sum(fixed.values()), []
    for last in range(4 * BANDS):
        room = {}
        for n, need in enumerate(problem.needs):
            bands = min(max(last + 1 - (need.tier - 1) * BANDS, 0), BANDS)
            room[n] = max(band_edges(need.quantity or 1)[bands] - fixed.get(n, 0), 0)
        flow = _maximum_flow(problem, arcs, counterparts, room, fixed)
        sums.append(flow - reached)
        reached = flow
    return sums


def _maximum_flow(
    problem: AllocationProblem,
    arcs: list[tuple[int, int]],
    counterparts: set[frozenset[str]],
    room: dict[int, int],
    fixed: dict[int, int],
) -> int:
    offers, needs = problem.offers, problem.needs
    source, sink = 0, 1 + len(offers) + 2 * len(needs)
    capacity = np.zeros((sink + 1, sink + 1), np.int32)
    for o, offer in enumerate(offers):
        capacity[source, 1 + o] = offer.quantity or 0
    for o, n in arcs:
        own = fixed and frozenset((offers[o].city, needs[n].city)) in counterparts
        target = 1 + len(offers) + n + (len(needs) if own else 0)
        capacity[1 + o, target] = offers[o].quantity
    for n in range(len(needs)):
        capacity[1 + len(offers) + n, sink] = room[n]
        capacity[1 + len(offers) + len(needs) + n, sink] = fixed.get(n, 0)
    return int(maximum_flow(csr_array(capacity), source, sink).flow_value)


def most_preferred_units(
    problem: AllocationProblem, arcs: list[tuple[int, int]], worths: list[list[int]]
) -> list[int]:
    """The policy `urgency_first` by integer programming: the best filling, then the greatest worth
    by each list of worths per arc in turn. Returns what each list reaches."""
    classes = greatest_filling(problem, arcs, {})
    bands = [(n, k) for n in range(len(problem.needs)) for k in range(BANDS)]
    size = len(arcs) + len(bands)
    rows, low, high = [], [], []

    def constrain(row: np.ndarray, least: float, most: float) -> None:
        rows.append(row)
        low.append(least)
        high.append(most)

    for o, offer in enumerate(problem.offers):
        constrain(np.array([a[0] == o for a in arcs] + [0] * len(bands)), 0, offer.quantity or 0)
    for n in range(len(problem.needs)):
        into = [a[1] == n for a in arcs] + [-(b[0] == n) for b in bands]
        constrain(np.array(into, float), 0, 0)
    for number, units in enumerate(classes):
        here = [(problem.needs[n].tier - 1) * BANDS + k == number for n, k in bands]
        constrain(np.array([0] * len(arcs) + here, float), units, units)
    room = []
    for n, k in bands:
        edges = band_edges(problem.needs[n].quantity or 1)
        room.append(edges[k + 1] - edges[k])
    reached = []
    for worth in worths:
        gain = np.array([*worth, *[0] * len(bands)], float)
        solved = milp(
            -gain,
            constraints=LinearConstraint(np.array(rows, float), low, high),
            integrality=np.ones(size),
            bounds=(0, [*[np.inf] * len(arcs), *room]),
        )
        reached.append(round(-solved.fun))
        constrain(gain, reached[-1], reached[-1])
    return reached


def filled_by(matches: Iterable[Match]) -> dict[int, int]:
    """Units that matches bring, need by need; knowledge brings none."""
    filled: Counter[int] = Counter()
    for match in matches:
        filled[match.need] += match.quantity or 0
    return filled


def classes(problem: AllocationProblem, filled: dict[int, int]) -> list[int]:
    """Units filled by class: tier 1 band 1, tier 1 band 2, ... of the needs given."""
    sums = [0] * 40
    for need in problem.needs:
        edges = band_edges(need.quantity or 1)
        for k in range(10):
            units = min(filled.get(need.id, 0), edges[k + 1]) - edges[k]
            sums[(need.tier - 1) * 10 + k] += max(units, 0)
    return sums
