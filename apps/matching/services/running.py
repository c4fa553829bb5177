"""One round in the worker: freeze, think without a lock, store in one short transaction."""

import gc
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from apps.audit.services import transition
from apps.core.states import InvalidTransition
from apps.matching import snapshot as snapshots
from apps.matching.engine import (
    ENGINE_VERSION,
    Violation,
    check_allocation,
    check_pairing,
    solve_allocation,
    solve_pairing,
)
from apps.matching.engine.allocation.solve import in_turn
from apps.matching.engine.canonical import to_json
from apps.matching.engine.pairing.sweep import threads
from apps.matching.engine.progress import OnProgress, silent
from apps.matching.engine.result import AllocationResult, PairingResult
from apps.matching.models import Round, SharedJob
from apps.matching.services.choices import compare_choices
from apps.matching.services.rounds import fail_round
from apps.matching.services.sharing import Ring, Sharing, forget
from apps.matching.services.storing import store_result
from apps.matching.states import RoundState

HEARTBEAT_SECONDS = 1.0


class RoundStopped(Exception):
    """The round is no longer this worker's: it was cancelled, or its lease lapsed."""


class CheckFailed(Exception):
    """The solver's answer is not what the problem asks for."""


def run_open_round(watch: OnProgress = silent, ring: Ring | None = None) -> Round | None:
    """Run the round that waits, if no other is running; returns it as it ended, or None.

    `watch` is told of the progress as the row is, but each time; `ring` calls helpers.
    """
    waiting = Round.objects.filter(state=RoundState.OPEN).first()
    if waiting is None or Round.objects.filter(state=RoundState.RUNNING).exists():
        return None
    try:
        start(waiting, now=timezone.now())
    except InvalidTransition:  # another worker was first
        return None
    try:
        with cycles_left_alone():
            answer(waiting, watch, ring)
    except RoundStopped:
        pass
    except Exception as error:  # whatever went wrong, the round says so and nothing is stored
        fail_round(waiting, now=timezone.now(), reason=str(error), error=traceback.format_exc())
    finally:
        forget(SharedJob.objects.filter(round=waiting))
    return Round.objects.described().get(pk=waiting.pk)


@contextmanager
def cycles_left_alone() -> Iterator[None]:
    """Look for no reference cycles: a round makes millions of rows, which are in none, and to go
    through them again and again would take a tenth of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@transaction.atomic
def start(round: Round, *, now: datetime) -> None:
    transition(
        round,
        RoundState.RUNNING,
        verb="start_round",
        by=None,
        now=now,
        started_at=now,
        lease_until=lease(),
        engine_version=ENGINE_VERSION,
    )


def answer(round: Round, watch: OnProgress, ring: Ring | None) -> None:
    """From the snapshot to the stored proposals; none of the rows between outlives this call."""
    snapshot = freeze(round)
    results = solve(round, snapshot, watch, ring)
    choices = compare_choices(snapshot, *results, Progress(round, watch))
    store_result(round, snapshot, *results, now=timezone.now(), choices=choices)


def freeze(round: Round) -> snapshots.Snapshot:
    """Take the snapshot in one read transaction and store it; a rerun keeps the one it has."""
    if not round.snapshot:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            taken = snapshots.take(round.parameters, now=timezone.now())
        round.snapshot = taken.to_text()
        round.snapshot_hash = snapshots.hash_of(round.snapshot)
        round.save(update_fields=["snapshot", "snapshot_hash", "updated_at"])
        return taken
    return snapshots.Snapshot.from_text(round.snapshot)


def solve(
    round: Round,
    snapshot: snapshots.Snapshot,
    watch: OnProgress = silent,
    ring: Ring | None = None,
) -> tuple[PairingResult, AllocationResult]:
    """Both questions answered and checked; the round's row follows the progress."""
    report, sharing = Progress(round, watch), Sharing(round, ring)
    pairing = solve_pairing(snapshot.pairing, report, sharing.over(threads))
    allocation = solve_allocation(snapshot.allocation, report, sharing.over(in_turn))
    report("check", 0.0)
    refuse_if_wrong(
        *check_pairing(snapshot.pairing, pairing),
        *check_allocation(snapshot.allocation, allocation),
    )
    round.result = f"{to_json(pairing)}\n{to_json(allocation)}\n"
    return pairing, allocation


def refuse_if_wrong(*violations: Violation) -> None:
    """Nothing that the independent checker objects to is stored."""
    if violations:
        raise CheckFailed(
            f"The checker refused the result: {violations[0]} ({len(violations)} in all)."
        )


def lease() -> datetime:
    """Until when the worker that reports now is believed to be alive."""
    return timezone.now() + timedelta(seconds=settings.ROUND_LEASE_SECONDS)


class Progress:
    """Writes phase and share done to the row, at most once a second, and renews the lease.

    Raises RoundStopped when the row is no longer running.
    """

    def __init__(self, round: Round, watch: OnProgress = silent) -> None:
        self.pk = round.pk
        self.watch = watch
        self.phase = ""
        self.written = 0.0

    def __call__(self, phase: str, done: float) -> None:
        self.watch(phase, done)
        if phase == self.phase and time.monotonic() - self.written < HEARTBEAT_SECONDS:
            return
        self.phase, self.written = phase, time.monotonic()
        alive = Round.objects.filter(pk=self.pk, state=RoundState.RUNNING).update(
            phase=phase, progress=round(100 * done), lease_until=lease()
        )
        if not alive:
            raise RoundStopped


def replay(round: Round, watch: OnProgress = silent) -> bool:
    """Solve the stored snapshot again; whether every byte of the result is the same."""
    snapshot = snapshots.Snapshot.from_text(round.snapshot)
    pairing = solve_pairing(snapshot.pairing, watch)
    allocation = solve_allocation(snapshot.allocation, watch)
    return round.result == f"{to_json(pairing)}\n{to_json(allocation)}\n"
