from apps.ledger.models.entry import (
    DatePrecision,
    EntryKind,
    LedgerEntry,
    LedgerHead,
    Qualifier,
)
from apps.ledger.models.gift import Gift
from apps.ledger.models.party import Party, PartyKind
from apps.ledger.models.visitors import OutsideOffer, Question

__all__ = [
    "DatePrecision",
    "EntryKind",
    "Gift",
    "LedgerEntry",
    "LedgerHead",
    "OutsideOffer",
    "Party",
    "PartyKind",
    "Qualifier",
    "Question",
]
