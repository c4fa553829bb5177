"""Help given outside any match: one side records it, the other confirms it."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.audit.services import record, transition
from apps.cities.officers import officers_of
from apps.core.errors import DomainError
from apps.ledger.models import EntryKind, Gift, LedgerEntry, Party
from apps.ledger.services.entries import record_entry, reverse_source
from apps.ledger.states import GiftState
from apps.notifications.services import notify
from apps.postings.dates import today_in
from apps.postings.models import Item


@transaction.atomic
def record_gift(
    *,
    giver: Party,
    receiver: Party,
    item: Item,
    quantity: int | None,
    by: User,
    now: datetime,
    given_on: date | None = None,
    **fields: Any,
) -> Gift:
    """Record help given outside a match; it shows as one-sided until the receiver confirms it.

    Further `fields`: intermediary, note, purchased_with, submission (the form's own number: sent
    twice, it answers with the gift that the first one made).
    """
    require(by, "ledger.record_gift", giver)
    if giver == receiver:
        raise DomainError(_("Giver and receiver are the same."), "receiver")
    if given_on and given_on > latest_today(giver, receiver, now=now):
        raise DomainError(_("The date %(date)s is in the future.") % {"date": given_on}, "given_on")
    # What one person sends twice at once comes here one after the other.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if (token := fields.get("submission")) and (
        earlier := Gift.objects.filter(submission=token, recorded_by=by).first()
    ):
        return earlier
    gift = Gift.objects.create(
        giver=giver,
        receiver=receiver,
        item=item,
        quantity=quantity,
        given_on=given_on,
        recorded_by=by,
        is_demo=by.is_demo,
        state_since=now,
        **fields,
    )
    recorded = record(by, "record_gift", gift, at=now, after=gift.state)
    write_gift_entry(gift, EntryKind.SENT, quantity, by=by, now=now)
    if receiver.city:
        notify("gift_to_confirm", officers_of(receiver.city), recorded)
    return gift


@transaction.atomic
def confirm_gift(
    gift: Gift, *, by: User, now: datetime, quantity: int | None = None, note: str = ""
) -> Gift:
    """The receiving side confirms, perhaps with another quantity, for which it then gives a reason."""
    gift = lock_gift(gift)
    require(by, "ledger.confirm_gift", gift)
    received = gift.quantity if quantity is None else quantity
    if received != gift.quantity and not note:
        raise DomainError(_("Say why the quantity differs from what the giver recorded."), "note")
    confirmed = transition(
        gift,
        GiftState.CONFIRMED,
        verb="confirm_gift",
        by=by,
        now=now,
        reason=note,
        confirmed_by=by,
        received_quantity=received,
    )
    write_gift_entry(gift, EntryKind.RECEIVED, received, by=by, now=now, note=note)
    notify("gift_confirmed", [gift.recorded_by], confirmed)
    return gift


@transaction.atomic
def withdraw_gift(gift: Gift, *, by: User, now: datetime, reason: str) -> Gift:
    """Take back a gift recorded by mistake, before anybody confirmed it; its entry is reversed."""
    gift = lock_gift(gift)
    require(by, "ledger.withdraw_gift", gift)
    transition(gift, GiftState.WITHDRAWN, verb="withdraw_gift", by=by, now=now, reason=reason)
    reverse_source("gift", gift.pk, now=now, reason=reason)
    return gift


def latest_today(*parties: Party, now: datetime) -> date:
    """The date where it is later; parties of no known place go by UTC."""
    return max((today_in(party.city, now) for party in parties if party.city), default=now.date())


def write_gift_entry(
    gift: Gift, kind: str, quantity: int | None, *, by: User, now: datetime, note: str = ""
) -> LedgerEntry:
    return record_entry(
        kind,
        giver=gift.giver,
        receiver=gift.receiver,
        intermediary=gift.intermediary,
        item=gift.item,
        quantity=quantity,
        source=("gift", gift.pk),
        by=by,
        now=now,
        occurred_on=gift.given_on,
        note=note or gift.note,
        purchased_with=gift.purchased_with,
        is_demo=gift.is_demo,
    )


def lock_gift(gift: Gift) -> Gift:
    return (
        Gift.objects.select_for_update(of=("self",), no_key=True)
        .select_related("giver__city", "receiver__city", "item", "recorded_by", "intermediary")
        .get(pk=gift.pk)
    )
