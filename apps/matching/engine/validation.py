"""Is a problem fit to be solved? Says nothing, or raises one error with every fault in it."""

from collections.abc import Iterator
from typing import get_args

from .faults import Faults
from .problem import (
    UNIT,
    AllocationProblem,
    City,
    CodePair,
    Help,
    Item,
    Need,
    Objective,
    Offer,
    PairingProblem,
    Policy,
    Problem,
    Sides,
    Tie,
    Weights,
)
from .row_checks import check_cities, check_items, check_postings, check_weights

_ROWS = {"cities": City, "items": Item, "needs": Need, "offers": Offer, "ties": Tie, "helps": Help}
_PAIRS = ("pins", "forbids", "counterparts")


def validate_pairing(problem: PairingProblem) -> None:
    """Raise `ProblemError` with every fault of the problem."""
    faults = Faults()
    _check_shapes(faults, problem)
    cities = check_cities(faults, problem.cities)
    faults.choice("objective", problem.objective, get_args(Objective))
    faults.integer("floor", problem.floor, 0, UNIT)
    check_weights(faults, problem.weights)
    check_postings(faults, "needs", problem.needs, cities, None)
    check_postings(faults, "offers", problem.offers, cities, None)
    _check_ties(faults, problem.ties, cities)
    known = set(cities)
    for i, row in enumerate(problem.helps):
        _known_ends(faults, f"helps[{i}]", row.giver, row.receiver, known)
    faults.choice("sides", problem.sides, get_args(Sides))
    for i, city in enumerate(problem.cities):
        if problem.sides == "two" and city.side is None:
            faults.add(f"cities[{i}].side", "side_missing", city.code)
    _check_pins(faults, problem, cities)
    faults.raise_if_any()


def validate_allocation(problem: AllocationProblem) -> None:
    """Raise `ProblemError` with every fault of the problem."""
    faults = Faults()
    _check_shapes(faults, problem)
    cities = check_cities(faults, problem.cities)
    items = check_items(faults, problem.items)
    faults.day("today", problem.today)
    faults.choice("policy", problem.policy, get_args(Policy))
    check_postings(faults, "needs", problem.needs, cities, items)
    check_postings(faults, "offers", problem.offers, cities, items)
    _check_ties(faults, problem.ties, cities)
    list(_known_pairs(faults, "forbids", problem.forbids, set(cities)))
    paired: set[str] = set()
    for path, a, b in _known_pairs(faults, "counterparts", problem.counterparts, set(cities)):
        for code in (a, b):
            if code in paired:
                faults.add(path, "paired_twice", code)
            paired.add(code)
    faults.raise_if_any()


def _check_shapes(faults: Faults, problem: Problem) -> None:
    """Later checks read rows: without rows of the right kind, stop here."""
    for name, kind in _ROWS.items():
        if hasattr(problem, name):
            faults.rows(name, getattr(problem, name), kind)
    for name in _PAIRS:
        if hasattr(problem, name) and faults.rows(name, getattr(problem, name), tuple):
            for i, pair in enumerate(getattr(problem, name)):
                if len(pair) != 2:
                    faults.add(f"{name}[{i}]", "wrong_type", pair)
    if isinstance(problem, PairingProblem):
        faults.is_a("weights", problem.weights, Weights)
    faults.raise_if_any()


def _check_ties(faults: Faults, ties: tuple[Tie, ...], cities: dict[str, City]) -> None:
    """A tie may also join states that lie in the problem only as the state of a city."""
    states = {city.state_code for city in cities.values() if isinstance(city.state_code, str)}
    known = set(cities) | states
    for i, tie in enumerate(ties):
        _known_ends(faults, f"ties[{i}]", tie.a, tie.b, known)


def _known_ends(faults: Faults, path: str, a: str, b: str, known: set[str]) -> bool:
    good = True
    for code in (a, b):
        if not faults.text(path, code):
            good = False
        elif code not in known:
            faults.add(path, "unknown_city", code)
            good = False
    if good and a == b:
        faults.add(path, "same_city", a)
        good = False
    return good


def _known_pairs(
    faults: Faults, name: str, pairs: tuple[CodePair, ...], known: set[str]
) -> Iterator[tuple[str, str, str]]:
    for i, (a, b) in enumerate(pairs):
        if _known_ends(faults, f"{name}[{i}]", a, b, known):
            yield f"{name}[{i}]", a, b


def _check_pins(faults: Faults, problem: PairingProblem, cities: dict[str, City]) -> None:
    known = set(cities)
    forbidden = {
        frozenset((a, b)) for _, a, b in _known_pairs(faults, "forbids", problem.forbids, known)
    }
    partner: dict[str, str] = {}
    for path, a, b in _known_pairs(faults, "pins", problem.pins, known):
        if frozenset((a, b)) in forbidden:
            faults.add(path, "pinned_and_forbidden", (a, b))
        if cities[a].level != cities[b].level:
            faults.add(path, "across_levels", (a, b))
        if problem.sides == "two" and cities[a].side == cities[b].side:
            faults.add(path, "same_side", (a, b))
        for code, other in ((a, b), (b, a)):
            if partner.setdefault(code, other) != other:
                faults.add(path, "pinned_twice", code)
