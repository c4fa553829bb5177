"""What stands on a map, and row by row in the list beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django_countries import countries

from apps.cities.models import City
from apps.cities.querysets import CityQuerySet
from apps.dashboard.cities import is_paired, pairings_of, with_open
from apps.pairings.models import Pairing
from apps.postings.models import Kind
from apps.postings.states import PostingState


@dataclass(frozen=True)
class Place:
    """A city with its counterpart, if it has one that the map shows, and its country's name."""

    city: City
    pairing: Pairing | None = None
    counterpart: City | None = None
    country: str = ""

    @property
    def point(self) -> str:
        """Latitude and longitude in degrees, "31.57,120.29"; empty where they are not known."""
        if self.city.latitude is None:
            return ""
        return f"{self.city.latitude:.2f},{self.city.longitude:.2f}"

    @property
    def words(self) -> str:
        """The position for readers, "31.57° N, 120.29° E"; empty where it is not known."""
        latitude, longitude = self.city.latitude, self.city.longitude
        if latitude is None or longitude is None:
            return ""
        return _("%(latitude).2f° %(north)s, %(longitude).2f° %(east)s") % {
            "latitude": abs(latitude),
            "longitude": abs(longitude),
            "north": _("N") if latitude >= 0 else _("S"),
            "east": _("E") if longitude >= 0 else _("W"),
        }

    @property
    def side(self) -> str:
        return "left" if self.city.country in settings.LEFT_COUNTRIES else "right"


def places(cities: Sequence[City]) -> list[Place]:
    """The cities in their order, each with its counterpart."""
    bonds = pairings_of(cities)
    names = {code: countries.name(code) for code in {str(city.country) for city in cities}}
    found = []
    for city in cities:
        pairing, counterpart = bonds.get(city.pk, (None, None))
        found.append(Place(city, pairing, counterpart, names[str(city.country)]))
    return found


def taking_part(cities: CityQuerySet, most: int) -> list[City]:
    """The paired first, then those with open postings; among both, the most open needs first."""
    order = ("-open_needs", "name_en", "pk")
    cities = cities.only("code", "name", "country", "latitude", "longitude")
    paired = list(with_open(cities).filter(is_paired()).order_by(*order)[:most])
    posting = cities.filter(~is_paired(), postings__state=PostingState.OPEN).annotate(
        open_needs=Count("postings__kind", filter=Q(postings__kind=Kind.NEED)),
        open_offers=Count("postings__kind", filter=Q(postings__kind=Kind.OFFER)),
    )
    room = most - len(paired)
    return paired + list(posting.order_by(*order)[:room]) if room else paired
