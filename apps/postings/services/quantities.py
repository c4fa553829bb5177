"""The three movements of a posting's quantity, each one statement that cannot overshoot."""

from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from apps.audit.services import transition
from apps.core.errors import DomainError
from apps.postings.models import Posting
from apps.postings.states import PostingState


def reserve(posting: Posting, quantity: int) -> None:
    """Set `quantity` units aside for a match. Raises DomainError if fewer are free."""
    if posting.quantity is None:
        return
    changed = Posting.objects.filter(
        pk=posting.pk, state=PostingState.OPEN, allocated__lte=F("quantity") - quantity
    ).update(allocated=F("allocated") + quantity)
    posting.refresh_from_db(fields=["allocated", "quantity", "state"])
    if changed:
        return
    if posting.state != PostingState.OPEN:
        raise DomainError(
            _("%(posting)s is %(state)s; nothing of it can be matched now.")
            % {"posting": posting, "state": posting.get_state_display()}
        )
    raise DomainError(
        _("Only %(free)d of %(quantity)d remain of %(posting)s (%(allocated)d are allocated).")
        % {
            "free": posting.free,
            "quantity": posting.quantity,
            "posting": posting,
            "allocated": posting.allocated,
        },
        "quantity",
    )


def give_back(posting: Posting, quantity: int) -> None:
    """Return units that a match reserved and did not use."""
    if posting.quantity is None or not quantity:
        return
    Posting.objects.filter(pk=posting.pk).update(allocated=F("allocated") - quantity)
    posting.refresh_from_db(fields=["allocated"])


def fulfil(posting: Posting, quantity: int, *, now: datetime) -> None:
    """Count units received by a need, or dispatched by an offer; the last ones close the posting."""
    if posting.quantity is None:
        return
    Posting.objects.filter(pk=posting.pk).update(fulfilled=F("fulfilled") + quantity)
    posting.refresh_from_db(fields=["fulfilled", "quantity", "state"])
    close_if_fulfilled(posting, now=now)


def close_if_fulfilled(posting: Posting, *, now: datetime) -> None:
    if posting.fulfilled == posting.quantity and posting.may_become(PostingState.FULFILLED):
        transition(posting, PostingState.FULFILLED, verb="fulfil_posting", by=None, now=now)
