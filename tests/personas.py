"""Who could have something to do with two cities, and how deciders come to serve one of them."""

from datetime import datetime, timedelta

from apps.accounts.models import User
from apps.cities.models import City
from tests import factories

People = dict[str, User]
OFFICERS = {"left officer", "left colleague", "right officer"}
DECIDERS = {"coordinator", "administrator"}
OTHERS = {
    "other officer",
    "asked to speak",
    "removed officer",
    "inactive officer",
    "member",
    "inactive coordinator",
}
EVERYBODY = sorted(OFFICERS | DECIDERS | OTHERS)


def people_of(left: City, right: City) -> People:
    return {
        "left officer": factories.LiaisonFactory(city=left).user,
        "left colleague": factories.LiaisonFactory(city=left).user,
        "right officer": factories.LiaisonFactory(city=right).user,
        "other officer": factories.LiaisonFactory().user,
        "asked to speak": factories.LiaisonFactory(city=left, state="requested").user,
        "removed officer": factories.LiaisonFactory(city=left, state="removed").user,
        "inactive officer": factories.LiaisonFactory(city=left, user__is_active=False).user,
        "member": factories.UserFactory(),
        "coordinator": factories.UserFactory(coordinator=True),
        "administrator": factories.UserFactory(administrator=True),
        "inactive coordinator": factories.UserFactory(coordinator=True, is_active=False),
    }


CONFLICTS = {
    "serves the left city": ("left", "confirmed", 0),
    "serves the right city": ("right", "confirmed", 0),
    "serves its parent": ("parent", "confirmed", 0),
    "serves its child": ("child", "confirmed", 0),
    "left its office 364 days ago": ("left", "removed", 364),
}
NO_CONFLICTS = {
    "left its office 366 days ago": ("left", "removed", 366),
    "serves its sister of the same parent": ("sister", "confirmed", 0),
    "serves another city": ("other", "confirmed", 0),
    "has only asked to serve it": ("left", "requested", 0),
    "was refused to serve it": ("left", "refused", 0),
}


def make_serve(person: User, how: str, left: City, right: City, *, now: datetime) -> None:
    """Let the person serve a place as CONFLICTS and NO_CONFLICTS say; `left` lies in a state."""
    place, state, days = (CONFLICTS | NO_CONFLICTS)[how]
    city = {
        "left": lambda: left,
        "right": lambda: right,
        "parent": lambda: left.parent,
        "child": lambda: factories.CityFactory(parent=left),
        "sister": lambda: factories.CityFactory(parent=left.parent),
        "other": factories.CityFactory,
    }[place]()
    since = now - timedelta(days=days)
    factories.LiaisonFactory(user=person, city=city, state=state, state_since=since)
