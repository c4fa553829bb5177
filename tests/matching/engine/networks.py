"""Posting-shaped networks of any size, seeded."""

import random
from dataclasses import replace
from datetime import timedelta

from apps.matching.engine import (
    AllocationProblem,
    City,
    Help,
    Item,
    Need,
    Offer,
    PairingProblem,
    Tie,
)

from .instances import TODAY


def network_pairing(cities: int, seed: int = 1, **changes: object) -> PairingProblem:
    """Posting-shaped: so many cities a side, 60 items with a long tail, eleven postings a city."""
    draw = random.Random(seed)
    chances = [1 / (i + 1) for i in range(60)]
    rows, needs, offers = [], [], []
    for side, country in (("left", "CN"), ("right", "US")):
        for number in range(cities):
            code = f"{country}-{number:05d}"
            rows.append(
                City(
                    code,
                    side=side,
                    population=draw.choice((None, draw.randint(10**4, 10**7))),
                    languages=("zh",) if side == "left" else ("en",),
                    utc_offset_minutes=480 if side == "left" else draw.choice((-300, -360, -480)),
                    state_code=f"{country}-S{draw.randrange(20)}",
                    topics=tuple(draw.sample(("culture", "economy", "expertise"), 2)),
                )
            )
            for item in draw.choices(range(60), chances, k=11):
                posting = len(needs) + len(offers) + 1
                if draw.random() < 0.5:
                    quantity, tier = 10 * draw.randint(1, 1000), draw.choice((1, 2, 2, 3, 3, 4))
                    needs.append(Need(posting, code, f"item{item:02d}", quantity, tier))
                else:
                    quantity = 8 * draw.randint(1, 1000)
                    offers.append(Offer(posting, code, f"item{item:02d}", quantity))
    ends = [(f"CN-{draw.randrange(cities):05d}", f"US-{draw.randrange(cities):05d}") for _ in rows]
    half = len(ends) // 2
    problem = PairingProblem(
        cities=tuple(rows),
        needs=tuple(needs),
        offers=tuple(offers),
        ties=tuple(Tie(a, b) for a, b in ends[:half]),
        helps=tuple(Help(a, b) for a, b in ends[half:]),
    )
    return replace(problem, **changes)


def network_allocation(cities: int, seed: int = 1, **changes: object) -> AllocationProblem:
    """The same network with dates, substitutes, and every city of one side paired."""
    draw = random.Random(seed)
    pairing = network_pairing(cities, seed)
    items = tuple(Item(f"item{i:02d}", 5 + i % 5) for i in range(60))
    problem = AllocationProblem(
        today=TODAY,
        cities=pairing.cities,
        items=items,
        needs=tuple(
            replace(
                need,
                needed_by=TODAY + timedelta(draw.randint(5, 60)),
                accepts=(f"item{int(need.item[4:]) ^ 1:02d}",) if draw.random() < 0.1 else (),
            )
            for need in pairing.needs
        ),
        offers=tuple(
            replace(offer, available_from=TODAY + timedelta(draw.randint(-5, 20)))
            for offer in pairing.offers
        ),
        ties=pairing.ties,
        counterparts=tuple((f"CN-{i:05d}", f"US-{i:05d}") for i in range(cities)),
    )
    return replace(problem, **changes)
