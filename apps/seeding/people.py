"""The demo's people: officers of sixteen places, two coordinators and others, none of them real."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_noop

from apps.accounts.models import User
from apps.audit.services import record
from apps.cities.models import City, Liaison
from apps.cities.states import LiaisonState
from apps.core.errors import DomainError
from apps.seeding.files import Row
from apps.seeding.sheets import PEOPLE
from apps.seeding.sync import Tally, by_code

PERSON = ("name", "organisation", "role", "language", "time_zone")
OFFICE = ("office", "office_email", "office_phone")
LEFT_DAYS_AGO = 90  # a coordinator who spoke for a city until then may not decide for it
REASON = gettext_noop("Demo of spring 2020.")


def load_people(rows: list[Row], *, now: datetime, password: str) -> Tally:
    """Create those who are missing, with a verified address; who is there already stays as they are.

    Raises DomainError if an address belongs to somebody outside the demo.
    """
    tally, places = Tally(PEOPLE.file), by_code(City)
    people = {
        user.email: user for user in User.objects.filter(email__in=[r["email"] for r in rows])
    }
    secret = make_password(password)
    for row in rows:
        user = people.get(row["email"])
        if user is None:
            user = create_person(row, secret)
            tally.created += 1
        elif user.is_demo:
            tally.unchanged += 1
        else:
            raise DomainError(f"{row['email']} belongs to a person who is not part of the demo.")
        if row["city"]:
            place_officer(user, row, places, now=now)
    return tally


def create_person(row: Row, secret: str) -> User:
    values = {name: row[name] for name in PERSON}
    user = User.objects.create(email=row["email"], password=secret, is_demo=True, **values)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def place_officer(user: User, row: Row, places: Mapping[str, City], *, now: datetime) -> None:
    """Make the person speak for the city, or have spoken for it; what happened since stands."""
    city = places[row["city"]]
    if user.liaisons.filter(city=city).exists():
        return
    left = row["liaison"] == LiaisonState.REMOVED
    liaison = Liaison.objects.create(
        user=user,
        city=city,
        state=row["liaison"],
        state_since=now - timedelta(days=LEFT_DAYS_AGO) if left else now,
        state_reason=REASON,
        is_lead=row["liaison"] == LiaisonState.CONFIRMED,
        **{name: row[name] for name in OFFICE},
    )
    record(None, "load_demo", liaison, at=now, after=liaison.state, reason=REASON)
