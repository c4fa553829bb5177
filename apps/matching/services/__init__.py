from apps.matching.services.answers import accept_match, decline_match, remind_match
from apps.matching.services.decisions import (
    approve_match,
    cancel_match,
    expire_match,
    reject_match,
)
from apps.matching.services.quantities import (
    complete_match,
    count_dispatched,
    count_received,
    lock_match,
)
from apps.matching.services.rounds import (
    cancel_round,
    fail_round,
    open_round,
    retry_round,
    sweep_rounds,
)
from apps.matching.services.undoing import undo_match

__all__ = [
    "accept_match",
    "approve_match",
    "cancel_match",
    "cancel_round",
    "complete_match",
    "count_dispatched",
    "count_received",
    "decline_match",
    "expire_match",
    "fail_round",
    "lock_match",
    "open_round",
    "reject_match",
    "remind_match",
    "retry_round",
    "sweep_rounds",
    "undo_match",
]
