"""The checks of a problem's rows: cities, items, needs and offers, each on its own."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import get_args

from .faults import Faults
from .problem import (
    MAX_POPULATION,
    MAX_QUANTITY,
    MAX_TRANSPORT_DAYS,
    TIERS,
    UNIT,
    City,
    Item,
    Level,
    Need,
    Offer,
    Side,
    Weights,
)


def check_cities(faults: Faults, cities: tuple[City, ...]) -> dict[str, City]:
    """Check every city; return those with a usable code, by code."""
    known: dict[str, City] = {}
    for i, city in enumerate(cities):
        path = f"cities[{i}]"
        if faults.text(f"{path}.code", city.code):
            if city.code in known:
                faults.add(f"{path}.code", "duplicate", city.code)
            known[city.code] = city
        faults.choice(f"{path}.level", city.level, get_args(Level))
        faults.choice(f"{path}.side", city.side, (*get_args(Side), None))
        if city.population is not None:
            faults.integer(f"{path}.population", city.population, 1, MAX_POPULATION)
        if city.utc_offset_minutes is not None:
            faults.integer(f"{path}.utc_offset_minutes", city.utc_offset_minutes, -1440, 1440)
        if city.state_code is not None:
            faults.text(f"{path}.state_code", city.state_code)
        faults.texts(f"{path}.languages", city.languages)
        faults.texts(f"{path}.topics", city.topics)
    return known


def check_items(faults: Faults, items: tuple[Item, ...]) -> set[str]:
    """Check every item; return the usable codes."""
    known: set[str] = set()
    for i, item in enumerate(items):
        path = f"items[{i}]"
        if faults.text(f"{path}.code", item.code):
            if item.code in known:
                faults.add(f"{path}.code", "duplicate", item.code)
            known.add(item.code)
        faults.flag(f"{path}.remote", item.remote)
        days = faults.integer(f"{path}.transport_days", item.transport_days, 0, MAX_TRANSPORT_DAYS)
        if days and item.remote is True and item.transport_days > 0:
            faults.add(f"{path}.transport_days", "remote_with_transport", item.transport_days)
    return known


def check_postings(
    faults: Faults,
    name: str,
    postings: tuple[Need, ...] | tuple[Offer, ...],
    cities: dict[str, City],
    items: set[str] | None,
) -> None:
    """Check needs or offers; `items` of None lets any item code stand for itself."""
    seen: set[int] = set()
    total = 0
    rows: Sequence[Need | Offer] = postings
    for i, posting in enumerate(rows):
        path = f"{name}[{i}]"
        if faults.integer(f"{path}.id", posting.id, 0, 2**63 - 1):
            if posting.id in seen:
                faults.add(f"{path}.id", "duplicate", posting.id)
            seen.add(posting.id)
        if faults.text(f"{path}.city", posting.city) and posting.city not in cities:
            faults.add(f"{path}.city", "unknown_city", posting.city)
        _check_item(faults, f"{path}.item", posting.item, items)
        faults.integer(f"{path}.smallest_lot", posting.smallest_lot, 1, MAX_QUANTITY)
        if posting.quantity is None:
            total += 1
        elif faults.integer(f"{path}.quantity", posting.quantity, 1, MAX_QUANTITY):
            total += posting.quantity
        if isinstance(posting, Need):
            _check_need(faults, path, posting, items)
        else:
            _check_offer(faults, path, posting)
    if total > MAX_QUANTITY:
        faults.add(name, "total_too_large", total)


def check_weights(faults: Faults, weights: Weights) -> None:
    """Check that every weight is a share of one whole and that they add up to it."""
    values = [getattr(weights, f.name) for f in fields(weights)]
    names = [f"weights.{f.name}" for f in fields(weights)]
    good = [faults.integer(name, value, 0, UNIT) for name, value in zip(names, values, strict=True)]
    if all(good) and sum(values) != UNIT:
        faults.add("weights", "weights_sum", sum(values))


def _check_item(faults: Faults, path: str, item: str, items: set[str] | None) -> None:
    if faults.text(path, item) and items is not None and item not in items:
        faults.add(path, "unknown_item", item)


def _check_need(faults: Faults, path: str, need: Need, items: set[str] | None) -> None:
    faults.integer(f"{path}.tier", need.tier, TIERS[0], TIERS[-1])
    if need.needed_by is not None:
        faults.day(f"{path}.needed_by", need.needed_by)
    if not faults.sequence(f"{path}.accepts", need.accepts):
        return
    for k, item in enumerate(need.accepts):
        _check_item(faults, f"{path}.accepts[{k}]", item, items)
        if item == need.item:
            faults.add(f"{path}.accepts[{k}]", "substitute_of_itself", item)


def _check_offer(faults: Faults, path: str, offer: Offer) -> None:
    faults.texts(f"{path}.excluded", offer.excluded)
    faults.integer(f"{path}.pack", offer.pack, 1, MAX_QUANTITY)
    days: list[date] = []
    for name in ("available_from", "available_until"):
        value = getattr(offer, name)
        if value is not None and faults.day(f"{path}.{name}", value):
            days.append(value)
    if len(days) == 2 and days[0] > days[1]:
        faults.add(f"{path}.available_until", "dates_reversed", days[1].isoformat())
