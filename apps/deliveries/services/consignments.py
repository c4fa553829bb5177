"""Sending, and what can happen on the way."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.audit.services import record, transition
from apps.cities.officers import officers_of
from apps.core.errors import DomainError
from apps.deliveries.models import Delivery, Hold
from apps.deliveries.services.checks import (
    check_day,
    check_dispatch,
    end_hold,
    latest_today,
    lock_delivery,
    tell,
    write_entry,
)
from apps.deliveries.services.receipts import complete_if_settled
from apps.deliveries.states import DeliveryState
from apps.ledger.models import EntryKind, Party
from apps.ledger.services import party_named
from apps.matching.models import Match
from apps.matching.services import count_dispatched, lock_match
from apps.matching.states import MatchState
from apps.notifications.services import notify
from apps.postings.services import fulfil


@transaction.atomic
def dispatch_delivery(
    match: Match,
    *,
    by: User,
    now: datetime,
    quantity: int,
    dispatched_on: date,
    giver: Party | None = None,
    giver_name: str = "",
    giver_kind: str = "",
    **fields: Any,
) -> Delivery:
    """Send one consignment of an accepted match, in whole packs of the offer; the ledger grows.

    The party behind the city, if any, is `giver`, or who `giver_name` and `giver_kind` name. `fields`: carrier, tracking,
    note, intermediary, submission (the form's own number: sent twice, it answers with the delivery
    that the first one made).
    """
    match = lock_match(match)
    require(by, "deliveries.dispatch_delivery", match)
    if (token := fields.get("submission")) and (
        earlier := match.deliveries.filter(submission=token).first()
    ):
        return earlier
    if match.state != MatchState.ACCEPTED:
        raise DomainError(
            _("The match is %(state)s: nothing can be sent before both cities have accepted.")
            % {"state": match.get_state_display()}
        )
    check_dispatch(match, quantity, dispatched_on, now=now)
    count_dispatched(match, quantity)
    fulfil(match.offer, quantity, now=now)
    delivery = Delivery.objects.create(
        match=match,
        quantity=quantity,
        dispatched_on=dispatched_on,
        giver=party_named(giver_name, giver_kind, match.offer.city) if giver_name else giver,
        dispatched_by=by,
        state_since=now,
        **fields,
    )
    dispatched = record(by, "dispatch_delivery", delivery, at=now, after=delivery.state)
    write_entry(delivery, EntryKind.SENT, quantity, dispatched_on, by=by, now=now)
    notify("delivery_dispatched", officers_of(match.need.city), dispatched)
    return delivery


@transaction.atomic
def hold_delivery(
    delivery: Delivery, *, by: User, now: datetime, reason: str, since: date, note: str = ""
) -> Delivery:
    """Customs, weather or something else stops the consignment; its days are counted."""
    delivery = lock_delivery(delivery)
    require(by, "deliveries.hold_delivery", delivery)
    check_day(delivery, since, "since", now=now)
    held = transition(
        delivery, DeliveryState.HELD, verb="hold_delivery", by=by, now=now, reason=note
    )
    Hold.objects.create(delivery=delivery, reason=reason, note=note, since=since)
    tell(delivery, "delivery_held", held)
    return delivery


@transaction.atomic
def release_delivery(delivery: Delivery, *, by: User, now: datetime, until: date) -> Delivery:
    delivery = lock_delivery(delivery)
    require(by, "deliveries.hold_delivery", delivery)
    if delivery.state != DeliveryState.HELD:
        raise DomainError(_("This consignment is not held."))
    end_hold(delivery, until, "until", now=now)
    released = transition(
        delivery, DeliveryState.DISPATCHED, verb="release_delivery", by=by, now=now
    )
    tell(delivery, "delivery_released", released)
    return delivery


@transaction.atomic
def lose_delivery(delivery: Delivery, *, by: User, now: datetime, reason: str) -> Delivery:
    """Give a consignment up; what it held returns to the need when the match closes."""
    delivery = lock_delivery(delivery)
    require(by, "deliveries.hold_delivery", delivery)
    end_hold(delivery, latest_today(delivery.match, now), "until", now=now)
    lost = transition(
        delivery, DeliveryState.LOST, verb="lose_delivery", by=by, now=now, reason=reason
    )
    tell(delivery, "delivery_lost", lost)
    complete_if_settled(delivery.match, now=now)
    return delivery
