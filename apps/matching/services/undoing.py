"""An approval taken back while nobody has been told of it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.audit.services import transition
from apps.core.errors import DomainError
from apps.matching.models import Match, Round
from apps.matching.services.quantities import lock_match, return_everything
from apps.matching.states import MatchState, RoundState
from apps.pairings.consent import unask_cities


@transaction.atomic
def undo_match(match: Match, *, by: User, now: datetime) -> Match:
    """Take one's own approval back within UNDO_SECONDS, as if it had not been given: nobody was told.

    Raises DomainError if that time is over, a city has answered, or a newer round has proposed anew.
    """
    match = lock_match(match)
    require(by, "matching.undo_match", match)
    unask_cities(match, "match_approved", now=now)
    refuse_if_superseded(match)
    return_everything(match)
    transition(
        match,
        MatchState.PROPOSED,
        verb="undo_match",
        by=by,
        now=now,
        quantity=match.proposed_quantity,
        decided_by=None,
        decided_at=None,
        decision_reason="",
        expires_at=match.created_at + timedelta(days=settings.PROPOSAL_DAYS),
    )
    return match


def refuse_if_superseded(match: Match) -> None:
    stored = Round.objects.filter(state=RoundState.FINISHED, is_dry_run=False)
    if stored.filter(pk__gt=match.round_id).exists():
        raise DomainError(_("A newer round has proposed anew; the approval can only be cancelled."))
