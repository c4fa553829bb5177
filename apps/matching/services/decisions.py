"""What coordinators decide, and what time decides."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.audit.services import transition
from apps.core.errors import DomainError
from apps.ledger.services import reverse_source
from apps.matching.models import Match
from apps.matching.services.quantities import in_lock_order, lock_match, return_everything
from apps.matching.states import RESERVING, MatchState
from apps.pairings.consent import ask_cities, tell
from apps.postings.services import reserve
from apps.postings.states import PostingState


@transaction.atomic
def approve_match(
    match: Match, *, by: User, now: datetime, quantity: int | None = None, reason: str = ""
) -> Match:
    """Reserve the quantity on both postings and ask the two cities, once it can no longer be undone.

    Another quantity than the proposed one needs a reason. Raises DomainError if it was decided
    already, has expired, or if need or offer are not open or were edited since the snapshot.
    """
    match = lock_match(match)
    check_approval(match, by=by, now=now)
    wanted = match.proposed_quantity if quantity is None else quantity
    check_quantity(match, wanted, reason)
    for posting in in_lock_order(match):
        reserve(posting, wanted)
    approved = transition(
        match,
        MatchState.APPROVED,
        verb="approve_match",
        by=by,
        now=now,
        reason=reason,
        quantity=wanted,
        decided_by=by,
        decided_at=now,
        decision_reason=reason,
        expires_at=now + timedelta(days=settings.ANSWER_DAYS),
    )
    ask_cities(match, "match_approved", approved)
    return match


@transaction.atomic
def reject_match(match: Match, *, by: User, now: datetime, reason: str) -> Match:
    match = lock_match(match)
    require(by, "matching.reject_match", match)
    refuse_unless_waiting(match, now=now)
    transition(
        match,
        MatchState.REJECTED,
        verb="reject_match",
        by=by,
        now=now,
        reason=reason,
        decided_by=by,
        decided_at=now,
        decision_reason=reason,
    )
    return match


@transaction.atomic
def cancel_match(match: Match, *, by: User, now: datetime, reason: str) -> Match:
    """Take a match back before anything was dispatched; a pledge in the ledger is reversed."""
    match = lock_match(match)
    require(by, "matching.cancel_match", match)
    if match.dispatched:
        raise DomainError(_("Something was dispatched already; the match can only be completed."))
    cancelled = transition(
        match, MatchState.CANCELLED, verb="cancel_match", by=by, now=now, reason=reason
    )
    return_everything(match)
    reverse_source("match", match.pk, now=now, reason=reason)
    tell(match, "match_cancelled", cancelled)
    return match


@transaction.atomic
def expire_match(match: Match, *, now: datetime) -> Match:
    """Close a proposal nobody decided on, or an approval a city left unanswered."""
    match = lock_match(match)
    if not match.may_become(MatchState.EXPIRED):
        return match
    if match.expires_at is None or match.expires_at > now:
        return match
    was_approved = match.state in RESERVING
    expired = transition(match, MatchState.EXPIRED, verb="expire_match", by=None, now=now)
    if was_approved:
        return_everything(match)
        tell(match, "match_expired", expired)
    return match


def check_approval(match: Match, *, by: User, now: datetime) -> None:
    """Raises what approving it would raise, but for the quantity."""
    require(by, "matching.approve_match", match)
    refuse_unless_waiting(match, now=now)
    refuse_if_stale(match)


def refuse_unless_waiting(match: Match, *, now: datetime) -> None:
    if match.state != MatchState.PROPOSED:
        raise DomainError(
            _("%(person)s has decided already: the match is %(state)s.")
            % {
                "person": match.decided_by or _("The system"),
                "state": match.get_state_display(),
            }
        )
    if match.expires_at and match.expires_at <= now:
        raise DomainError(_("The proposal has expired; the next round proposes anew."))


def refuse_if_stale(match: Match) -> None:
    for posting, version in ((match.need, match.need_version), (match.offer, match.offer_version)):
        if posting.state != PostingState.OPEN:
            raise DomainError(
                _("%(posting)s is %(state)s; nothing of it can be matched now.")
                % {"posting": posting, "state": posting.get_state_display()}
            )
        if posting.version != version:
            raise DomainError(
                _("“%(posting)s” was edited since this was proposed; the next round proposes anew.")
                % {"posting": posting}
            )


def check_quantity(match: Match, quantity: int, reason: str) -> None:
    if quantity < 1:
        raise DomainError(_("Enter a number greater than 0."), "quantity")
    if quantity != match.proposed_quantity and not reason.strip():
        raise DomainError(_("Say why the quantity differs from the proposed one."), "reason")
    pack = match.offer.pack.units if match.offer.pack else 1
    smallest = max(match.need.smallest_lot, match.offer.smallest_lot, pack)
    if quantity < smallest:
        raise DomainError(
            _("The smallest useful quantity of these two postings is %(smallest)d.")
            % {"smallest": smallest},
            "quantity",
        )
