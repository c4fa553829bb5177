"""What arrived, where it went, and the end of the match."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.audit.services import record, transition
from apps.core.errors import DomainError
from apps.deliveries.models import Delivery, Distribution
from apps.deliveries.services.checks import (
    check_day,
    end_hold,
    latest_today,
    lock_delivery,
    tell,
    write_entry,
)
from apps.deliveries.states import DeliveryState
from apps.ledger.models import EntryKind
from apps.ledger.services import party_named
from apps.matching.models import Match
from apps.matching.services import complete_match, count_received, lock_match
from apps.postings.services import fulfil


@transaction.atomic
def receive_delivery(
    delivery: Delivery,
    *,
    by: User,
    now: datetime,
    quantity: int,
    received_on: date,
    difference: str = "",
    difference_note: str = "",
) -> Delivery:
    """Record what arrived. A difference needs a reason; the last consignment closes the match."""
    delivery = lock_delivery(delivery)
    require(by, "deliveries.receive_delivery", delivery)
    if quantity > delivery.quantity:
        raise DomainError(
            _("%(sent)d were sent. If more arrived, record the rest as a gift.")
            % {"sent": delivery.quantity},
            "quantity",
        )
    if quantity != delivery.quantity and not difference:
        raise DomainError(_("Say why the quantity differs from what was sent."), "difference")
    check_day(delivery, received_on, "received_on", now=now)
    end_hold(delivery, received_on, "received_on", now=now)
    arrived = transition(
        delivery,
        DeliveryState.RECEIVED,
        verb="receive_delivery",
        by=by,
        now=now,
        reason=difference_note,
        received_quantity=quantity,
        received_on=received_on,
        difference=difference if quantity != delivery.quantity else "",
        difference_note=difference_note,
        received_by=by,
    )
    count_received(delivery.match, quantity)
    fulfil(delivery.match.need, quantity, now=now)
    if quantity:
        write_entry(delivery, EntryKind.RECEIVED, quantity, received_on, by=by, now=now)
    tell(delivery, "delivery_received", arrived)
    complete_if_settled(delivery.match, now=now)
    return delivery


@transaction.atomic
def distribute(
    delivery: Delivery,
    *,
    by: User,
    now: datetime,
    recipient: str,
    kind: str,
    quantity: int,
    given_on: date | None = None,
) -> Delivery:
    """Note where received units went: the recipient's name and kind of party. Never more than arrived."""
    delivery = lock_delivery(delivery)
    require(by, "deliveries.distribute_delivery", delivery)
    if delivery.state != DeliveryState.RECEIVED:
        raise DomainError(_("Only what was received can be distributed."))
    gone = delivery.distributions.aggregate(sum=Sum("quantity"))["sum"] or 0
    left = (delivery.received_quantity or 0) - gone
    if quantity > left:
        raise DomainError(
            _("Only %(left)d of %(received)d are not yet distributed.")
            % {"left": left, "received": delivery.received_quantity},
            "quantity",
        )
    if given_on:
        check_given_on(delivery, given_on, now=now)
    party = party_named(recipient, kind, delivery.match.need.city)
    Distribution.objects.create(
        delivery=delivery, recipient=party, quantity=quantity, given_on=given_on, entered_by=by
    )
    record(by, "distribute_delivery", delivery, at=now, after=f"{party.code}: {quantity}")
    return delivery


def check_given_on(delivery: Delivery, day: date, *, now: datetime) -> None:
    if delivery.received_on and day < delivery.received_on:
        raise DomainError(
            _("It was received on %(date)s; this date is earlier.")
            % {"date": delivery.received_on},
            "given_on",
        )
    if day > latest_today(delivery.match, now):
        raise DomainError(_("The date %(date)s is in the future.") % {"date": day}, "given_on")


@transaction.atomic
def close_match(match: Match, *, by: User, now: datetime, reason: str) -> Match:
    """Say that nothing more will be sent; refused while a consignment is on the way."""
    match = lock_match(match)
    require(by, "matching.complete_match", match)
    if match.deliveries.underway().exists():
        raise DomainError(_("A consignment is still on the way."))
    if not match.dispatched:
        raise DomainError(_("Nothing was sent: ask a coordinator to cancel the match."))
    return complete_match(match, by=by, now=now, reason=reason)


def complete_if_settled(match: Match, *, now: datetime) -> None:
    """Close the match once all of it that can go in whole packs was sent and nothing is underway."""
    pack = match.offer.pack.units if match.offer.pack else 1
    if match.to_dispatch < pack and not match.deliveries.underway().exists():
        complete_match(match, by=None, now=now)
