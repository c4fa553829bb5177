from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.audit.services import record, transition
from apps.cities.models import City
from apps.cities.officers import officers_of
from apps.core.errors import DomainError
from apps.core.states import InvalidTransition
from apps.notifications.services import notify
from apps.postings.dates import today_in
from apps.postings.models import Posting
from apps.postings.services.checks import (
    check_dates,
    check_quantity,
    check_substitutes,
    refuse_edit,
    refuse_if_over,
)
from apps.postings.services.quantities import close_if_fulfilled
from apps.postings.states import PostingState


@transaction.atomic
def draft_posting(city: City, kind: str, *, by: User, now: datetime, **fields: Any) -> Posting:
    """Store a draft that only the city sees.

    `fields` are those of checks.EDITABLE, `substitutes`, and `submission`, the form's own number: sent
    twice, it answers with the posting that the first one made.
    """
    require(by, "postings.create_posting", city)
    if not city.acts:
        raise DomainError(_("%(city)s does not post.") % {"city": city}, "city")
    if earlier := sent_already(fields.get("submission"), by=by):
        require(by, "postings.edit_posting", earlier)
        return earlier
    substitutes = fields.pop("substitutes", ())
    fields.setdefault("expires_on", today_in(city, now) + timedelta(days=settings.POSTING_DAYS))
    posting = Posting(
        city=city, kind=kind, posted_by=by, is_demo=by.is_demo, state_since=now, **fields
    )
    check_quantity(posting)
    check_substitutes(posting, substitutes)
    check_dates(posting, now=now)
    posting.save()
    posting.substitutes.set(substitutes)
    record(by, "draft_posting", posting, at=now, after=posting.state)
    return posting


@transaction.atomic
def publish_posting(posting: Posting, *, by: User, now: datetime) -> Posting:
    """Open a draft to the network; one that is open already is returned as it is."""
    posting = lock_posting(posting)
    require(by, "postings.edit_posting", posting)
    if posting.state == PostingState.OPEN:
        return posting
    if posting.state != PostingState.DRAFT:
        raise InvalidTransition(posting, PostingState.OPEN)
    check_dates(posting, now=now)
    transition(posting, PostingState.OPEN, verb="publish_posting", by=by, now=now, opened_at=now)
    return posting


@transaction.atomic
def edit_posting(
    posting: Posting, *, by: User, now: datetime, version: int, **fields: Any
) -> Posting:
    """Change a posting that is not closed; never below what is allocated, never over another's edit.

    `version` is the one the editor saw. Undecided proposals made from the old version can no longer
    be approved. A posting of which nothing is left to come is fulfilled.
    """
    posting = lock_posting(posting)
    require(by, "postings.edit_posting", posting)
    refuse_edit(posting, version, fields)
    substitutes = list(fields.pop("substitutes", posting.substitutes.all()))
    before = {name: str(getattr(posting, name)) for name in fields}
    for name, value in fields.items():
        setattr(posting, name, value)
    check_quantity(posting)
    check_substitutes(posting, substitutes)
    check_dates(posting, now=now)
    posting.version += 1
    posting.save()
    posting.substitutes.set(substitutes)
    changed = [(n, v, str(getattr(posting, n))) for n, v in before.items()]
    record(
        by,
        "edit_posting",
        posting,
        at=now,
        before=f"version {version}",
        after=f"version {posting.version}",
        reason="; ".join(f"{name}: {old} → {new}" for name, old, new in changed if old != new),
    )
    close_if_fulfilled(posting, now=now)
    return posting


@transaction.atomic
def withdraw_posting(posting: Posting, *, by: User, now: datetime, reason: str) -> Posting:
    """Take back what is still free; approved matches stand until they are cancelled."""
    posting = lock_posting(posting)
    require(by, "postings.withdraw_posting", posting)
    transition(
        posting, PostingState.WITHDRAWN, verb="withdraw_posting", by=by, now=now, reason=reason
    )
    return posting


@transaction.atomic
def renew_posting(
    posting: Posting, *, by: User, now: datetime, expires_on: date | None = None
) -> Posting:
    """Give an open or expired posting another POSTING_DAYS, and bring it up in the lists again."""
    posting = lock_posting(posting)
    require(by, "postings.edit_posting", posting)
    if posting.state not in (PostingState.OPEN, PostingState.EXPIRED):
        raise InvalidTransition(posting, PostingState.OPEN)
    today = today_in(posting.city, now)
    refuse_if_over(posting, today)
    until = expires_on or max(posting.expires_on, today + timedelta(days=settings.POSTING_DAYS))
    if posting.state == PostingState.OPEN:
        before, posting.expires_on, posting.opened_at = posting.expires_on, until, now
        posting.save(update_fields=["expires_on", "opened_at", "updated_at"])
        record(by, "renew_posting", posting, at=now, before=before, after=until)
        return posting
    transition(
        posting,
        PostingState.OPEN,
        verb="renew_posting",
        by=by,
        now=now,
        expires_on=until,
        opened_at=now,
    )
    return posting


@transaction.atomic
def hold_posting(posting: Posting, *, by: User, now: datetime, reason: str) -> Posting:
    """Keep a posting out of sight and out of rounds until a question about it is answered."""
    posting = lock_posting(posting)
    require(by, "postings.hold_posting", posting)
    held = transition(
        posting, PostingState.HELD, verb="hold_posting", by=by, now=now, reason=reason
    )
    notify("posting_held", officers_of(posting.city), held)
    return posting


@transaction.atomic
def release_posting(posting: Posting, *, by: User, now: datetime, reason: str = "") -> Posting:
    posting = lock_posting(posting)
    require(by, "postings.hold_posting", posting)
    if posting.state != PostingState.HELD:
        raise DomainError(_("Only a posting on hold can be released."))
    released = transition(
        posting, PostingState.OPEN, verb="release_posting", by=by, now=now, reason=reason
    )
    notify("posting_released", officers_of(posting.city), released)
    return posting


@transaction.atomic
def expire_posting(posting: Posting, *, now: datetime) -> Posting:
    """Close a posting whose last day, in its own city, is over."""
    posting = lock_posting(posting)
    if posting.state not in (PostingState.OPEN, PostingState.HELD):
        return posting
    if today_in(posting.city, now) <= posting.expires_on:
        return posting
    expired = transition(posting, PostingState.EXPIRED, verb="expire_posting", by=None, now=now)
    notify("posting_expired", officers_of(posting.city), expired)
    return posting


def lock_posting(posting: Posting) -> Posting:
    locked = Posting.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("city", "item").get(pk=posting.pk)


def sent_already(submission: UUID | None, *, by: User) -> Posting | None:
    """What an earlier sending of the same form made; two sendings at once wait for each other."""
    if submission is None:
        return None
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    return Posting.objects.filter(submission=submission).select_related("city").first()
