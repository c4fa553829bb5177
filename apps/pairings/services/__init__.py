from apps.pairings.services.agreements import add_agreement
from apps.pairings.services.exchanges import cancel_exchange, hold_exchange, plan_exchange
from apps.pairings.services.life import (
    end_pairing,
    lift_rule,
    resume_pairing,
    review_pairing,
    set_rule,
    suspend_pairing,
)
from apps.pairings.services.messages import read_messages, write_message
from apps.pairings.services.proposals import (
    accept_pairing,
    approve_pairing,
    cancel_pairing,
    decline_pairing,
    expire_pairing,
    propose_pairing,
    reject_pairing,
    remind_pairing,
)
from apps.pairings.services.undoing import undo_pairing

__all__ = [
    "accept_pairing",
    "add_agreement",
    "approve_pairing",
    "cancel_exchange",
    "cancel_pairing",
    "decline_pairing",
    "end_pairing",
    "expire_pairing",
    "hold_exchange",
    "lift_rule",
    "plan_exchange",
    "propose_pairing",
    "read_messages",
    "reject_pairing",
    "remind_pairing",
    "resume_pairing",
    "review_pairing",
    "set_rule",
    "suspend_pairing",
    "undo_pairing",
    "write_message",
]
