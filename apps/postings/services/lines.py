"""Several postings of one city at once: all of them, or none."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.cities.models import City
from apps.core.errors import DomainError
from apps.postings.models import Posting
from apps.postings.services.life import (
    draft_posting,
    edit_posting,
    publish_posting,
    sent_already,
)
from apps.postings.states import PostingState

Lines = Mapping[int, Mapping[str, Any]]


class LineRefused(DomainError):
    """What the domain refuses of one line, told by its number."""

    def __init__(self, error: DomainError, number: int) -> None:
        super().__init__(error.message, error.field)
        self.number = number


@transaction.atomic
def publish_postings(
    city: City, kind: str, lines: Lines, *, by: User, now: datetime
) -> list[Posting]:
    """Open a posting for every line; each line has the fields of `draft_posting`.

    A line whose `submission` was kept as a draft before becomes that draft, as it reads now; one that
    was published before stays as it is. Raises LineRefused.
    """
    return each(
        lines,
        lambda fields: publish_posting(
            keep_draft(city, kind, fields, by=by, now=now), by=by, now=now
        ),
    )


@transaction.atomic
def draft_postings(
    city: City, kind: str, lines: Lines, *, by: User, now: datetime
) -> list[Posting]:
    """Keep every line as a draft that only the city sees. Raises LineRefused."""
    return each(lines, lambda fields: keep_draft(city, kind, fields, by=by, now=now))


def each(lines: Lines, make: Callable[[Mapping[str, Any]], Posting]) -> list[Posting]:
    made = []
    for number, fields in lines.items():
        try:
            made.append(make(fields))
        except DomainError as error:
            raise LineRefused(error, number) from error
    return made


def keep_draft(
    city: City, kind: str, fields: Mapping[str, Any], *, by: User, now: datetime
) -> Posting:
    earlier = sent_already(fields["submission"], by=by)
    if earlier is None:
        return draft_posting(city, kind, by=by, now=now, **fields)
    require(by, "postings.edit_posting", earlier)
    changes = {name: value for name, value in fields.items() if name != "submission"}
    if earlier.state != PostingState.DRAFT or not differs(earlier, changes):
        return earlier
    return edit_posting(earlier, by=by, now=now, version=earlier.version, **changes)


def differs(posting: Posting, fields: Mapping[str, Any]) -> bool:
    """Whether anything would change; a draft saved again as it is leaves no second trace."""
    wanted = dict(fields)
    substitutes = {item.pk for item in wanted.pop("substitutes", ())}
    return substitutes != {item.pk for item in posting.substitutes.all()} or any(
        getattr(posting, name) != value for name, value in wanted.items()
    )
