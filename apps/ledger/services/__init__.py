from apps.ledger.services.entries import record_entry, reverse_entry, reverse_source
from apps.ledger.services.gifts import confirm_gift, record_gift, withdraw_gift
from apps.ledger.services.parties import parties_of, party_named, party_of

__all__ = [
    "confirm_gift",
    "parties_of",
    "party_named",
    "party_of",
    "record_entry",
    "record_gift",
    "reverse_entry",
    "reverse_source",
    "withdraw_gift",
]
