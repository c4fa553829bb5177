from apps.ledger.models.entry import (
    DatePrecision,
    EntryKind,
    LedgerEntry,
    LedgerHead,
    Qualifier,
)
from apps.ledger.models.gift import Gift
from apps.ledger.models.party import Party, PartyKind

__all__ = [
    "DatePrecision",
    "EntryKind",
    "Gift",
    "LedgerEntry",
    "LedgerHead",
    "Party",
    "PartyKind",
    "Qualifier",
]
