"""What the replay works on: gifts summed per pair of places and item, in one order, without names."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

CodePair = tuple[str, str]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A giving or receiving place; a `population` of 0 is not known."""

    code: str
    level: Literal["city", "state"]
    population: int


@dataclass(frozen=True, slots=True, order=True)
class Flow:
    """Whole base units of one item from one place to another."""

    item: str
    giver: str
    receiver: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Table:
    """The given goods; every tuple is sorted, `ties` are (giver, receiver). Equal tables give equal
    replays, whatever the order of the rows they were made of."""

    day: date
    flows: tuple[Flow, ...]
    givers: tuple[Place, ...]
    receivers: tuple[Place, ...]
    ties: tuple[CodePair, ...]

    @property
    def totals(self) -> dict[str, int]:
        """Given units of every item."""
        found: Counter[str] = Counter()
        for flow in self.flows:
            found[flow.item] += flow.quantity
        return dict(found)


def table_of(
    day: date,
    gifts: Iterable[Flow],
    places: Mapping[str, Place],
    ties: Iterable[CodePair],
) -> Table:
    """`places` holds every place of the gifts; of the ties, in either order, only those count that
    join a giver with a receiver."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for gift in gifts:
        sums[gift.item, gift.giver, gift.receiver] += gift.quantity
    givers = {giver for __, giver, __ in sums}
    receivers = {receiver for __, __, receiver in sums}
    both_ways = {pair for a, b in ties for pair in ((a, b), (b, a))}
    return Table(
        day=day,
        flows=tuple(sorted(Flow(*key, quantity) for key, quantity in sums.items())),
        givers=tuple(sorted(places[code] for code in givers)),
        receivers=tuple(sorted(places[code] for code in receivers)),
        ties=tuple(sorted((a, b) for a, b in both_ways if a in givers and b in receivers)),
    )
