"""The one door for states, and the record of everything that was decided."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import translation

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.core.states import InvalidTransition, Stateful


def record(
    actor: User | None,
    verb: str,
    subject: models.Model,
    *,
    at: datetime,
    before: object = "",
    after: object = "",
    reason: str = "",
) -> AuditEntry:
    """Write who did what to `subject`; an actor of None is the system itself."""
    with translation.override("en"):
        values = entry_of(actor, verb, subject, at, before=before, after=after, reason=reason)
    return AuditEntry.objects.create(**values)


def record_many(
    actor: User | None,
    verb: str,
    subjects: Iterable[models.Model],
    *,
    at: datetime,
    before: object = "",
    after: object = "",
    reason: str = "",
) -> None:
    """The same for many subjects, in one statement."""
    values = {"before": before, "after": after, "reason": reason}
    with translation.override("en"):
        AuditEntry.objects.bulk_create(
            AuditEntry(**entry_of(actor, verb, subject, at, **values)) for subject in subjects
        )


def happened(verb: str, subject: models.Model) -> bool:
    return bool(AuditEntry.objects.of(subject).filter(verb=verb).exists())


def entry_of(
    actor: User | None, verb: str, subject: models.Model, at: datetime, **values: object
) -> dict[str, Any]:
    return {
        "at": at,
        "actor": actor,
        "verb": verb,
        "subject_kind": subject._meta.label_lower,
        "subject_id": str(subject.pk),
        "subject_label": str(subject)[:300],
        **{name: str(value) for name, value in values.items()},
    }


def transition(
    subject: Stateful,
    to: str,
    *,
    verb: str,
    by: User | None,
    now: datetime,
    reason: str = "",
    **fields: Any,
) -> AuditEntry:
    """Move `subject` to state `to` for `reason`, set `fields` in the same statement, and audit it.

    Returns the audit entry: the cause of whatever people are told about it.
    The statement names the state it leaves, so of two callers at once only the first succeeds.
    Raises InvalidTransition if the table of moves or the row as it is now does not allow it.
    """
    before = subject.state
    if not subject.may_become(to):
        raise InvalidTransition(subject, to)
    values = {"state": to, "state_since": now, "state_reason": reason, **fields}
    rows: models.QuerySet[Any] = type(subject)._base_manager.filter(pk=subject.pk)
    if not rows.filter(state=before).update(**values):
        subject.refresh_from_db()
        raise InvalidTransition(subject, to)
    for name, value in values.items():
        setattr(subject, name, value)
    return record(by, verb, subject, at=now, before=before, after=to, reason=reason)


def transition_many(
    rows: models.QuerySet[Any],
    to: str,
    *,
    verb: str,
    by: User | None,
    now: datetime,
    reason: str = "",
) -> int:
    """Move all `rows`, which are in one state, by two statements; returns how many moved.

    Rows are locked first, so that what was decided meanwhile is left as it is.
    """
    subjects = list(rows.select_for_update(of=("self",), no_key=True))
    if not subjects:
        return 0
    states = {subject.state for subject in subjects}
    for subject in subjects:
        if not subject.may_become(to):
            raise InvalidTransition(subject, to)
    moved = rows.model._base_manager.filter(
        pk__in=[subject.pk for subject in subjects], state__in=states
    )
    moved.update(state=to, state_since=now, state_reason=reason)
    record_many(
        by, verb, subjects, at=now, before=", ".join(sorted(states)), after=to, reason=reason
    )
    return len(subjects)
