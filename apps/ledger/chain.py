"""The hash chain: every entry's hash covers its content and the hash of the entry before it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC

from apps.ledger.models import LedgerEntry, LedgerHead

START = "0" * 64


def content(entry: LedgerEntry) -> dict[str, object]:
    """What the hash covers, in values that no translation or renaming changes."""
    return {
        "number": entry.number,
        "kind": entry.kind,
        "giver": entry.giver.code,
        "receiver": entry.receiver.code,
        "intermediary": entry.intermediary.code if entry.intermediary else None,
        "item": entry.item.code,
        "unit": entry.item.unit,
        "quantity": entry.quantity,
        "qualifier": entry.qualifier,
        "occurred_on": entry.occurred_on.isoformat() if entry.occurred_on else None,
        "precision": entry.precision,
        "source": [entry.source_kind, entry.source_id, entry.source_text],
        "as_printed": entry.as_printed,
        "is_ambiguous": entry.is_ambiguous,
        "note": entry.note,
        "purchased_with": entry.purchased_with.number if entry.purchased_with else None,
        "reverses": entry.reverses.number if entry.reverses else None,
        "is_demo": entry.is_demo,
        "recorded_at": entry.recorded_at.astimezone(UTC).isoformat(),
    }


def hash_of(entry: LedgerEntry) -> str:
    text = json.dumps(content(entry), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{entry.previous_hash}\n{text}".encode()).hexdigest()


@dataclass(frozen=True)
class Verification:
    """How many entries were read, and the number of the first that does not fit, if any."""

    entries: int
    first_bad: int | None

    @property
    def holds(self) -> bool:
        return self.first_bad is None


def verify() -> Verification:
    """Read the whole chain up to its stored end, which also shows entries missing from the end."""
    head = LedgerHead.objects.first() or LedgerHead()
    previous, count = START, 0
    entries = LedgerEntry.objects.select_related(
        "giver", "receiver", "intermediary", "item", "purchased_with", "reverses"
    ).order_by("number")
    for entry in entries.iterator(chunk_size=2000):
        count += 1
        fits = entry.number == count and entry.previous_hash == previous
        is_end = entry.number == head.number
        if not fits or entry.hash != hash_of(entry) or (is_end and entry.hash != head.hash):
            return Verification(count, entry.number)
        previous = entry.hash
    return Verification(count, count + 1 if count < head.number else None)
