"""What must hold of a posting before it is stored; each refusal names its field."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.postings.dates import today_in
from apps.postings.models import Item, Posting
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
    "details_translation",
    "translation_language",
)


def refuse_edit(posting: Posting, version: int, fields: dict[str, Any]) -> None:
    if unknown := fields.keys() - {*EDITABLE, "substitutes"}:
        raise TypeError(f"{', '.join(unknown)}: not for editing.")
    if posting.state not in (PostingState.DRAFT, PostingState.OPEN, PostingState.EXPIRED):
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
    if (fields.get("quantity", posting.quantity) is None) != (posting.quantity is None):
        raise DomainError(
            _("A posting keeps its quantity, and one without a quantity gets none."), "quantity"
        )


def refuse_if_over(posting: Posting, today: date) -> None:
    """A new date of expiry does not help what was needed or available until an earlier day."""
    if posting.needed_by and posting.needed_by < today:
        raise DomainError(
            _("It was needed by %(date)s: change that date first.") % {"date": posting.needed_by},
            "needed_by",
        )
    if posting.available_until and posting.available_until < today:
        raise DomainError(
            _("It was available until %(date)s: change that date first.")
            % {"date": posting.available_until},
            "available_until",
        )


def check_quantity(posting: Posting) -> None:
    if posting.quantity is None:
        if not posting.item.is_knowledge:
            raise DomainError(
                _("%(item)s cannot be shared without a quantity.") % {"item": posting.item}, "item"
            )
    elif posting.quantity < posting.allocated:
        raise DomainError(
            _("%(allocated)d are already allocated; the quantity cannot be %(quantity)d.")
            % {"allocated": posting.allocated, "quantity": posting.quantity},
            "quantity",
        )


def check_substitutes(posting: Posting, substitutes: Iterable[Item]) -> None:
    """They are counted one to one, so in the same unit."""
    for item in substitutes:
        if item.unit != posting.item.unit:
            raise DomainError(
                _("%(item)s is counted in another unit.") % {"item": item}, "substitutes"
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
