"""The ledger grows by lines; a mistake is reversed by a further one."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.core.errors import DomainError
from apps.ledger.chain import hash_of
from apps.ledger.models import DatePrecision, LedgerEntry, LedgerHead, Party, Qualifier
from apps.postings.models import Item


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
    head, __ = LedgerHead.objects.select_for_update(no_key=True).get_or_create(pk=1)
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
    LedgerHead.objects.select_for_update(no_key=True).get_or_create(pk=1)
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


def reverse_source(kind: str, id: object, *, now: datetime, reason: str) -> None:
    """Cancel every line that something withdrawn has written and nobody has reversed yet."""
    standing = LedgerEntry.objects.filter(
        source_kind=kind, source_id=str(id), reverses=None, reversed_by=None
    )
    for entry in standing.order_by("number"):
        reverse_entry(entry, by=None, now=now, reason=reason)
