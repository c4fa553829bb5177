from apps.ledger.services.entries import record_entry, reverse_entry, reverse_source
from apps.ledger.services.gifts import confirm_gift, record_gift, withdraw_gift
from apps.ledger.services.offers import (
    adopt_outside_offer,
    decline_outside_offer,
    offer_from_outside,
)
from apps.ledger.services.parties import parties_of, party_named, party_of
from apps.ledger.services.questions import answer_question, ask_question, refuse_question

__all__ = [
    "adopt_outside_offer",
    "answer_question",
    "ask_question",
    "confirm_gift",
    "decline_outside_offer",
    "offer_from_outside",
    "parties_of",
    "party_named",
    "party_of",
    "record_entry",
    "record_gift",
    "refuse_question",
    "reverse_entry",
    "reverse_source",
    "withdraw_gift",
]
