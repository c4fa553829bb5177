from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.audit.services import record, transition
from apps.cities.models import City, Level
from apps.cities.officers import officers_of
from apps.core.errors import DomainError
from apps.ledger.chain import hash_of
from apps.ledger.models import (
    DatePrecision,
    EntryKind,
    Gift,
    LedgerEntry,
    LedgerHead,
    Party,
    PartyKind,
    Qualifier,
)
from apps.ledger.states import GiftState
from apps.notifications.services import notify
from apps.postings.models import Item


def party_of(city: City) -> Party:
    """The city itself as a party of the ledger, under the city's name of today."""
    kind = PartyKind.STATE if city.level == Level.STATE else PartyKind.CITY
    names = {name: getattr(city, name) for name in ("name_en", "name_zh_hans")}
    party, is_new = Party.objects.get_or_create(
        code=city.code, defaults={"kind": kind, "city": city, "country": city.country, **names}
    )
    if not is_new and any(getattr(party, name) != value for name, value in names.items()):
        Party.objects.filter(pk=party.pk).update(**names)
    return party


def party_named(name: str, kind: str, city: City) -> Party:
    """The party of that name in a city, made at its first use."""
    code = f"{city.code}-{slugify(name, allow_unicode=True)}"[:100]
    defaults = {"kind": kind, "name": name, "city": city, "country": city.country}
    return Party.objects.get_or_create(code=code, defaults=defaults)[0]


@transaction.atomic
def record_entry(
    kind: str,
    *,
    giver: Party,
    receiver: Party,
    item: Item,
    quantity: int | None,
    source: tuple[str, object],
    by: User | None,
    now: datetime,
    occurred_on: date | None = None,
    **fields: Any,
) -> LedgerEntry:
    """Append one line. `source` is (kind, id); an unknown quantity or date is None, never 0.

    Further `fields`: qualifier, precision, intermediary, source_text, as_printed, is_ambiguous, note,
    purchased_with, reverses, is_demo.
    """
    head, __ = LedgerHead.objects.select_for_update().get_or_create(pk=1)
    fields.setdefault("qualifier", Qualifier.NOT_STATED if quantity is None else Qualifier.EXACT)
    fields.setdefault(
        "precision", DatePrecision.NOT_STATED if occurred_on is None else DatePrecision.DAY
    )
    entry = LedgerEntry(
        number=head.number + 1,
        kind=kind,
        giver=giver,
        receiver=receiver,
        item=item,
        quantity=quantity,
        source_kind=source[0],
        source_id=str(source[1]),
        occurred_on=occurred_on,
        recorded_by=by,
        recorded_at=now,
        previous_hash=head.hash,
        **fields,
    )
    entry.hash = hash_of(entry)
    entry.save()
    head.number, head.hash = entry.number, entry.hash
    head.save()
    return entry


@transaction.atomic
def reverse_entry(
    entry: LedgerEntry, *, by: User | None, now: datetime, reason: str
) -> LedgerEntry:
    """Cancel a line by a further one with the negated quantity; a line is reversed once."""
    if by is not None:
        require(by, "ledger.reverse_entry", entry)
    LedgerHead.objects.select_for_update().get_or_create(pk=1)
    if entry.reverses_id or LedgerEntry.objects.filter(reverses=entry).exists():
        raise DomainError(_("This entry is a reversal, or has been reversed already."))
    return record_entry(
        entry.kind,
        giver=entry.giver,
        receiver=entry.receiver,
        item=entry.item,
        quantity=None if entry.quantity is None else -entry.quantity,
        source=(entry.source_kind, entry.source_id),
        by=by,
        now=now,
        occurred_on=entry.occurred_on,
        qualifier=entry.qualifier,
        precision=entry.precision,
        intermediary=entry.intermediary,
        purchased_with=entry.purchased_with,
        reverses=entry,
        note=reason,
        is_demo=entry.is_demo,
    )


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
    if given_on and given_on > now.date():
        raise DomainError(_("The date %(date)s is in the future.") % {"date": given_on}, "given_on")
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
    record(by, "record_gift", gift, at=now, after=gift.state)
    write_gift_entry(gift, EntryKind.SENT, quantity, by=by, now=now)
    if receiver.city:
        notify("gift_to_confirm", gift, officers_of(receiver.city), now=now)
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
    transition(
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
    notify("gift_confirmed", gift, [gift.recorded_by], now=now)
    return gift


@transaction.atomic
def withdraw_gift(gift: Gift, *, by: User, now: datetime, reason: str) -> Gift:
    """Take back a gift recorded by mistake, before anybody confirmed it; its entry is reversed."""
    gift = lock_gift(gift)
    require(by, "ledger.withdraw_gift", gift)
    transition(gift, GiftState.WITHDRAWN, verb="withdraw_gift", by=by, now=now, reason=reason)
    entry = LedgerEntry.objects.get(source_kind="gift", source_id=str(gift.pk), reverses=None)
    reverse_entry(entry, by=None, now=now, reason=reason)
    return gift


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
        Gift.objects.select_for_update(of=("self",))
        .select_related("giver__city", "receiver__city", "item", "recorded_by", "intermediary")
        .get(pk=gift.pk)
    )
