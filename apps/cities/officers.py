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


def cities_in_conflict(user: User, *, now: datetime) -> QuerySet[City]:
    """Those that the person serves, or served within the last CONFLICT_DAYS.

    Serving a city's parent or one of its children counts as serving the city.
    """
    served = lately_served(user, now=now)
    own = served.values("city")
    parents = served.exclude(city__parent=None).values("city__parent")
    return City.objects.filter(Q(pk__in=own) | Q(pk__in=parents) | Q(parent__in=own))


def city_in_conflict(user: User, cities: list[City], *, now: datetime) -> City | None:
    """The first of the cities for which the person may not decide."""
    served = list(lately_served(user, now=now).values_list("city", "city__parent"))
    own = {city for city, _parent in served}
    barred = own | {parent for _city, parent in served if parent}
    return next((city for city in cities if city.pk in barred or city.parent_id in own), None)


def lately_served(user: User, *, now: datetime) -> QuerySet[Liaison]:
    since = now - timedelta(days=settings.CONFLICT_DAYS)
    return Liaison.objects.filter(user=user).filter(
        Q(state=LiaisonState.CONFIRMED) | Q(state=LiaisonState.REMOVED, state_since__gt=since)
    )
