"""The independent pieces of a round, shared out over whoever has time; the result is the same.

The worker in charge writes the pieces down, rings, and works on them like everybody. It needs
nobody: what others hold without an answer it does itself in the end, so a helper may come late,
die or stay away, and the rows may vanish. Helpers answer and decide nothing.
"""

import logging
import pickle
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from apps.matching.engine import ENGINE_VERSION
from apps.matching.engine.pairing.sweep import Spread
from apps.matching.models import Round, SharedJob, SharedPiece
from apps.matching.states import RoundState

logger = logging.getLogger(__name__)

TRIAL = 2  # pieces that are done alone, to see how long the others will take
TURN_SECONDS = 0.3  # as much is taken at once: long against a claim, short against a turn wasted,
TURNS_EACH = 4  # but so little that everybody has several
LEASE = timedelta(seconds=30)
HELP_SECONDS = 8.0  # then a helper leaves its process to other jobs for a while
RING_SECONDS = 10.0  # until the worker in charge rings again
SEAL_BYTES = 32

Ring = Callable[[UUID], None]
"""Calls helpers to a job; what it raises means that nobody can be called."""


class BrokenSeal(Exception):
    """Not written for this place by a program with this site's secret and this engine."""


class Sharing:
    """Spreads the work of one running round; without a ring everything is done alone."""

    def __init__(self, round: Round, ring: Ring | None) -> None:
        self.round = round
        self.ring = ring if settings.ROUND_HELPERS else None
        self.rung = 0.0

    def over(self, alone: Spread) -> Spread:
        """A spread that shares what `alone` would need long for."""
        return partial(self._spread, alone)

    def _spread(
        self, alone: Spread, function: Callable[[Any], Any], pieces: Iterable[Any]
    ) -> Iterator[Any]:
        pieces = list(pieces)
        if self.ring is None:
            yield from alone(function, pieces)
            return
        trial = TRIAL if settings.ROUND_SHARED_SECONDS else 0
        start = time.monotonic()
        first = list(alone(function, pieces[:trial]))
        pace = (time.monotonic() - start) / TRIAL
        yield from first
        rest = pieces[trial:]
        if len(rest) < 2 or pace * len(rest) < settings.ROUND_SHARED_SECONDS:
            yield from alone(function, rest)
            return
        turns = turns_of(rest, int(TURN_SECONDS / pace) if trial else 1)
        yield from self._share(alone, function, turns)

    def _share(
        self, alone: Spread, function: Callable[[Any], Any], turns: list[list[Any]]
    ) -> Iterator[Any]:
        job = write_down(self.round, function, turns)
        self.rung = 0.0
        known: dict[int, list[Any]] = {}
        missing = set(range(len(turns)))
        for number in range(len(turns)):
            while number in missing:
                self._ring_now_and_then(job)
                own = take(job)
                known |= answers(job, missing)
                missing -= known.keys()
                if own is None and number not in missing:
                    break
                own = number if own is None else own
                known[own] = list(alone(function, turns[own]))
                missing.discard(own)
            yield from known.pop(number)
        forget(SharedJob.objects.filter(pk=job.pk))

    def _ring_now_and_then(self, job: SharedJob) -> None:
        if self.ring is None or (self.rung and time.monotonic() - self.rung < RING_SECONDS):
            return
        self.rung = time.monotonic()
        try:
            self.ring(job.pk)
        except Exception as error:  # help is welcome, never needed
            logger.warning("%s goes on without helpers: %s", self.round, error)
            self.ring = None


def turns_of(pieces: list[Any], most: int) -> list[list[Any]]:
    """The pieces in their order, at most so many together, and several turns for everybody."""
    everybody = 1 + settings.ROUND_HELPERS
    size = max(1, min(most, len(pieces) // (TURNS_EACH * everybody)))
    return [pieces[start : start + size] for start in range(0, len(pieces), size)]


def write_down(
    round: Round, function: Callable[[Any], Any], turns: Iterable[list[Any]]
) -> SharedJob:
    job = SharedJob(round=round)
    job.function = seal(function, job, "function")
    with transaction.atomic():
        job.save(force_insert=True)
        SharedPiece.objects.bulk_create(
            SharedPiece(job=job, number=number, content=seal(turn, job, f"content {number}"))
            for number, turn in enumerate(turns)
        )
    return job


def take(job: SharedJob) -> int | None:
    """The first turn that nobody holds, for the worker in charge, for good: its row is gone."""
    while True:
        free = job.pieces.free(now=timezone.now())
        first = free.order_by("number").values_list("pk", "number").first()
        if first is None:
            return None
        if free.filter(pk=first[0]).delete()[0]:
            number: int = first[1]
            return number


def answers(job: SharedJob, wanted: Iterable[int]) -> dict[int, list[Any]]:
    """What helpers have answered of the wanted turns."""
    rows = job.pieces.filter(number__in=wanted).exclude(answer=None)
    return {
        number: unseal(answer, job, f"answer {number}")
        for number, answer in rows.values_list("number", "answer")
    }


def help_with(job_id: UUID, *, seconds: float = HELP_SECONDS) -> int:
    """Answer turns of a job until none is free or the time is up; returns how many.

    What goes wrong with a turn ends the help; the worker in charge will see it for itself.
    """
    end = time.monotonic() + seconds
    job = SharedJob.objects.filter(pk=job_id).first()
    if job is None:
        return 0
    function = unseal(job.function, job, "function")
    done = 0
    while time.monotonic() < end and (piece := claim(job)):
        turn = unseal(piece.content, job, f"content {piece.number}")
        answer = seal([function(each) for each in turn], job, f"answer {piece.number}")
        done += SharedPiece.objects.filter(pk=piece.pk, answer=None).update(answer=answer)
    return done


def claim(job: SharedJob) -> SharedPiece | None:
    """The last turn that nobody holds, for a helper, for as long as its lease."""
    while True:
        now = timezone.now()
        free = job.pieces.free(now=now)
        last = free.order_by("-number").values_list("pk", flat=True).first()
        if last is None:
            return None
        if free.filter(pk=last).update(lease_until=now + LEASE):
            piece: SharedPiece | None = job.pieces.filter(pk=last).first()
            return piece


def forget(jobs: QuerySet[SharedJob]) -> None:
    """Delete jobs; locked first in one order, so that two who do it do not block each other."""
    with transaction.atomic():
        ids = list(jobs.order_by("pk").select_for_update().values_list("pk", flat=True))
        SharedJob.objects.filter(pk__in=ids).delete()


def forget_ended() -> None:
    """Delete what rounds have left that no longer run."""
    forget(SharedJob.objects.exclude(round__state=RoundState.RUNNING))


def seal(value: Any, job: SharedJob, place: str) -> bytes:
    data = zlib.compress(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), 1)
    return _mac(data, job, place) + data


def unseal(sealed: bytes | memoryview | None, job: SharedJob, place: str) -> Any:
    """Raises BrokenSeal; only what this site has sealed for this very place is unpickled."""
    text = bytes(sealed or b"")
    mac, data = text[:SEAL_BYTES], text[SEAL_BYTES:]
    if not constant_time_compare(mac, _mac(data, job, place)):
        raise BrokenSeal(f"The seal of {place} is broken.")
    return pickle.loads(zlib.decompress(data))  # noqa: S301 (sealed with the site's secret)


def _mac(data: bytes, job: SharedJob, place: str) -> bytes:
    """The engine's version belongs to it: another engine might answer otherwise."""
    salt = f"{__name__}:{ENGINE_VERSION}:{job.pk}:{place}"
    return salted_hmac(salt, data, algorithm="sha256").digest()
