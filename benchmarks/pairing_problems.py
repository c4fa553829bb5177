"""Seeded pairing problems of every size: five families, and the real graph of sister cities."""

import csv
import random
from pathlib import Path

from apps.matching.engine import City, Need, Offer, PairingProblem, Tie

FAMILIES = ("posting", "uniform", "three", "equal", "hubs")
ITEMS = 60
POSTINGS = 11


def family(name: str, cities: int, seed: int = 1, **changes: object) -> PairingProblem:
    """So many cities a side. `posting`: 60 items with a long tail, eleven postings a city;
    `uniform`: every item alike; `three`, `equal`: so many distinct scores; `hubs`: one city in a
    hundred posts everything, the others one item."""
    draw = random.Random(seed)
    rows, needs, offers = [], [], []
    for side in ("left", "right"):
        for number in range(cities):
            code = f"{side[0]}{number:05d}"
            rows.append(_city(draw, name, code, side))
            for item in _items(draw, name, number):
                post = len(needs) + len(offers) + 1
                if draw.random() < 0.5:
                    tier, units = draw.choice((1, 2, 2, 3, 3, 4)), 10 * draw.randint(1, 1000)
                    needs.append(Need(post, code, f"item{item:02d}", units, tier))
                else:
                    offers.append(Offer(post, code, f"item{item:02d}", 8 * draw.randint(1, 1000)))
    return PairingProblem(tuple(rows), tuple(needs), tuple(offers), **changes)


def _items(draw: random.Random, name: str, number: int) -> list[int]:
    if name in ("three", "equal"):
        return []
    if name == "uniform":
        return draw.choices(range(ITEMS), k=POSTINGS)
    if name == "hubs":
        return list(range(ITEMS)) if number % 100 == 0 else [draw.randrange(ITEMS)]
    return draw.choices(range(ITEMS), [1 / (i + 1) for i in range(ITEMS)], k=POSTINGS)


def _city(draw: random.Random, name: str, code: str, side: str) -> City:
    if name == "equal":
        return City(code, side=side, topics=("culture",))
    if name == "three":
        language, hours = draw.choice(("en", "zh")), draw.choice((0, 720))
        return City(code, side=side, topics=("x",), languages=(language,), utc_offset_minutes=hours)
    return City(
        code,
        side=side,
        population=draw.randint(10**4, 10**7),
        languages=("zh",) if side == "left" else ("en",),
        utc_offset_minutes=480 if side == "left" else draw.choice((-300, -360, -480)),
        topics=tuple(draw.sample(("culture", "economy", "expertise"), 2)),
    )


def world(path: Path, **changes: object) -> PairingProblem:
    """One pool of all sister cities of a CSV file (place_a_id, place_b_id), by their ties alone."""
    with path.open(encoding="utf-8", newline="") as file:
        ends = {(row["place_a_id"], row["place_b_id"]) for row in csv.DictReader(file)}
    ends = {pair for pair in ends if pair[0] != pair[1]}
    codes = sorted({code for pair in ends for code in pair})
    ties = tuple(Tie(a, b) for a, b in sorted(ends))
    return PairingProblem(tuple(map(City, codes)), ties=ties, sides="one", **changes)
