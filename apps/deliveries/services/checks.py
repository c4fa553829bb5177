"""What must hold before a consignment moves, and how it is locked, entered and told."""

from datetime import date, datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.cities.officers import officers_of
from apps.core.errors import DomainError
from apps.deliveries.models import Delivery
from apps.ledger.services import parties_of, record_entry
from apps.matching.models import Match
from apps.matching.services import lock_match
from apps.notifications.services import notify
from apps.postings.dates import today_in


def lock_delivery(delivery: Delivery) -> Delivery:
    """The delivery with its match: the match is locked first, as everywhere."""
    match = lock_match(delivery.match)
    found = Delivery.objects.select_for_update(no_key=True).get(pk=delivery.pk)
    found.match = match
    return found


def check_dispatch(match: Match, quantity: int, dispatched_on: date, *, now: datetime) -> None:
    if quantity < 1:
        raise DomainError(_("Enter a number greater than 0."), "quantity")
    if dispatched_on > today_in(match.offer.city, now):
        raise DomainError(
            _("The date %(date)s is in the future.") % {"date": dispatched_on}, "dispatched_on"
        )
    pack = match.offer.pack
    if pack and quantity % pack.units:
        raise DomainError(
            _("It is sent in whole packs: %(pack)s of %(units)d.")
            % {"pack": pack, "units": pack.units},
            "quantity",
        )


def check_day(delivery: Delivery, day: date, field: str, *, now: datetime) -> None:
    """What happens to a consignment follows its dispatch and its last release, and is not to come.

    Either side's own today is never too early: it may still be yesterday where the goods arrive.
    """
    today = min(today_in(city, now) for city in delivery.match.cities)
    if day < min(delivery.dispatched_on, today):
        raise DomainError(
            _("It was sent on %(date)s; this date is earlier.") % {"date": delivery.dispatched_on},
            field,
        )
    released = delivery.holds.aggregate(last=Max("until"))["last"]
    if released and day < min(released, today):
        raise DomainError(
            _("It was released on %(date)s; this date is earlier.") % {"date": released}, field
        )
    if day > latest_today(delivery.match, now):
        raise DomainError(_("The date %(date)s is in the future.") % {"date": day}, field)


def end_hold(delivery: Delivery, until: date, field: str, *, now: datetime) -> None:
    hold = delivery.holds.filter(until=None).first()
    if hold is None:
        return
    if until < hold.since:
        raise DomainError(
            _("It has been held since %(date)s; this date is earlier.") % {"date": hold.since},
            field,
        )
    if until > latest_today(delivery.match, now):
        raise DomainError(_("The date %(date)s is in the future.") % {"date": until}, field)
    hold.until = until
    hold.save()


def latest_today(match: Match, now: datetime) -> date:
    """The date where it is later: what one side dates today may be tomorrow for the other."""
    return max(today_in(city, now) for city in match.cities)


def write_entry(
    delivery: Delivery, kind: str, quantity: int, on: date, *, by: User, now: datetime
) -> None:
    match = delivery.match
    giver, receiver = parties_of(*match.cities)
    record_entry(
        kind,
        giver=delivery.giver or giver,
        receiver=receiver,
        intermediary=delivery.intermediary,
        item=match.offer.item,
        quantity=quantity,
        source=("delivery", delivery.pk),
        by=by,
        now=now,
        occurred_on=on,
        is_demo=match.is_demo,
    )


def tell(delivery: Delivery, kind: str, cause: AuditEntry) -> None:
    notify(kind, officers_of(*delivery.match.cities), cause)
