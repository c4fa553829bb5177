"""Cities beside what higher floors know of them: counterpart, ties, open needs and offers."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.cities.models import City, SisterTie
from apps.cities.querysets import CityQuerySet
from apps.core.models import names_of
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
    return with_open(cities).annotate(
        tie_count=number_of(SisterTie.objects.filter(city_a=OuterRef("pk")), "city_a")
        + number_of(SisterTie.objects.filter(city_b=OuterRef("pk")), "city_b"),
    )


def with_open(cities: CityQuerySet) -> CityQuerySet:
    postings = Posting.objects.open().filter(city=OuterRef("pk"))
    return cities.annotate(
        open_needs=number_of(postings.needs(), "city"),
        open_offers=number_of(postings.offers(), "city"),
    )


def number_of(rows: QuerySet[Any], column: str) -> Coalesce:
    """How many rows a subquery has that stand for one value of the column."""
    counted = rows.order_by().values(column).annotate(number=Count("*")).values("number")
    return Coalesce(Subquery(counted), 0)


def pairings_of(cities: Sequence[City]) -> dict[int, tuple[Pairing, City]]:
    """City id -> its pairing and its counterpart, of those among the cities that have one."""
    others = (
        PairingSide.objects.filter(pairing__state__in=BOUND)
        .annotate(own=F("pairing__sides__city"))
        .filter(~Q(city=F("own")), own__in=[city.pk for city in cities])
        .select_related("pairing", "city")
        .only("pairing__is_demo", *names_of("city"))
    )
    return {side.own: (side.pairing, side.city) for side in others}
