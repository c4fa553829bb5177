"""A round shared with helpers that work at the same moment, in threads and in real workers."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest
from django.db import connection

from apps.core.processes import Programs, broker_command, broker_server, wait_for
from apps.matching.models import SharedJob, SharedPiece
from apps.matching.services import sharing
from apps.matching.tasks import ring
from tests import factories
from tests.concurrency.races import at_once
from tests.matching.sharing import (
    broker_at,
    nothing_is_left,
    share_all,
    solved,
    solved_alone,
)


@pytest.fixture(autouse=True)
def shares_all(settings, monkeypatch):
    share_all(settings, monkeypatch)


def helping(over: Event) -> int:
    """As a worker process does that is called all the time."""
    answered = 0
    try:
        while not over.is_set():
            for job in SharedJob.objects.values_list("pk", flat=True):
                answered += sharing.help_with(job)
    finally:
        connection.close()
    return answered


def nap(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def test_the_result_is_the_same_to_the_byte_when_helpers_work_beside():
    over = Event()
    with ThreadPoolExecutor(3) as pool:
        helpers = [pool.submit(helping, over) for __ in range(3)]
        try:
            result = solved(lambda job: None)
        finally:
            over.set()

    assert result == solved_alone()
    assert sum(helper.result() for helper in helpers) > 0
    assert nothing_is_left()


def test_every_turn_is_answered_once_when_helpers_claim_at_once():
    round = factories.RoundFactory(state="running")
    job = sharing.write_down(round, nap, [[0.001]] * 60)

    answered = at_once([lambda: sharing.help_with(job.pk)] * 6)

    assert sum(answered) == 60
    assert sharing.answers(job, range(60)) == {number: [0.001] for number in range(60)}


def test_turns_are_shared_without_loss_when_the_worker_in_charge_takes_them_too():
    round = factories.RoundFactory(state="running")
    job = sharing.write_down(round, nap, [[0.001]] * 60)

    def take_all() -> int:
        taken = 0
        while sharing.take(job) is not None:
            taken += 1
        return taken

    taken, *answered = at_once([take_all, *[lambda: sharing.help_with(job.pk)] * 3])

    assert taken + sum(answered) == 60
    assert len(sharing.answers(job, range(60))) == sum(answered)


def test_jobs_are_forgotten_when_several_do_it_at_once():
    for __ in range(5):
        round = factories.RoundFactory(state="failed")
        for __ in range(2):
            sharing.write_down(round, nap, [[0.0]] * 20)

        at_once([sharing.forget_ended] * 4)

        assert nothing_is_left()


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Programs]:
    """A broker, and a worker of two processes on the database of the tests."""
    socket = tmp_path / "broker.sock"
    env = {
        "DATABASE_URL": database_url(),
        "BROKER_URL": f"redis+socket://{socket}",
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "LOG_LEVEL": "INFO",
    }
    programs = Programs(tmp_path / "log", env)
    options = ("--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "INFO")
    try:
        programs.start("broker", broker_command(broker_server(), socket, tmp_path / "data"))
        assert wait_for(socket, programs), programs.last_words("broker")
        celery = [sys.executable, "-m", "celery", "--app", "config", "worker", *options]
        programs.start("worker", celery)
        yield programs
    finally:
        programs.stop()


def database_url() -> str:
    """Of the database of this very test, which has a name of its own."""
    base = os.environ["DATABASE_URL"]
    server, _, query = base.partition("?")
    name = connection.settings_dict["NAME"]
    return f"{server.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


@pytest.mark.skipif(broker_server() is None, reason="no broker on this machine")
def test_workers_answer_when_they_are_called_over_the_broker(workers, settings, monkeypatch):
    broker_at(workers.env["BROKER_URL"], monkeypatch)
    settings.ROUND_HELPERS = 2
    waited_for = []

    def ring_and_wait(job: UUID) -> None:
        ring(job)
        waited_for.append(until(SharedPiece.objects.filter(job=job).exclude(answer=None).exists))

    assert solved(ring_and_wait) == solved_alone()
    assert len(waited_for) >= 4
    assert all(waited_for)
    assert nothing_is_left()
    assert "ERROR" not in workers.log("worker").read_text()


def until(condition: Callable[[], bool], seconds: float = 30.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not condition():
        time.sleep(0.01)
    return condition()
