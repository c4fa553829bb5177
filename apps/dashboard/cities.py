"""Cities beside what higher floors know of them: counterpart, ties, open needs and offers."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.cities.models import City, SisterTie
from apps.cities.querysets import CityQuerySet
from apps.pairings.models import Pairing, PairingSide
from apps.pairings.states import PairingState
from apps.postings.models import Posting

BOUND = (PairingState.ACTIVE, PairingState.SUSPENDED)  # both cities have said yes


def is_paired() -> Exists:
    """Of a city: whether it has a counterpart that everybody may know of."""
    return Exists(PairingSide.objects.filter(city=OuterRef("pk"), pairing__state__in=BOUND))


def has_open(kind: str) -> Exists:
    return Exists(Posting.objects.open().filter(kind=kind, city=OuterRef("pk")))


def has_tie() -> Exists:
    return Exists(SisterTie.objects.filter(Q(city_a=OuterRef("pk")) | Q(city_b=OuterRef("pk"))))


def with_counts(cities: CityQuerySet) -> CityQuerySet:
    """Annotates `open_needs`, `open_offers` and `tie_count`."""
    postings = Posting.objects.open().filter(city=OuterRef("pk"))
    return cities.annotate(
        open_needs=number_of(postings.needs(), "city"),
        open_offers=number_of(postings.offers(), "city"),
        tie_count=number_of(SisterTie.objects.filter(city_a=OuterRef("pk")), "city_a")
        + number_of(SisterTie.objects.filter(city_b=OuterRef("pk")), "city_b"),
    )


def number_of(rows: QuerySet[Any], column: str) -> Coalesce:
    """How many rows a subquery has that stand for one value of the column."""
    counted = rows.order_by().values(column).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def pairings_of(cities: Sequence[City]) -> dict[int, tuple[Pairing, City]]:
    """City id -> its pairing and its counterpart, of those among the cities that have one."""
    pairings = Pairing.objects.filter(state__in=BOUND, sides__city__in=cities).distinct()
    return {
        city.pk: (pairing, pairing.counterpart_of(city))
        for pairing in pairings.described()
        for city in pairing.cities
    }
