"""Who speaks for which city, and who may not decide for it because they do or lately did."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.cities.models import City, Liaison
from apps.cities.states import LiaisonState


def officers_of(*cities: City) -> QuerySet[User]:
    return User.objects.filter(
        liaisons__city__in=cities, liaisons__state=LiaisonState.CONFIRMED, is_active=True
    ).distinct()


def city_of(user: User) -> City | None:
    """The city the person speaks for now."""
    liaison = Liaison.objects.filter(user=user, state=LiaisonState.CONFIRMED).select_related("city")
    found = liaison.first()
    return found.city if found else None


def serves(user: User, *cities: City) -> bool:
    return Liaison.objects.filter(user=user, city__in=cities, state=LiaisonState.CONFIRMED).exists()


def city_in_conflict(user: User, cities: list[City], *, now: datetime) -> City | None:
    """The first of the cities that the person serves, or served within the last CONFLICT_DAYS.

    Serving a city's parent or one of its children counts as serving the city.
    """
    since = now - timedelta(days=settings.CONFLICT_DAYS)
    served = Liaison.objects.filter(user=user).filter(
        Q(state=LiaisonState.CONFIRMED) | Q(state=LiaisonState.REMOVED, state_since__gt=since)
    )
    places = set(served.values_list("city_id", "city__parent_id"))
    own = {city for city, _ in places}
    parents = {parent for _, parent in places if parent}
    for city in cities:
        if city.pk in own or city.pk in parents or city.parent_id in own:
            return city
    return None
