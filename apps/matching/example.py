"""The worked example of the page "How matching works": small enough for a pencil, solved by the engine.

Four cities called A, B (left) and X, Y (right). A offers 100 masks and 90 gowns, B 80 masks; X needs
100 masks, Y 100 gowns. The best single pair is A and X; the best pairing is A with Y and B with X.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from apps.matching.engine import solve_allocation, solve_pairing
from apps.matching.engine.problem import (
    AllocationProblem,
    City,
    Item,
    Need,
    Offer,
    PairingProblem,
)

PAIRS = PairingProblem(
    cities=tuple(City(code, side="left") for code in "AB")
    + tuple(City(code, side="right") for code in "XY"),
    needs=(Need(1, "X", "masks", 100, 1), Need(2, "Y", "gowns", 100, 1)),
    offers=(
        Offer(1, "A", "masks", 100),
        Offer(2, "A", "gowns", 90),
        Offer(3, "B", "masks", 80),
    ),
    objective="total",
)
GOODS = AllocationProblem(
    today=date(2020, 4, 1),
    cities=tuple(City(code) for code in "ABXYZ"),
    items=(Item("masks"),),
    needs=(
        Need(1, "Y", "masks", 100, 2),  # posted first, urgent
        Need(2, "X", "masks", 100, 1),  # posted second, critical
        Need(3, "Z", "masks", 50, 2),  # posted last, urgent
    ),
    offers=(Offer(1, "A", "masks", 110), Offer(2, "B", "masks", 80)),
)


@dataclass(frozen=True)
class Pairing:
    """Points are hundredths of the highest score."""

    points: dict[tuple[str, str], float]
    greedy: tuple[tuple[str, str], ...]
    best: tuple[tuple[str, str], ...]

    def total(self, pairs: tuple[tuple[str, str], ...]) -> float:
        return sum(self.points[pair] for pair in pairs)


@dataclass(frozen=True)
class Filling:
    """Units that a need gets: in the order of posting, and by the engine."""

    city: str
    tier: int
    needed: int
    first_come: int
    filled: int


@cache
def pairing() -> Pairing:
    points = {(a, b): points_of(a, b) for a in "AB" for b in "XY"}
    best = tuple((pair.a, pair.b) for pair in solve_pairing(PAIRS).pairs)
    return Pairing(points, greedy(points), best)


def points_of(a: str, b: str) -> float:
    """The engine's score of one pair, which no other city changes."""
    alone = solve_pairing(
        replace(
            PAIRS,
            cities=tuple(city for city in PAIRS.cities if city.code in (a, b)),
            needs=tuple(need for need in PAIRS.needs if need.city == b),
            offers=tuple(offer for offer in PAIRS.offers if offer.city == a),
        )
    )
    return alone.pairs[0].score / 10_000 if alone.pairs else 0.0


def greedy(points: dict[tuple[str, str], float]) -> tuple[tuple[str, str], ...]:
    """Always the best pair that is left."""
    taken: list[tuple[str, str]] = []
    for pair in sorted(points, key=lambda pair: -points[pair]):
        if points[pair] and not any(set(pair) & set(other) for other in taken):
            taken.append(pair)
    return tuple(taken)


@cache
def filling() -> tuple[Filling, ...]:
    left = sum(offer.quantity or 0 for offer in GOODS.offers)
    filled = {need.need: need.filled for need in solve_allocation(GOODS).needs}
    rows = []
    for need in GOODS.needs:
        needed = need.quantity or 0
        first_come = min(left, needed)
        left -= first_come
        rows.append(Filling(need.city, need.tier, needed, first_come, filled[need.id]))
    return tuple(rows)
