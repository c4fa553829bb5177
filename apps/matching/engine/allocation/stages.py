"""The lexicographic optimum of one component: policy, tiers and bands, counterpart, tie."""

from dataclasses import dataclass, field, replace

import numpy as np

from apps.matching.engine.problem import TIERS
from apps.matching.engine.result import StageName

from .arcs import Arcs
from .consignments import consolidate
from .face import Face, Solution
from .rows import COUNTERPART, STATE_TIE, TIE, Ints, Rows

BANDS = 10


@dataclass(slots=True)
class Prices:
    """Dual prices of one stage by offer, by need, and by need for its counterpart's units, as
    indices of the rows; see `result.Stage`."""

    offers: dict[int, int] = field(default_factory=dict)
    needs: dict[int, int] = field(default_factory=dict)
    pairs: dict[int, int] = field(default_factory=dict)


class Component:
    """Arcs that share items, sorted by offer and need. Targets are the needs, and after them the
    needs once more for the units that the policy `pair_first` fixes from the counterpart."""

    def __init__(self, rows: Rows, arcs: Arcs, prices: dict[StageName, Prices]) -> None:
        self.arcs = arcs
        self.prices = prices
        self.offers, self.tail = _numbered(arcs.offer)
        self.needs, self.head = _numbered(arcs.need)
        self.supply = rows.offer_units[self.offers]
        self.quantity = rows.need_units[self.needs]
        self.tier = rows.tier[self.needs]

    def solve(self, pair_first: bool) -> Ints:
        """Units on every arc (m,)."""
        own = self.arcs.relation == COUNTERPART
        fixed = np.zeros(len(self.needs), np.int64)
        if pair_first and own.any():
            self.head = self.head + np.where(own, len(self.needs), 0)
            pair = self._face(np.flatnonzero(own), fixed, len(self.needs))
            units, _ = self._stage("pair", pair, np.zeros(len(own), np.int64))
            np.add.at(fixed, self.head[own] - len(self.needs), units[own])
        face = self._face(np.arange(len(own)), fixed, 0)
        units, face = self._stage("fill", face, np.zeros(len(own), np.int64))
        if not pair_first:
            units, face = self._prefer("counterpart", units, face, own.astype(np.int64))
        units, face = self._prefer("tie", units, face, _tie_worth(self.arcs.relation))
        filling = face.with_filling(units[face.arc])
        units[face.arc] = consolidate(filling, units[face.arc])
        return units

    def _face(self, arc: Ints, fixed: Ints, shift: int) -> Face:
        """All flows on the arcs, with `fixed` units per need from its counterpart; the bands of
        what is left of the needs stand at the targets from `shift` on."""
        need, units, worth = bands(self.quantity, self.tier, fixed)
        return Face(
            supply=self.supply,
            spare=np.ones(len(self.supply), np.bool_),
            demand=np.concatenate((np.zeros_like(fixed), fixed)),
            arc=arc,
            tail=self.tail[arc],
            head=self.head[arc],
            band_target=need + shift,
            band_units=units,
            band_worth=worth,
        )

    def _prefer(self, name: StageName, units: Ints, face: Face, worth: Ints) -> tuple[Ints, Face]:
        """A stage that chooses among equals; none where the open arcs leave nothing to choose."""
        if not worth[face.arc].any():
            return units, face
        equal = np.zeros_like(face.band_worth)
        return self._stage(name, replace(face, band_worth=equal), worth)

    def _stage(self, name: StageName, face: Face, worth: Ints) -> tuple[Ints, Face]:
        """Solve a stage, note its prices; units on all arcs (m,), and what is as good."""
        solution = face.solve(worth[face.arc], face.band_worth)
        self._note(name, face, solution)
        units = np.zeros(len(self.tail), np.int64)
        units[face.arc] = solution.units
        return units, face.settle(solution, worth[face.arc], face.band_worth)

    def _note(self, name: StageName, face: Face, solution: Solution) -> None:
        prices = self.prices.setdefault(name, Prices())
        n = len(self.needs)
        for offer in np.flatnonzero(np.bincount(face.tail)).tolist():
            prices.offers[int(self.offers[offer])] = int(solution.price[offer])
        for target in np.flatnonzero(np.bincount(face.head)).tolist():
            values = prices.needs if target < n else prices.pairs
            values[int(self.needs[target % n])] = int(solution.value[target])


def bands(quantity: Ints, tier: Ints, passed: Ints) -> tuple[Ints, Ints, Ints]:
    """The bands of fairness above the first `passed` units of each need (n,): need, units, worth.

    The upper edge of band k of ten is floor(k x quantity / 10); a band is worth more than every
    later band of its tier and every band of a less urgent tier. Bands without units are left out.
    """
    edges = np.arange(1, BANDS + 1) * quantity[:, None] // BANDS
    units = np.diff(np.maximum(edges, passed[:, None]), axis=1, prepend=passed[:, None])
    worth = (TIERS[-1] - tier)[:, None] * BANDS + np.arange(BANDS, 0, -1)
    need, band = np.nonzero(units)
    return need, units[need, band], worth[need, band]


def _numbered(indices: Ints) -> tuple[Ints, Ints]:
    """The distinct indices (k,), rising, and for each index (m,) its place among them."""
    found = np.bincount(indices) > 0
    return np.flatnonzero(found), (np.cumsum(found) - 1)[indices]


def _tie_worth(relation: Ints) -> Ints:
    """An own tie is worth twice a tie between the states."""
    return np.where(relation == TIE, 2, np.where(relation == STATE_TIE, 1, 0))
