from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.audit.services import record, transition
from apps.cities.models import City, Liaison
from apps.cities.states import LiaisonState
from apps.core.errors import DomainError
from apps.notifications.services import notify


@transaction.atomic
def request_liaison(
    city: City,
    *,
    by: User,
    now: datetime,
    office: str,
    office_email: str = "",
    office_phone: str = "",
    statement: str = "",
) -> Liaison:
    """Ask to speak for a city; coordinators are told. One city per person."""
    require(by, "cities.request_liaison")
    if not city.acts:
        raise DomainError(
            _("%(city)s does not post or pair; choose a city or a province.") % {"city": city},
            "city",
        )
    person = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    current = (
        person.liaisons.select_related("city")
        .filter(state__in=[LiaisonState.REQUESTED, LiaisonState.CONFIRMED])
        .first()
    )
    if current:
        raise DomainError(
            _("You already speak for %(city)s, or have asked to.") % {"city": current.city}, "city"
        )
    liaison = Liaison.objects.create(
        user=by,
        city=city,
        office=office,
        office_email=office_email,
        office_phone=office_phone,
        statement=statement,
        state_since=now,
    )
    requested = record(by, "request_liaison", liaison, at=now, after=liaison.state)
    notify("officer_requested", User.objects.deciders().exclude(pk=by.pk), requested)
    return liaison


@transaction.atomic
def confirm_liaison(liaison: Liaison, *, by: User, now: datetime) -> Liaison:
    liaison = lock_liaison(liaison)
    require(by, "cities.confirm_liaison", liaison)
    confirmed = transition(
        liaison, LiaisonState.CONFIRMED, verb="confirm_liaison", by=by, now=now, decided_by=by
    )
    notify("officer_confirmed", [liaison.user], confirmed)
    return liaison


@transaction.atomic
def refuse_liaison(liaison: Liaison, *, by: User, now: datetime, reason: str) -> Liaison:
    liaison = lock_liaison(liaison)
    require(by, "cities.confirm_liaison", liaison)
    refused = transition(
        liaison,
        LiaisonState.REFUSED,
        verb="refuse_liaison",
        by=by,
        now=now,
        reason=reason,
        decided_by=by,
    )
    notify("officer_refused", [liaison.user], refused)
    return liaison


@transaction.atomic
def remove_liaison(liaison: Liaison, *, by: User, now: datetime, reason: str) -> Liaison:
    """End somebody's speaking for a city; from the next request on they may do nothing for it."""
    liaison = lock_liaison(liaison)
    require(by, "cities.remove_liaison", liaison)
    removed = transition(
        liaison, LiaisonState.REMOVED, verb="remove_liaison", by=by, now=now, reason=reason
    )
    notify("officer_removed", [liaison.user], removed)
    return liaison


def lock_liaison(liaison: Liaison) -> Liaison:
    return (
        Liaison.objects.select_for_update(of=("self",), no_key=True)
        .select_related("user", "city")
        .get(pk=liaison.pk)
    )
