"""What the two cities answer."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.audit.services import record, transition
from apps.ledger.models import EntryKind
from apps.ledger.services import parties_of, record_entry
from apps.matching.models import Match
from apps.matching.services.quantities import lock_match, return_everything
from apps.matching.states import MatchState
from apps.pairings.consent import give_answer, is_agreed, remind_silent, tell
from apps.pairings.states import Answer


@transaction.atomic
def accept_match(match: Match, *, by: User, now: datetime) -> Match:
    """A city's yes; the second one makes the match accepted and writes the pledge."""
    match = lock_match(match)
    require(by, "matching.answer_match", match)
    give_answer(match, Answer.ACCEPTED, by=by, now=now)
    record(by, "accept_match", match, at=now, before=match.state, after=match.state)
    if is_agreed(match):
        accepted = transition(
            match, MatchState.ACCEPTED, verb="complete_consent", by=by, now=now, expires_at=None
        )
        write_pledge(match, by=by, now=now)
        tell(match, "match_accepted", accepted)
    return match


@transaction.atomic
def decline_match(match: Match, *, by: User, now: datetime, reason: str) -> Match:
    match = lock_match(match)
    require(by, "matching.answer_match", match)
    give_answer(match, Answer.DECLINED, by=by, now=now)
    declined = transition(
        match, MatchState.DECLINED, verb="decline_match", by=by, now=now, reason=reason
    )
    return_everything(match)
    tell(match, "match_declined", declined)
    return match


@transaction.atomic
def remind_match(match: Match, *, now: datetime) -> None:
    remind_silent(lock_match(match), "match_approved", now=now)


def write_pledge(match: Match, *, by: User, now: datetime) -> None:
    giver, receiver = parties_of(*match.cities)
    record_entry(
        EntryKind.PLEDGED,
        giver=giver,
        receiver=receiver,
        item=match.offer.item,
        quantity=match.quantity,
        source=("match", match.pk),
        by=by,
        now=now,
        occurred_on=now.date(),
        is_demo=match.is_demo,
    )
