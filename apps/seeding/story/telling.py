"""Tells the script once, to a platform on which no round has been run yet."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.db import transaction
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.core.models import TimeStamped
from apps.matching.models import Round
from apps.notifications.models import Notification, OutboxMessage
from apps.notifications.services import mark_read, withhold
from apps.seeding.files import FIXTURES, FixtureError, Row, read_rows
from apps.seeding.story import bonds, goods, postings, talk
from apps.seeding.story.scene import Scene

SCRIPT = "demo_story.json"
UNREAD = timedelta(days=5)  # what was told before has been read
NOT_MAILED = "The demo's story is told in lists, not by mail."

Step = Callable[..., None]
STEPS: dict[str, Step] = {
    step.__name__: step
    for step in (
        bonds.accept_pairing,
        bonds.approve_pairing,
        bonds.hold_exchange,
        bonds.plan_exchange,
        bonds.propose_pairing,
        bonds.reject_pairing,
        bonds.request_liaison,
        goods.accept_match,
        goods.approve_match,
        goods.decline_match,
        goods.dispatch_delivery,
        goods.distribute,
        goods.hold_delivery,
        goods.receive_delivery,
        goods.reject_match,
        goods.release_delivery,
        goods.run_round,
        postings.confirm_gift,
        postings.hold_posting,
        postings.post,
        postings.record_gift,
        postings.share_resource,
        talk.add_agreement,
        talk.read_messages,
        talk.write_message,
    )
}


@dataclass(frozen=True)
class Told:
    """How many steps were taken; `left_out` says of others why not: a service refused them."""

    steps: int
    left_out: list[str]

    def __str__(self) -> str:
        return f"{SCRIPT}: {self.steps} steps taken, {len(self.left_out)} left out"


@transaction.atomic
def tell_story(rows: list[Row], *, now: datetime) -> Told | None:
    """Take every step of the script at its moment before `now`, or none if a round was ever run.

    Nobody is mailed: people find what they would have been told in their lists.
    """
    if Round.objects.exists():
        return None
    told_before = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    happened = AuditEntry.objects.filter(pk__gt=told_before)
    people = {user.email: user for user in User.objects.filter(is_demo=True)}
    taken, left_out = 0, []
    for number, row in enumerate(rows, start=1):
        for email in row["by"]:
            scene = Scene(people[email], now - timedelta(days=float(row["days_ago"])))
            try:
                with transaction.atomic():
                    take_step(scene, row)
                    keep_from_mail(happened)
                taken += 1
            except DomainError as refused:
                left_out.append(f"{SCRIPT}, row {number}: {refused}")
    date_back(happened)
    settle_news(happened, now=now)
    return Told(taken, left_out)


def read_script(folder: Path = FIXTURES) -> list[Row]:
    """The steps in their order. Each row: `days_ago`, `by` (one or more do the same), `does`, and what
    the step of that name asks for. Raises FixtureError if there is no such step."""
    rows = read_rows(folder / SCRIPT)
    faults = [
        f"{SCRIPT}, row {number}: there is no step {row.get('does')!r}."
        for number, row in enumerate(rows, start=1)
        if row.get("does") not in STEPS
    ]
    if faults:
        raise FixtureError(faults)
    return rows


def take_step(scene: Scene, row: Row) -> None:
    words = {name: value for name, value in row.items() if name not in ("days_ago", "by", "does")}
    STEPS[row["does"]](scene, **words)


def date_back(happened: QuerySet[AuditEntry]) -> None:
    """New rows are as old as the first thing that happened to them, not as their loading."""
    born: dict[tuple[str, str], datetime] = {}
    starts = happened.filter(before="").order_by("pk")
    for kind, pk, at in starts.values_list("subject_kind", "subject_id", "at"):
        born.setdefault((kind, pk), at)
    together: dict[tuple[str, datetime], list[str]] = defaultdict(list)
    for (kind, pk), at in born.items():
        together[kind, at].append(pk)
    for (kind, at), pks in together.items():
        model = apps.get_model(kind)
        if issubclass(model, TimeStamped):
            model._base_manager.filter(pk__in=pks).update(created_at=at)


def keep_from_mail(happened: QuerySet[AuditEntry]) -> None:
    """After every step: a mail that waited would stand for what is written days later, too."""
    withhold(OutboxMessage.objects.filter(notification__cause__in=happened), NOT_MAILED)


def settle_news(happened: QuerySet[AuditEntry], *, now: datetime) -> None:
    """Keep what people were told in their lists, unread only if it is new."""
    old = Notification.objects.filter(cause__in=happened, created_at__lt=now - UNREAD)
    ids = [str(pk) for pk in old.values_list("pk", flat=True)]
    for user in User.objects.filter(pk__in=old.values("recipient")):
        mark_read(user, now=now - UNREAD, ids=ids)
