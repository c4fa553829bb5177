"""What went from which province or state to which. Units are never added across items."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _

from apps.cities.models import City, Level
from apps.ledger.querysets import LedgerQuerySet


@dataclass(frozen=True)
class Place:
    """A province or state; where no source says which, the code is the country's and the name says so."""

    code: str
    name: str
    country: str


@dataclass(frozen=True)
class Flow:
    """Entries from one place to another; `units` adds up those that state a quantity."""

    giver: Place
    receiver: Place
    entries: int
    units: int
    unknown: int


@dataclass(frozen=True)
class Direction:
    """From one country to another, the largest flow first."""

    giver_country: str
    receiver_country: str
    flows: tuple[Flow, ...]

    @property
    def entries(self) -> int:
        return sum(flow.entries for flow in self.flows)


def directions(entries: LedgerQuerySet) -> list[Direction]:
    """The direction with most entries first; what is demonstration, reversed or a total is left out."""
    found: dict[tuple[str, str], list[Flow]] = defaultdict(list)
    for flow in flows(entries):
        found[flow.giver.country, flow.receiver.country].append(flow)
    listed = [
        Direction(*pair, tuple(sorted(rows, key=lambda flow: (-flow.entries, -flow.units))))
        for pair, rows in found.items()
    ]
    return sorted(listed, key=lambda one: (-one.entries, one.giver_country, one.receiver_country))


def flows(entries: LedgerQuerySet) -> list[Flow]:
    rows = (
        standing(entries)
        .order_by()
        .values(
            one=F("giver__city"),
            other=F("receiver__city"),
            one_country=F("giver__country"),
            other_country=F("receiver__country"),
        )
        .annotate(
            entries=Count("pk"),
            units=Sum("quantity", default=0),
            unknown=Count("pk", filter=Q(quantity=None)),
        )
    )
    places = Places(city for row in rows for city in (row["one"], row["other"]))
    sums: dict[tuple[Place, Place], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in rows:
        pair = (
            places.of(row["one"], row["one_country"]),
            places.of(row["other"], row["other_country"]),
        )
        for n, name in enumerate(("entries", "units", "unknown")):
            sums[pair][n] += row[name]
    return [Flow(*pair, *numbers) for pair, numbers in sums.items()]


def standing(entries: LedgerQuerySet) -> LedgerQuerySet:
    """What counts and was not reversed."""
    return entries.countable().filter(reverses=None, reversed_by=None)


class Places:
    """The province or state of each city, read once for all of them."""

    def __init__(self, ids: Iterable[int | None]) -> None:
        cities = City.objects.select_related("parent__parent")
        self.cities = cities.in_bulk({pk for pk in ids if pk})

    def of(self, city_id: int | None, country: str) -> Place:
        city = self.cities.get(city_id) if city_id else None
        while city is not None:
            if city.level == Level.STATE:
                return Place(city.code, str(city), str(city.country))
            city = city.parent
        return Place(country, _("not stated"), country)
