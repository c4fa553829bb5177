"""A round large enough to be shared, what it gives alone, and helpers of every kind."""

from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

import pytest

from apps.matching.engine import solve_allocation, solve_pairing
from apps.matching.engine.allocation import parts
from apps.matching.engine.canonical import to_json
from apps.matching.models import Round, SharedJob, SharedPiece
from apps.matching.services import running, sharing
from apps.matching.snapshot import Snapshot
from config.celery import app
from tests import factories
from tests.matching.engine.networks import network_allocation, network_pairing

CITIES = 130  # three blocks of rows on each side
SNAPSHOT = Snapshot(network_pairing(CITIES), network_allocation(CITIES), {}, {})


def share_all(settings: Any, patch: pytest.MonkeyPatch) -> None:
    """Whatever has more than one piece is shared, each piece on its own."""
    settings.ROUND_SHARED_SECONDS = 0
    patch.setattr(parts, "POSTINGS_AT_LEAST", 100)


@cache
def solved_alone() -> str:
    """The result of the snapshot without anybody's help."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "POSTINGS_AT_LEAST", 100)
        answers = solve_pairing(SNAPSHOT.pairing), solve_allocation(SNAPSHOT.allocation)
    return "".join(f"{to_json(answer)}\n" for answer in answers)


def solved(ring: Callable[[UUID], object], round: Round | None = None) -> str:
    """The result of the snapshot with whoever the ring calls."""
    round = round or factories.RoundFactory(state="running")
    running.solve(round, SNAPSHOT, ring=ring)
    return round.result


class Helper:
    """Comes at once when it is called, and does all there is."""

    def __init__(self) -> None:
        self.answered = self.called = 0
        self.functions: set[str] = set()

    def __call__(self, job: UUID) -> None:
        row = SharedJob.objects.get(pk=job)
        function = sharing.unseal(row.function, row, "function")
        self.functions.add(getattr(function, "__name__", type(function).__name__))
        self.called += 1
        self.answered += sharing.help_with(job)


def hold_all_and_die(job: UUID) -> None:
    shared = SharedJob.objects.get(pk=job)
    while sharing.claim(shared):
        pass


def nobody_comes(job: UUID) -> None:
    pass


def nothing_is_left() -> bool:
    return not SharedJob.objects.exists() and not SharedPiece.objects.exists()


def broker_at(url: str, patch: pytest.MonkeyPatch) -> None:
    """This process publishes there, over new connections, until the test is over."""
    patch.setitem(app.conf, "broker_url", url)
    patch.setattr(app.amqp, "_producer_pool", None)
