"""Seeded allocation problems of any size: posting-shaped, uniform, all equal, hubs, sparse."""

import random
from collections.abc import Callable
from datetime import date, timedelta

from apps.matching.engine import AllocationProblem, City, Item, Need, Offer, Tie

TODAY = date(2020, 3, 1)
TIERS = (1, 2, 2, 3, 3, 4)
ITEMS = 60
STATES = 20


def posting(postings: int) -> AllocationProblem:
    """60 items with a long tail, eleven postings a city, dates, one need in ten takes a substitute."""
    draw = random.Random(1)
    cities = _cities(draw, max(postings // 11, 2))
    items = draw.choices(range(ITEMS), [1 / (i + 1) for i in range(ITEMS)], k=postings)
    return _problem(draw, cities, items, ITEMS, substitutes=0.1)


def uniform(postings: int) -> AllocationProblem:
    """60 items, each as frequent as the others."""
    draw = random.Random(2)
    cities = _cities(draw, max(postings // 11, 2))
    items = [draw.randrange(ITEMS) for _ in range(postings)]
    return _problem(draw, cities, items, ITEMS, substitutes=0.1)


def all_equal(postings: int) -> AllocationProblem:
    """One item, one tier, one quantity, no dates: everything is a tie."""
    cities = _cities(random.Random(3), max(postings // 11, 2))
    needs = tuple(
        Need(i, cities[i % len(cities)].code, "item0", 100, 2) for i in range(postings // 2)
    )
    offers = tuple(
        Offer(postings + i, cities[(i + 1) % len(cities)].code, "item0", 80)
        for i in range(postings // 2)
    )
    return AllocationProblem(TODAY, cities, (Item("item0", 5),), needs, offers)


def hubs(postings: int) -> AllocationProblem:
    """A few givers hold nearly everything that many small needs ask for."""
    draw = random.Random(4)
    cities = _cities(draw, max(postings // 11, 2))
    many = postings - postings // 50
    items = tuple(Item(f"item{i}", 5) for i in range(ITEMS))
    needs = tuple(
        Need(
            i,
            draw.choice(cities).code,
            f"item{draw.randrange(ITEMS)}",
            draw.randint(1, 500),
            draw.choice(TIERS),
        )
        for i in range(many)
    )
    offers = tuple(
        Offer(postings + i, cities[i % 7].code, f"item{i % ITEMS}", draw.randint(1, 20_000))
        for i in range(postings - many)
    )
    return AllocationProblem(TODAY, cities, items, needs, offers, counterparts=_pairs(cities))


def sparse(postings: int) -> AllocationProblem:
    """So many items that each need can choose among some twenty offers: 20 arcs a need."""
    draw = random.Random(5)
    cities = _cities(draw, max(postings // 11, 2))
    count = max(postings // 40, 1)
    items = [draw.randrange(count) for _ in range(postings)]
    return _problem(draw, cities, items, count, substitutes=0.0)


FAMILIES: dict[str, Callable[[int], AllocationProblem]] = {
    "posting": posting,
    "uniform": uniform,
    "all equal": all_equal,
    "hubs": hubs,
    "sparse": sparse,
}


def _cities(draw: random.Random, count: int) -> tuple[City, ...]:
    return tuple(City(f"c{i:06d}", state_code=f"S{draw.randrange(STATES)}") for i in range(count))


def _pairs(cities: tuple[City, ...]) -> tuple[tuple[str, str], ...]:
    half = len(cities) // 2
    return tuple((cities[i].code, cities[half + i].code) for i in range(half))


def _problem(
    draw: random.Random, cities: tuple[City, ...], items: list[int], count: int, substitutes: float
) -> AllocationProblem:
    needs, offers = [], []
    for number, item in enumerate(items):
        city, name = draw.choice(cities).code, f"item{item:05d}"
        if number % 2:
            quantity = 8 * draw.randint(1, 1000)
            begin = TODAY + timedelta(draw.randint(-5, 20))
            offers.append(Offer(number, city, name, quantity, available_from=begin))
        else:
            other = f"item{item ^ 1:05d}" if (item ^ 1) < count else name
            accepts = (other,) if draw.random() < substitutes and other != name else ()
            until = TODAY + timedelta(draw.randint(5, 60))
            quantity = 10 * draw.randint(1, 1000)
            needs.append(Need(number, city, name, quantity, draw.choice(TIERS), until, 1, accepts))
    ties = tuple(Tie(*(city.code for city in draw.sample(cities, 2))) for _ in cities)
    return AllocationProblem(
        today=TODAY,
        cities=cities,
        items=tuple(Item(f"item{i:05d}", 5 + i % 5) for i in range(count)),
        needs=tuple(needs),
        offers=tuple(offers),
        ties=(*ties, *(Tie(f"S{i}", f"S{i + 1}") for i in range(0, STATES, 2))),
        counterparts=_pairs(cities),
    )
