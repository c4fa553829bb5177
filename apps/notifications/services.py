from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.notifications.kinds import GROUPS, KINDS
from apps.notifications.models import (
    Cadence,
    Notification,
    OutboxMessage,
    OutboxState,
    Preference,
)
from apps.notifications.querysets import TAKEN_BACK

LEASE = timedelta(seconds=60)
BATCH = 50
RETRY_AFTER = (10, 60, 300, 900, 3600, 3600 * 4, 3600 * 12)  # seconds; after the last one, given up


def notify(
    kind: str,
    recipients: Iterable[User],
    cause: AuditEntry,
    *,
    due_at: datetime | None = None,
) -> None:
    """Write what each recipient is to be told of `cause`, once, in the caller's transaction.

    Before `due_at` nothing is told: no mail is sent, and the person's news do not show it.
    """
    wanted = KINDS[kind]
    if cause.subject_kind != wanted.model:
        raise TypeError(f"{kind} is about {wanted.model}, not {cause.subject_kind}.")
    people = {user.pk: user for user in recipients if user.is_active}
    told = set(
        Notification.objects.filter(kind=kind, cause=cause, recipient__in=people).values_list(
            "recipient_id", flat=True
        )
    )
    told_at = due_at or cause.at
    notifications = [
        Notification(recipient=user, kind=kind, cause=cause, created_at=told_at)
        for pk, user in sorted(people.items())
        if pk not in told
    ]
    Notification.objects.bulk_create(notifications)
    OutboxMessage.objects.bulk_create(
        OutboxMessage(notification=notification, due_at=told_at) for notification in notifications
    )


def withhold(messages: models.QuerySet[OutboxMessage], why: str) -> int:
    """Do not mail what nobody has begun to send; it stays in its recipients' lists."""
    pending = messages.filter(state=OutboxState.PENDING)
    return pending.update(state=OutboxState.CANCELLED, error=why)


def take_back(kind: str, subject: models.Model) -> bool:
    """Let nobody hear what waits to be told of a subject; False if some of it is told already."""
    told_of = OutboxMessage.objects.filter(
        notification__kind=kind,
        notification__cause__subject_kind=subject._meta.label_lower,
        notification__cause__subject_id=str(subject.pk),
    )
    # By id: joined, the statement would not look again at a row that a worker claims meanwhile.
    messages = OutboxMessage.objects.filter(pk__in=list(told_of.values_list("pk", flat=True)))
    withhold(messages, TAKEN_BACK)
    return not messages.exclude(state=OutboxState.CANCELLED).exists()


def about_to_be_told(kind: str, subjects: Iterable[object]) -> set[int]:
    """Who has a message of that kind, about one of these ids, that has not gone out yet."""
    waiting = Notification.objects.filter(
        kind=kind,
        cause__subject_kind=KINDS[kind].model,
        cause__subject_id__in=[str(pk) for pk in subjects],
        message__state=OutboxState.PENDING,
        read_at=None,
    )
    return set(waiting.values_list("recipient_id", flat=True))


def claim_due(*, now: datetime, limit: int = BATCH) -> list[OutboxMessage]:
    """Take messages that are due, or whose sender's lease has lapsed, for this worker alone."""
    due = Q(state=OutboxState.PENDING, due_at__lte=now) | Q(
        state=OutboxState.SENDING, lease_until__lt=now
    )
    ids = OutboxMessage.objects.filter(due).order_by("due_at").values_list("pk", flat=True)[:limit]
    claimed = [
        pk
        for pk in list(ids)
        if OutboxMessage.objects.filter(due, pk=pk).update(
            state=OutboxState.SENDING, lease_until=now + LEASE, attempts=F("attempts") + 1
        )
    ]
    return list(
        OutboxMessage.objects.filter(pk__in=claimed)
        .select_related("notification__recipient", "notification__cause")
        .order_by("due_at")
    )


def keep_lease(message: OutboxMessage, *, now: datetime) -> bool:
    """Renew this worker's lease on what it claimed; False if another worker has taken it over."""
    return bool(_claimed(message).update(lease_until=now + LEASE))


def mark_sent(message: OutboxMessage, *, now: datetime) -> None:
    _finish(message, state=OutboxState.SENT, sent_at=now, lease_until=None, error="")


def mark_cancelled(message: OutboxMessage, why: str) -> None:
    _finish(message, state=OutboxState.CANCELLED, lease_until=None, error=why)


def mark_failed(message: OutboxMessage, error: Exception, *, now: datetime) -> None:
    """Try again later, or give up after the last wait."""
    text = f"{type(error).__name__}: {error}"[:300]
    if message.attempts > len(RETRY_AFTER):
        _finish(message, state=OutboxState.DEAD, lease_until=None, error=text)
        return
    wait = timedelta(seconds=RETRY_AFTER[message.attempts - 1])
    _finish(message, state=OutboxState.PENDING, due_at=now + wait, lease_until=None, error=text)


def _finish(message: OutboxMessage, **values: object) -> None:
    _claimed(message).update(**values)


def _claimed(message: OutboxMessage) -> models.QuerySet[OutboxMessage]:
    """The row while it is in the hands of who claimed it: the next claim counts a further attempt."""
    return OutboxMessage.objects.filter(
        pk=message.pk, state=OutboxState.SENDING, attempts=message.attempts
    )


def mark_read(user: User, *, now: datetime, ids: Iterable[str] | None = None) -> int:
    unread = user.notifications.shown(now=now).unread()
    if ids is not None:
        unread = unread.filter(pk__in=list(ids))
    return unread.update(read_at=now)


def wants_mails(user: User, group: str) -> bool:
    return not user.preferences.filter(group=group, cadence=Cadence.OFF).exists()


def choose_mails(user: User, groups: Iterable[str]) -> None:
    """Let mails come about these groups at once, and about no other."""
    wanted = set(groups)
    Preference.objects.bulk_create(
        [
            Preference(
                user=user,
                group=group.code,
                cadence=Cadence.AT_ONCE if group.code in wanted else Cadence.OFF,
            )
            for group in GROUPS.values()
        ],
        update_conflicts=True,
        unique_fields=["user", "group"],
        update_fields=["cadence"],
    )
