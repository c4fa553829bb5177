"""Independent answers for allocation: augmenting paths and integer programmes."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise

import numpy as np
from scipy.optimize import LinearConstraint, milp

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
    exactly what a maximum flow into them gets: the flow is augmented class by class. `fixed` units
    per need come from its counterpart and keep their place; the bands above them are open to all
    other arcs.
    """
    flow = Augmentation(problem, arcs, fixed)
    for n, units in fixed.items():
        assert flow.add((n, True), units) == units
    sums = []
    for tier in range(1, 5):
        for band in range(BANDS):
            gained = 0
            for n, need in enumerate(problem.needs):
                edges = [max(edge, fixed.get(n, 0)) for edge in band_edges(need.quantity or 1)]
                if need.tier == tier and edges[band + 1] > edges[band]:
                    gained += flow.add((n, False), edges[band + 1] - edges[band])
            sums.append(gained)
    return sums


Target = tuple[int, bool]
"""A need's row, and whether it stands for the units fixed from its counterpart."""


class Augmentation:
    """Ford and Fulkerson's flow, backwards from the targets."""

    def __init__(
        self, problem: AllocationProblem, arcs: list[tuple[int, int]], fixed: dict[int, int]
    ) -> None:
        counterparts = {frozenset(pair) for pair in problem.counterparts}
        self.spare = [offer.quantity or 0 for offer in problem.offers]
        self.givers: dict[Target, list[int]] = defaultdict(list)
        self.flow: Counter[tuple[int, Target]] = Counter()
        for o, n in arcs:
            ends = frozenset((problem.offers[o].city, problem.needs[n].city))
            self.givers[n, bool(fixed) and ends in counterparts].append(o)

    def add(self, target: Target, units: int) -> int:
        """Bring up to so many more units to the target, as many as can come."""
        brought = 0
        while brought < units and (path := self._path(target)):
            moved = min(units - brought, self.spare[path[-1][0]])
            moved = min([moved, *(self.flow[o, t] for (o, _), (_, t) in pairwise(path))])
            for (o, t), (_, after) in zip(path, [*path[1:], path[-1]], strict=True):
                self.flow[o, t] += moved
                if after != t:
                    self.flow[o, after] -= moved
            self.spare[path[-1][0]] -= moved
            brought += moved
        return brought

    def _path(self, target: Target) -> list[tuple[int, Target]]:
        """Offers and the targets they turn to, from the target back to an offer with units left:
        each gives up units at the target of the next."""
        paths: list[list[tuple[int, Target]]] = [[]]
        seen: set[int] = set()
        ends = [target]
        while ends:
            end, path = ends.pop(0), paths.pop(0)
            for o in self.givers[end]:
                if o in seen:
                    continue
                seen.add(o)
                longer = [*path, (o, end)]
                if self.spare[o]:
                    return longer
                for (giver, other), units in self.flow.items():
                    if giver == o and units and other != end:
                        ends.append(other)
                        paths.append(longer)
        return []


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


class LotProgramme:
    """The true optimum with lots and packs, class by class, by integer programming.

    Variables: packs on every arc, whether the arc is open, units of every need in every band, and
    once more those from counterparts, which the policy `pair_first` compares first.
    """

    def __init__(self, problem: AllocationProblem, arcs: list[tuple[int, int]]) -> None:
        self.problem, self.arcs = problem, arcs
        self.size = 2 * len(arcs) + 2 * BANDS * len(problem.needs)
        self.rows: list[np.ndarray] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self.most = np.zeros(self.size)
        for a, (o, n) in enumerate(arcs):
            self._lot(a, problem.offers[o], problem.needs[n])
        for o, offer in enumerate(problem.offers):
            self._row(
                {a: offer.pack for a, arc in enumerate(arcs) if arc[0] == o}, 0, offer.quantity or 0
            )
        pairs = [set(pair) for pair in problem.counterparts]
        for n, need in enumerate(problem.needs):
            into = {a: problem.offers[o].pack for a, (o, m) in enumerate(arcs) if m == n}
            own = {
                a: units
                for a, units in into.items()
                if {problem.offers[arcs[a][0]].city, need.city} in pairs
            }
            for first, givers in ((self._band(n, 0), into), (self._band(n, 0, own=True), own)):
                self._row(givers | {first + k: -1 for k in range(BANDS)}, 0, 0)
                self.most[first : first + BANDS] = np.diff(band_edges(need.quantity or 1))

    def best(self) -> list[int]:
        """Units by class: those from counterparts if they come first, then all."""
        own_first = self.problem.policy == "pair_first"
        reached = []
        for own in (True, False) if own_first else (False,):
            for number in range(4 * BANDS):
                tier, band = number // BANDS + 1, number % BANDS
                here = [
                    self._band(n, band, own=own)
                    for n, need in enumerate(self.problem.needs)
                    if need.tier == tier
                ]
                reached.append(self._maximise(here) if self.most[here].any() else 0)
        return reached

    def _band(self, need: int, band: int, *, own: bool = False) -> int:
        start = 2 * len(self.arcs) + (BANDS * len(self.problem.needs) if own else 0)
        return start + BANDS * need + band

    def _lot(self, a: int, offer: Offer, need: Need) -> None:
        """An open arc carries a lot at least, a closed one nothing."""
        most = min(offer.quantity or 0, need.quantity or 1)
        self.most[a], self.most[len(self.arcs) + a] = most // offer.pack, 1
        lot = max(offer.smallest_lot, need.smallest_lot)
        self._row({a: offer.pack, len(self.arcs) + a: -most}, -np.inf, 0)
        self._row({a: offer.pack, len(self.arcs) + a: -lot}, 0, np.inf)

    def _row(self, values: dict[int, int], low: float, high: float) -> None:
        row = np.zeros(self.size)
        row[list(values)] = list(values.values())
        self.rows.append(row)
        self.low.append(low)
        self.high.append(high)

    def _maximise(self, here: list[int]) -> int:
        gain = np.zeros(self.size)
        gain[here] = 1
        solved = milp(
            -gain,
            constraints=LinearConstraint(np.array(self.rows), self.low, self.high),
            integrality=np.ones(self.size),
            bounds=(0, self.most),
            options={"presolve": False},  # that of SciPy 1.17.1 cuts off the optimum of problem 208
        )
        units = round(-solved.fun)
        self._row(dict.fromkeys(here, 1), units, units)
        return units


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
