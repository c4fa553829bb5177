"""A match with its two postings, locked in one order, and the units that move between them."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.audit.services import transition
from apps.core.errors import DomainError
from apps.matching.models import Match
from apps.matching.states import MatchState
from apps.postings.models import Posting
from apps.postings.services import give_back


def lock_match(match: Match) -> Match:
    """The match with its postings, all locked: the match first, then the postings by id.

    The lock leaves the keys free, so that storing a round's proposals never waits for it.
    """
    Match.objects.select_for_update(no_key=True).get(pk=match.pk)
    found = Match.objects.described().prefetch_related("sides__city").get(pk=match.pk)
    ids = sorted([found.need_id, found.offer_id])
    list(Posting.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    found.need.refresh_from_db(fields=["state", "version", "quantity", "allocated", "fulfilled"])
    found.offer.refresh_from_db(fields=["state", "version", "quantity", "allocated", "fulfilled"])
    return found


def in_lock_order(match: Match) -> list[Posting]:
    return sorted((match.need, match.offer), key=lambda posting: posting.pk)


def return_everything(match: Match) -> None:
    for posting in in_lock_order(match):
        give_back(posting, match.quantity)


@transaction.atomic
def complete_match(match: Match, *, by: User | None, now: datetime, reason: str = "") -> Match:
    """Close a match: what was not sent goes back to the offer, what did not arrive to the need."""
    match = lock_match(match)
    if by is not None:
        require(by, "matching.complete_match", match)
    transition(match, MatchState.COMPLETED, verb="complete_match", by=by, now=now, reason=reason)
    give_back(match.offer, match.quantity - match.dispatched)
    give_back(match.need, match.quantity - match.received)
    return match


def count_dispatched(match: Match, quantity: int) -> None:
    """Add to what was sent. Raises DomainError if that is more than the match holds."""
    changed = Match.objects.filter(
        pk=match.pk, state=MatchState.ACCEPTED, dispatched__lte=F("quantity") - quantity
    ).update(dispatched=F("dispatched") + quantity)
    match.refresh_from_db(fields=["dispatched", "state"])
    if not changed:
        raise DomainError(
            _("Only %(left)d of %(quantity)d are left to dispatch.")
            % {"left": match.to_dispatch, "quantity": match.quantity},
            "quantity",
        )


def count_received(match: Match, quantity: int) -> None:
    Match.objects.filter(pk=match.pk).update(received=F("received") + quantity)
    match.refresh_from_db(fields=["received"])
