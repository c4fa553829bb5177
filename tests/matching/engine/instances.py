"""Seeded random problems: small, full of ties and gaps; and the same in another order."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from apps.matching.engine import (
    AllocationProblem,
    City,
    Help,
    Item,
    Need,
    Offer,
    PairingProblem,
    Tie,
    Weights,
)

Row = TypeVar("Row")


TODAY = date(2020, 3, 1)


ITEMS = ("gown", "mask", "manual", "visor")


OFFSETS = (None, 480, -300, -420, 0)


def pairing_problem(seed: int, most: int = 7, **changes: object) -> PairingProblem:
    """Up to `most` cities and states on both sides or in one pool, with few distinct numbers."""
    draw = random.Random(seed)
    codes = draw.sample("abcdefghijklmnop", draw.randint(2, most))
    cities = tuple(_city(draw, code) for code in codes)
    numbers = iter(range(1, 1000))
    sides = draw.choice(("two", "one"))
    problem = PairingProblem(
        cities=cities,
        needs=tuple(
            Need(
                next(numbers),
                city.code,
                draw.choice(ITEMS),
                draw.choice((None, 1, 3, 10, 10, 20)),
                draw.choice((1, 2, 2, 3, 4)),
            )
            for city in cities
            for _ in range(draw.choice((0, 1, 2, 3)))
        ),
        offers=tuple(
            Offer(
                next(numbers),
                city.code,
                draw.choice(ITEMS),
                draw.choice((None, 1, 5, 10, 20)),
                excluded=tuple(draw.sample(codes, draw.choice((0, 0, 0, 1)))),
            )
            for city in cities
            for _ in range(draw.choice((0, 1, 2, 3)))
        ),
        ties=tuple(Tie(*pair) for pair in _some_pairs(draw, codes, 3))
        + draw.choice(((), (Tie("S", "T"),)) if _has_states(cities) else ((),)),
        helps=tuple(Help(*pair) for pair in _some_pairs(draw, codes, 3)),
        forbids=tuple(_some_pairs(draw, codes, draw.choice((0, 0, 2)))),
        sides=sides,
        objective=draw.choice(("widest", "total", "egalitarian")),
        floor=draw.choice((0, 50_000, 50_000, 300_000)),
        weights=draw.choice((Weights(), Weights(), Weights(1_000_000, 0, 0, 0, 0, 0))),
    )
    problem = replace(problem, **changes)
    return replace(problem, pins=_pins(draw, problem))


def any_pairing(seed: int) -> PairingProblem:
    """Random problems, and among them the edges: nobody, one city, all forbidden, all equal."""
    problem = pairing_problem(seed)
    codes = [city.code for city in problem.cities]
    match seed % 40:
        case 0:
            return PairingProblem((), sides=problem.sides, objective=problem.objective)
        case 1:
            return PairingProblem(problem.cities[:1], sides="one", objective=problem.objective)
        case 2:
            pairs = tuple((a, b) for a in codes for b in codes if a < b)
            return replace(problem, pins=(), forbids=pairs)
        case 3 | 4:
            alike = tuple(City(c.code, side=c.side, topics=("culture",)) for c in problem.cities)
            return replace(
                problem, cities=alike, needs=(), offers=(), ties=(), helps=(), weights=Weights()
            )
        case _:
            return problem


def _city(draw: random.Random, code: str) -> City:
    return City(
        code,
        level=draw.choice(("city", "city", "state")),
        side=draw.choice(("left", "right")),
        population=draw.choice((None, 1_000, 2_000, 3_000_000)),
        languages=tuple(draw.sample(("en", "zh", "es"), draw.choice((0, 1, 2)))),
        utc_offset_minutes=draw.choice(OFFSETS),
        state_code=draw.choice((None, "S", "T")),
        topics=tuple(draw.sample(("culture", "economy", "expertise"), draw.choice((0, 1, 2)))),
    )


def _has_states(cities: tuple[City, ...]) -> bool:
    return {"S", "T"} <= {city.state_code for city in cities}


def _some_pairs(draw: random.Random, codes: list[str], most: int) -> list[tuple[str, str]]:
    pairs = {tuple(sorted(draw.sample(codes, 2))) for _ in range(draw.randint(0, most))}
    return sorted(pairs)


def _pins(draw: random.Random, problem: PairingProblem) -> tuple[tuple[str, str], ...]:
    if draw.random() < 0.6:
        return ()
    for a in problem.cities:
        for b in problem.cities:
            sides = problem.sides == "one" or (a.side, b.side) == ("left", "right")
            barred = {(a.code, b.code), (b.code, a.code)} & set(problem.forbids)
            if a.code != b.code and a.level == b.level and sides and not barred:
                return ((b.code, a.code),)
    return ()


def allocation_problem(seed: int, most: int = 6, **changes: object) -> AllocationProblem:
    """Up to `most` needs and offers with few distinct quantities, dates and cities.

    Two of three problems are crowded: two items, no dates and little to keep them apart.
    """
    draw = random.Random(seed)
    crowded = seed % 3 > 0
    names = ITEMS[:2] if crowded else ITEMS
    codes = list("abcdef")
    cities = tuple(City(code, state_code=draw.choice((None, "S", "T"))) for code in codes)
    items = (Item("gown", 3), Item("mask", 10), Item("manual", 0, True), Item("visor", 3))
    days = (None, None, TODAY - timedelta(2), TODAY, TODAY + timedelta(5), TODAY + timedelta(12))
    if crowded:
        days = (None,)
    needs = []
    for number in range(draw.randint(3 if crowded else 0, most)):
        item = draw.choice(names)
        others = [other for other in names if other != item]
        needs.append(
            Need(
                number,
                draw.choice(codes),
                item,
                draw.choice((None, 1, 5, 10, 10, 13, 40)),
                draw.choice((1, 2, 2, 3)),
                needed_by=draw.choice(days),
                smallest_lot=draw.choice((1, 1, 4)),
                accepts=tuple(draw.sample(others, draw.choice((0, 0, 1)))),
            )
        )
    offers = []
    for number in range(draw.randint(2 if crowded else 0, most)):
        begin, end = draw.choice(days), draw.choice(days)
        offers.append(
            Offer(
                100 + number,
                draw.choice(codes),
                draw.choice(names),
                draw.choice((None, 1, 5, 10, 12, 30, 30)),
                available_from=begin,
                available_until=max(begin, end) if begin and end else end,
                smallest_lot=draw.choice((1, 1, 6)),
                excluded=tuple(draw.sample(codes, draw.choice((0, 0, 1)))),
            )
        )
    draw.shuffle(codes)
    problem = AllocationProblem(
        today=TODAY,
        cities=cities,
        items=items,
        needs=tuple(needs),
        offers=tuple(offers),
        ties=tuple(Tie(*pair) for pair in _some_pairs(draw, codes, 4)) + _state_ties(draw, cities),
        counterparts=tuple(zip(codes[: draw.choice((0, 2, 4))][::2], codes[1::2], strict=False)),
        forbids=tuple(_some_pairs(draw, codes, draw.choice((0, 0, 3)))),
        policy=draw.choice(("pair_first", "urgency_first")),
    )
    return replace(problem, **changes)


def _state_ties(draw: random.Random, cities: tuple[City, ...]) -> tuple[Tie, ...]:
    return (Tie("S", "T"),) if _has_states(cities) and draw.random() < 0.5 else ()


def quantities_only(problem: AllocationProblem) -> AllocationProblem:
    """The same problem with every offer counted."""
    offers = tuple(replace(offer, quantity=offer.quantity or 7) for offer in problem.offers)
    return replace(problem, offers=offers)


def without_lots(problem: AllocationProblem) -> AllocationProblem:
    """The same problem with every quantity welcome."""
    return replace(
        problem,
        needs=tuple(replace(need, smallest_lot=1) for need in problem.needs),
        offers=tuple(replace(offer, smallest_lot=1, pack=1) for offer in problem.offers),
    )


def packed(problem: AllocationProblem, seed: int) -> AllocationProblem:
    """The same problem with some offers in packs of three or four."""
    draw = random.Random(seed)
    offers = tuple(replace(o, pack=draw.choice((1, 1, 1, 3, 4))) for o in problem.offers)
    return replace(problem, offers=offers)


def shuffled_pairing(problem: PairingProblem, seed: int) -> PairingProblem:
    """The same problem with its rows, and the ends of its pairs, in another order."""
    draw = random.Random(seed)
    return replace(
        problem,
        cities=_shuffled(
            draw,
            [
                replace(
                    city,
                    languages=_shuffled(draw, city.languages),
                    topics=_shuffled(draw, city.topics),
                )
                for city in problem.cities
            ],
        ),
        needs=_shuffled(draw, problem.needs),
        offers=_shuffled(draw, problem.offers),
        ties=_shuffled(draw, [Tie(tie.b, tie.a) for tie in problem.ties]),
        helps=_shuffled(draw, problem.helps),
        pins=_shuffled(draw, [(b, a) for a, b in problem.pins]),
        forbids=_shuffled(draw, [(b, a) for a, b in problem.forbids]),
    )


def shuffled_allocation(problem: AllocationProblem, seed: int) -> AllocationProblem:
    """The same problem with its rows, and the ends of its pairs, in another order."""
    draw = random.Random(seed)
    return replace(
        problem,
        cities=_shuffled(draw, problem.cities),
        items=_shuffled(draw, problem.items),
        needs=_shuffled(
            draw, [replace(n, accepts=_shuffled(draw, n.accepts)) for n in problem.needs]
        ),
        offers=_shuffled(
            draw, [replace(o, excluded=_shuffled(draw, o.excluded)) for o in problem.offers]
        ),
        ties=_shuffled(draw, [Tie(tie.b, tie.a) for tie in problem.ties]),
        counterparts=_shuffled(draw, [(b, a) for a, b in problem.counterparts]),
        forbids=_shuffled(draw, [(b, a) for a, b in problem.forbids]),
    )


def _shuffled(draw: random.Random, rows: Iterable[Row]) -> tuple[Row, ...]:
    in_another_order = list(rows)
    draw.shuffle(in_another_order)
    return tuple(in_another_order)
