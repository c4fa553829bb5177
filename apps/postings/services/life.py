from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.audit.services import record, transition
from apps.cities.models import City
from apps.cities.officers import officers_of
from apps.core.errors import DomainError
from apps.notifications.services import notify
from apps.postings.dates import today_in
from apps.postings.models import Posting
from apps.postings.states import PostingState

EDITABLE = (
    "item",
    "quantity",
    "entered_quantity",
    "pack",
    "smallest_lot",
    "urgency",
    "needed_by",
    "available_from",
    "available_until",
    "expires_on",
    "details",
    "language",
)


@transaction.atomic
def draft_posting(city: City, kind: str, *, by: User, now: datetime, **fields: Any) -> Posting:
    """Store a draft that only the city sees.

    `fields` are those of EDITABLE, `substitutes`, and `submission`, the form's own number: sent
    twice, it answers with the posting that the first one made.
    """
    require(by, "postings.create_posting", city)
    if not city.acts:
        raise DomainError(_("%(city)s does not post.") % {"city": city}, "city")
    if (token := fields.get("submission")) and (
        earlier := Posting.objects.filter(submission=token, city=city).first()
    ):
        return earlier
    substitutes = fields.pop("substitutes", ())
    fields.setdefault("expires_on", today_in(city, now) + timedelta(days=settings.POSTING_DAYS))
    posting = Posting(
        city=city, kind=kind, posted_by=by, is_demo=by.is_demo, state_since=now, **fields
    )
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
    check_dates(posting, now=now)
    transition(posting, PostingState.OPEN, verb="publish_posting", by=by, now=now, opened_at=now)
    return posting


@transaction.atomic
def edit_posting(
    posting: Posting, *, by: User, now: datetime, version: int, **fields: Any
) -> Posting:
    """Change a draft or an open posting; never below what is allocated, never over somebody's edit.

    `version` is the one the editor saw. Undecided proposals made from the old version can no longer
    be approved.
    """
    posting = lock_posting(posting)
    require(by, "postings.edit_posting", posting)
    if posting.state not in (PostingState.DRAFT, PostingState.OPEN):
        raise DomainError(
            _("A posting that is %(state)s cannot be edited.")
            % {"state": posting.get_state_display()}
        )
    if posting.version != version:
        raise DomainError(
            _("Somebody has changed this posting meanwhile. Compare, then try again.")
        )
    if posting.allocated and fields.get("item", posting.item) != posting.item:
        raise DomainError(
            _("Part of it is matched already: the item can no longer change."), "item"
        )
    substitutes = fields.pop("substitutes", None)
    before = {name: str(getattr(posting, name)) for name in fields}
    for name, value in fields.items():
        if name not in EDITABLE:
            raise TypeError(f"{name} is not for editing.")
        setattr(posting, name, value)
    check_quantity(posting)
    check_dates(posting, now=now)
    posting.version += 1
    posting.save()
    if substitutes is not None:
        posting.substitutes.set(substitutes)
    changes = {n: v for n, v in before.items() if v != str(getattr(posting, n))}
    record(
        by,
        "edit_posting",
        posting,
        at=now,
        before=changes or "",
        after=f"version {posting.version}",
    )
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
    today = today_in(posting.city, now)
    until = expires_on or today + timedelta(days=settings.POSTING_DAYS)
    if posting.needed_by and posting.needed_by < today:
        raise DomainError(
            _("It was needed by %(date)s: change that date first.") % {"date": posting.needed_by},
            "needed_by",
        )
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
    transition(posting, PostingState.HELD, verb="hold_posting", by=by, now=now, reason=reason)
    notify("posting_held", posting, officers_of(posting.city), now=now, key=now.isoformat())
    return posting


@transaction.atomic
def release_posting(posting: Posting, *, by: User, now: datetime, reason: str = "") -> Posting:
    posting = lock_posting(posting)
    require(by, "postings.hold_posting", posting)
    if posting.state != PostingState.HELD:
        raise DomainError(_("Only a held posting can be released."))
    transition(posting, PostingState.OPEN, verb="release_posting", by=by, now=now, reason=reason)
    notify("posting_released", posting, officers_of(posting.city), now=now, key=now.isoformat())
    return posting


@transaction.atomic
def expire_posting(posting: Posting, *, now: datetime) -> Posting:
    """Close a posting whose last day, in its own city, is over."""
    posting = lock_posting(posting)
    if posting.state not in (PostingState.OPEN, PostingState.HELD):
        return posting
    if today_in(posting.city, now) <= posting.expires_on:
        return posting
    transition(posting, PostingState.EXPIRED, verb="expire_posting", by=None, now=now)
    notify(
        "posting_expired", posting, officers_of(posting.city), now=now, key=str(posting.expires_on)
    )
    return posting


def lock_posting(posting: Posting) -> Posting:
    locked = Posting.objects.select_for_update(of=("self",)).select_related("city", "item")
    return locked.get(pk=posting.pk)


def check_quantity(posting: Posting) -> None:
    if posting.quantity is not None and posting.quantity < posting.allocated:
        raise DomainError(
            _("%(allocated)d are already allocated; the quantity cannot be %(quantity)d.")
            % {"allocated": posting.allocated, "quantity": posting.quantity},
            "quantity",
        )


def check_dates(posting: Posting, *, now: datetime) -> None:
    today = today_in(posting.city, now)
    for field in ("needed_by", "available_until", "expires_on"):
        value = getattr(posting, field)
        if value and value < today:
            raise DomainError(_("The date %(date)s is in the past.") % {"date": value}, field)
    start, end = posting.available_from, posting.available_until
    if start and end and end < start:
        raise DomainError(_("The end lies before the start."), "available_until")
