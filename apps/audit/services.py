"""The one door for states, and the record of everything that was decided."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import translation

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.core.bulk import insert_rows
from apps.core.states import InvalidTransition, Stateful

TOGETHER = 10_000
"""Rows that one statement moves: databases limit how many values a statement may name."""


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
    model: type[models.Model],
    labels: Mapping[Any, str],
    *,
    at: datetime,
    before: object = "",
    after: object = "",
    reason: str = "",
) -> None:
    """The same for many subjects of one model, in one statement: `labels` are their English names
    by primary key."""
    pattern = AuditEntry(
        at=at,
        actor=actor,
        verb=verb,
        subject_kind=model._meta.label_lower,
        before=str(before),
        after=str(after),
        reason=reason,
    )
    insert_rows(
        pattern,
        ({"subject_id": str(pk), "subject_label": name[:300]} for pk, name in labels.items()),
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


def names_of(rows: Iterable[models.Model]) -> dict[Any, str]:
    return {row.pk: str(row) for row in rows}


def transition_many(
    rows: models.QuerySet[Any],
    to: str,
    *,
    verb: str,
    by: User | None,
    now: datetime,
    reason: str = "",
    labels: Callable[[models.QuerySet[Any]], Mapping[Any, str]] = names_of,
) -> int:
    """Move all `rows`, which are in one state, by few statements; returns how many moved.

    Rows are locked first, so that what was decided meanwhile is left as it is. `labels` names
    rows by primary key.
    """
    bare = rows.select_related(None).prefetch_related(None).order_by("pk")
    states = dict(bare.select_for_update(no_key=True).values_list("pk", "state"))
    if not states:
        return 0
    moves = rows.model.MOVES
    for pk, state in states.items():
        if to not in moves[state]:
            raise InvalidTransition(rows.model._base_manager.get(pk=pk), to)
    with translation.override("en"):
        names = labels(rows)
    pks = list(states)
    for start in range(0, len(pks), TOGETHER):
        moved = rows.model._base_manager.filter(pk__in=pks[start : start + TOGETHER])
        moved.update(state=to, state_since=now, state_reason=reason)
    record_many(
        by,
        verb,
        rows.model,
        {pk: names[pk] for pk in states},
        at=now,
        before=", ".join(sorted(set(states.values()))),
        after=to,
        reason=reason,
    )
    return len(states)
