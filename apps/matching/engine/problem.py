"""What the engine is asked: frozen rows, nothing looked up, nothing assumed."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Level = Literal["city", "state"]
Side = Literal["left", "right"]
Sides = Literal["two", "one"]
Objective = Literal["widest", "total", "egalitarian"]
Policy = Literal["pair_first", "urgency_first"]
CodePair = tuple[str, str]

UNIT = 1_000_000
"""One whole: the sum of all weights, a criterion that is met in full, the highest score."""

MAX_QUANTITY = 10**12
"""Largest sum of quantities, of needs or of offers, that 64-bit integers hold safely."""

MAX_POPULATION = 10**12
MAX_TRANSPORT_DAYS = 3_650
LAST_DAY = date(9000, 1, 1)
TIERS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class City:
    """A city or a state that acts for itself. `topics` are the categories of its non-material
    postings; `state_code` names the state a city lies in; None and () mean "not stated"."""

    code: str
    level: Level = "city"
    side: Side | None = None
    population: int | None = None
    languages: tuple[str, ...] = ()
    utc_offset_minutes: int | None = None
    state_code: str | None = None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tie:
    """A live sister tie between two cities, or between two states (ended and uncertain ones are
    left out by whoever writes the problem)."""

    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Help:
    """`giver` has helped `receiver` before, by the ledger."""

    giver: str
    receiver: str


@dataclass(frozen=True, slots=True)
class Item:
    """What can be needed or offered; `remote` help takes no transport."""

    code: str
    transport_days: int = 0
    remote: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """What is still open of a posted need, in whole base units; tier 1 is critical, 4 can wait.

    A need without a quantity counts as one unit. `accepts` lists substitute items, one for one.
    """

    id: int
    city: str
    item: str
    quantity: int | None
    tier: int
    needed_by: date | None = None
    smallest_lot: int = 1
    accepts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """What is still free of a posted offer, in whole base units; None is knowledge, which serves
    everybody at once. `excluded` are the cities it must not go to, known to the problem or not.
    Every match takes whole packs of `pack` units."""

    id: int
    city: str
    item: str
    quantity: int | None
    available_from: date | None = None
    available_until: date | None = None
    smallest_lot: int = 1
    excluded: tuple[str, ...] = ()
    pack: int = 1


@dataclass(frozen=True, slots=True)
class Weights:
    """What each criterion can add to a score, in millionths; together one whole."""

    coverage: int = 450_000
    tie: int = 250_000
    history: int = 100_000
    topics: int = 100_000
    working_day: int = 50_000
    scale: int = 50_000


@dataclass(frozen=True, slots=True)
class PairingProblem:
    """Which city becomes whose counterpart. `pins` must pair, `forbids` never; an unpinned pair
    needs a score of at least `floor` millionths."""

    cities: tuple[City, ...]
    needs: tuple[Need, ...] = ()
    offers: tuple[Offer, ...] = ()
    ties: tuple[Tie, ...] = ()
    helps: tuple[Help, ...] = ()
    pins: tuple[CodePair, ...] = ()
    forbids: tuple[CodePair, ...] = ()
    sides: Sides = "two"
    objective: Objective = "widest"
    floor: int = 50_000
    weights: Weights = field(default_factory=Weights)


@dataclass(frozen=True, slots=True)
class AllocationProblem:
    """Which quantity of which offer goes to which need. `counterparts` are the active pairings."""

    today: date
    cities: tuple[City, ...]
    items: tuple[Item, ...]
    needs: tuple[Need, ...] = ()
    offers: tuple[Offer, ...] = ()
    ties: tuple[Tie, ...] = ()
    counterparts: tuple[CodePair, ...] = ()
    forbids: tuple[CodePair, ...] = ()
    policy: Policy = "pair_first"


Problem = PairingProblem | AllocationProblem
