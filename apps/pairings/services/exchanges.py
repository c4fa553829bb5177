from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.audit.services import record, transition
from apps.cities.models import City
from apps.cities.officers import officers_of
from apps.core.errors import DomainError
from apps.notifications.services import notify
from apps.pairings.models import Exchange, Pairing
from apps.pairings.states import ExchangeState
from apps.postings.dates import today_in


@transaction.atomic
def plan_exchange(cities: Sequence[City], *, by: User, now: datetime, **fields: Any) -> Exchange:
    """Enter an exchange of two or more cities, paired or only tied.

    `fields`: kind, subject, takes_place_on, starts_at, minutes, link, participants, count.
    The officers of the other cities are told.
    """
    cities = list(dict.fromkeys(cities))
    require(by, "pairings.plan_exchange", cities)
    if len(cities) < 2:
        raise DomainError(_("An exchange joins two or more cities."), "cities")
    exchange = Exchange.objects.create(
        planned_by=by,
        pairing=pairing_between(cities),
        is_demo=by.is_demo,
        state_since=now,
        **fields,
    )
    exchange.cities.set(cities)
    planned = record(by, "plan_exchange", exchange, at=now, after=exchange.state)
    notify("exchange_planned", officers_of(*cities).exclude(pk=by.pk), planned)
    return exchange


def pairing_between(cities: Sequence[City]) -> Pairing | None:
    """The live pairing of exactly these two cities, if there is one."""
    if len(cities) != 2:
        return None
    one, other = cities
    return (
        Pairing.objects.live().of(one).filter(pk__in=Pairing.objects.of(other).values("pk")).first()
    )


@transaction.atomic
def hold_exchange(exchange: Exchange, *, by: User, now: datetime, note: str = "") -> Exchange:
    """Record that an exchange took place, from its day on where that day comes first."""
    exchange = _lock(exchange, by=by)
    day = exchange.takes_place_on
    is_planned = exchange.state == ExchangeState.PLANNED
    if is_planned and day and day > max(today_in(city, now) for city in exchange.cities.all()):
        raise DomainError(
            _("Its day is %(day)s: note only then, or later, that it took place.")
            % {"day": date_format(day)}
        )
    transition(exchange, ExchangeState.HELD, verb="hold_exchange", by=by, now=now, reason=note)
    return exchange


@transaction.atomic
def cancel_exchange(exchange: Exchange, *, by: User, now: datetime, reason: str) -> Exchange:
    exchange = _lock(exchange, by=by)
    to = ExchangeState.CANCELLED
    transition(exchange, to, verb="cancel_exchange", by=by, now=now, reason=reason)
    return exchange


def _lock(exchange: Exchange, *, by: User) -> Exchange:
    exchange = Exchange.objects.select_for_update(no_key=True).get(pk=exchange.pk)
    require(by, "pairings.edit_exchange", exchange)
    return exchange
