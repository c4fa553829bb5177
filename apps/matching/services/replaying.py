"""A stored round solved again: asked for by an administrator, done by the worker."""

import time
from contextlib import suppress
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.audit.services import record, transition
from apps.core.errors import DomainError
from apps.core.states import InvalidTransition
from apps.matching.engine import ENGINE_VERSION
from apps.matching.models import Replay, Round
from apps.matching.services import running
from apps.matching.states import ReplayState, RoundState


class ReplayStopped(Exception):
    """The replay is no longer this worker's: its lease lapsed."""


@transaction.atomic
def replay_round(round: Round, *, by: User, now: datetime) -> Replay:
    """Write down that a replay is wanted; the worker picks it up. One can wait at a time."""
    require(by, "matching.replay_round")
    if round.state != RoundState.FINISHED or not round.result:
        raise DomainError(_("Only a finished round whose result is kept can be replayed."))
    try:
        with transaction.atomic():
            replay = Replay.objects.create(round=round, asked_by=by, state_since=now)
    except IntegrityError:
        raise DomainError(_("A replay is waiting to start already.")) from None
    record(by, "replay_round", replay, at=now, after=replay.state)
    return replay


def run_open_replay() -> Replay | None:
    """Do the replay that waits, if no other is running; returns it as it ended, or None."""
    replay = Replay.objects.filter(state=ReplayState.OPEN).select_related("round").first()
    if replay is None or Replay.objects.filter(state=ReplayState.RUNNING).exists():
        return None
    try:
        start(replay, now=timezone.now())
    except InvalidTransition:  # another worker was first
        return None
    try:
        is_same = running.replay(replay.round, Pulse(replay))
        finish(replay, is_same, now=timezone.now())
    except (ReplayStopped, InvalidTransition):  # given up meanwhile
        replay.refresh_from_db()
    except Exception as error:  # whatever went wrong, the replay says so
        fail(replay, now=timezone.now(), reason=str(error))
    return replay


def sweep_replays(*, now: datetime) -> int:
    """Give up the running replay if its worker has not been heard of within its lease."""
    silent = Replay.objects.filter(state=ReplayState.RUNNING, lease_until__lt=now)
    for replay in silent:
        with suppress(InvalidTransition):  # it ended just now
            fail(replay, now=now, reason=gettext_noop("The worker stopped answering."))
    return len(silent)


class Pulse:
    """Renews the lease while the engine reports, at most once a second. Raises ReplayStopped."""

    def __init__(self, replay: Replay) -> None:
        self.mine = Replay.objects.filter(pk=replay.pk, state=ReplayState.RUNNING)
        self.renewed = time.monotonic()

    def __call__(self, phase: str, done: float) -> None:
        if time.monotonic() - self.renewed < running.HEARTBEAT_SECONDS:
            return
        self.renewed = time.monotonic()
        if not self.mine.update(lease_until=running.lease()):
            raise ReplayStopped


@transaction.atomic
def start(replay: Replay, *, now: datetime) -> None:
    transition(
        replay,
        ReplayState.RUNNING,
        verb="start_replay",
        by=None,
        now=now,
        lease_until=running.lease(),
        engine_version=ENGINE_VERSION,
    )


@transaction.atomic
def finish(replay: Replay, is_same: bool, *, now: datetime) -> None:
    state = ReplayState.SAME if is_same else ReplayState.DIFFERENT
    transition(replay, state, verb="finish_replay", by=None, now=now)


@transaction.atomic
def fail(replay: Replay, *, now: datetime, reason: str) -> None:
    transition(
        replay, ReplayState.FAILED, verb="fail_replay", by=None, now=now, reason=reason[:500]
    )
