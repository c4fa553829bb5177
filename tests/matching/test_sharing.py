"""The pieces of a round shared with helpers that come, stay away, die or are forged."""

import pickle
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from apps.matching.engine.allocation.solve import in_turn
from apps.matching.models import SharedJob, SharedPiece
from apps.matching.services import cancel_round, running, sharing, sweep_rounds
from apps.matching.services.sharing import BrokenSeal, Sharing, help_with, seal, unseal, write_down
from apps.matching.snapshot import hash_of
from apps.matching.tasks import help_with as help_task
from apps.matching.tasks import ring as ring_workers
from tests import factories
from tests.database import by_sql, names_of, refused_by
from tests.matching.sharing import (
    SNAPSHOT,
    Helper,
    broker_at,
    hold_all_and_die,
    nobody_comes,
    nothing_is_left,
    share_all,
    solved,
    solved_alone,
)
from tests.unchanged import nothing_changes


@pytest.fixture(autouse=True)
def shares_all(db, settings, monkeypatch):
    share_all(settings, monkeypatch)


@pytest.fixture
def round(db):
    return factories.RoundFactory(state="running")


@pytest.fixture
def job(round):
    return write_down(round, halve, [[1, 2], [3], [4]])


@pytest.fixture
def waiting(db):
    text = SNAPSHOT.to_text()
    return factories.RoundFactory(state="open", snapshot=text, snapshot_hash=hash_of(text))


def halve(number):
    return number / 2


def refuse_three(number):
    if number == 3:
        raise ValueError("three is odd")
    return number / 2


def shared(round, ring, function=halve, pieces=range(1, 6)):
    return list(Sharing(round, ring).over(in_turn)(function, pieces))


# Whoever helps, the result is the same


def test_the_result_is_the_same_to_the_byte_when_a_helper_does_everything():
    helper = Helper()

    assert solved(helper) == solved_alone()
    assert helper.functions >= {"Table", "Sample", "Best", "Tally", "solve_part"}
    assert helper.answered > 20
    assert nothing_is_left()


@pytest.mark.parametrize("ring", [nobody_comes, hold_all_and_die])
def test_the_result_is_the_same_to_the_byte_when_no_help_comes_of_it(ring):
    assert solved(ring) == solved_alone()
    assert nothing_is_left()


def test_the_result_is_the_same_to_the_byte_when_some_helpers_die():
    def one_dies_and_one_helps(job):
        sharing.claim(SharedJob.objects.get(pk=job))
        helper(job)

    helper = Helper()

    assert solved(one_dies_and_one_helps) == solved_alone()
    assert helper.answered > 15
    assert nothing_is_left()


def test_the_result_is_the_same_to_the_byte_when_the_rows_vanish():
    assert solved(lambda job: SharedJob.objects.all().delete()) == solved_alone()


def test_answers_keep_the_order_of_the_pieces_when_helpers_begin_at_the_end(round):
    def answer_one(job):
        piece = sharing.claim(SharedJob.objects.get(pk=job))
        answer = seal([2.5], piece.job, "answer 4")
        SharedPiece.objects.filter(pk=piece.pk).update(answer=answer)

    assert shared(round, answer_one) == [0.5, 1.0, 1.5, 2.0, 2.5]
    assert nothing_is_left()


def test_the_result_is_the_same_when_turns_hold_several_pieces(round, settings):
    """As they do when the first pieces have told how long the others will take."""
    settings.ROUND_SHARED_SECONDS = 1e-9
    helper = Helper()

    assert shared(round, helper, pieces=range(100)) == [number / 2 for number in range(100)]
    assert (helper.called, helper.answered) == (1, 9)


# Who is called


@pytest.mark.parametrize(("seconds", "helpers"), [(1000, 1), (0, 0)])
def test_nobody_is_called_when_the_work_is_small_or_there_are_no_helpers(
    round, settings, seconds, helpers
):
    settings.ROUND_SHARED_SECONDS, settings.ROUND_HELPERS = seconds, helpers
    helper = Helper()

    assert shared(round, helper) == [0.5, 1.0, 1.5, 2.0, 2.5]
    assert helper.called == 0


def test_nobody_is_called_when_there_is_one_piece(round):
    helper = Helper()

    assert shared(round, helper, pieces=[8]) == [4.0]
    assert helper.called == 0


def test_helpers_are_called_again_when_the_job_goes_on(round, monkeypatch):
    monkeypatch.setattr(sharing, "RING_SECONDS", 0.0)
    calls = []

    shared(round, calls.append)

    assert len(calls) == 5
    assert len(set(calls)) == 1


def test_the_round_goes_on_alone_when_the_broker_is_away(round, monkeypatch, caplog):
    broker_at("redis+socket:///nowhere/broker.sock", monkeypatch)

    assert solved(ring_workers, round) == solved_alone()
    assert caplog.text.count(f"{round} goes on without helpers") == 1
    assert nothing_is_left()


# Helping


def test_a_helper_answers_what_nobody_holds_when_it_comes(job):
    sharing.claim(job)

    assert help_task(str(job.pk)) == 2
    assert sharing.answers(job, range(3)) == {0: [0.5, 1.0], 1: [1.5]}
    assert help_task(str(job.pk)) == 0


def test_a_helper_does_nothing_when_the_job_is_over(job):
    SharedJob.objects.all().delete()

    assert help_task(str(job.pk)) == 0


def test_a_helper_leaves_when_its_time_is_up(job):
    with nothing_changes():
        assert help_with(job.pk, seconds=0) == 0


def test_a_piece_is_free_again_when_the_lease_of_who_held_it_is_over(job):
    first = sharing.claim(job)
    second = sharing.claim(job)
    by_sql(first, lease_until=timezone.now() - timedelta(seconds=1))

    assert (first.number, second.number) == (2, 1)
    assert sharing.claim(job).number == 2
    assert sharing.claim(job).number == 0
    assert sharing.claim(job) is None


def test_a_turn_is_nobody_elses_when_the_worker_in_charge_takes_it(job):
    assert sharing.take(job) == 0
    assert [sharing.claim(job).number, sharing.claim(job).number] == [2, 1]
    assert (sharing.take(job), sharing.claim(job)) == (None, None)


def test_a_late_answer_is_lost_when_the_worker_in_charge_has_finished(round):
    pieces = []
    shared(round, lambda job: pieces.append(sharing.claim(SharedJob.objects.get(pk=job))))

    assert SharedPiece.objects.filter(pk=pieces[0].pk, answer=None).update(answer=b"") == 0


# Pieces that raise


def test_the_helper_leaves_the_piece_to_the_worker_in_charge_when_it_raises(round):
    job = write_down(round, refuse_three, [[2], [3], [4]])

    with pytest.raises(ValueError, match="three is odd"):
        help_with(job.pk)

    assert sharing.answers(job, range(3)) == {2: [2.0]}


@pytest.mark.parametrize("ring", [nobody_comes, hold_all_and_die, help_with])
def test_the_round_fails_with_the_reason_when_a_piece_raises(waiting, monkeypatch, ring):
    monkeypatch.setattr(
        running,
        "solve_pairing",
        lambda problem, report, spread: list(spread(refuse_three, range(6))),
    )

    failed = running.run_open_round(ring=ring)

    assert (failed.state, failed.state_reason) == ("failed", "three is odd")
    assert "refuse_three" in failed.error
    assert nothing_is_left()


# Cancelled, swept


def test_the_worker_stops_when_the_round_is_cancelled_while_pieces_are_worked_on(
    waiting, coordinator, now
):
    def cancel(job):
        assert SharedPiece.objects.filter(job__round=waiting).count() > 1
        waiting.refresh_from_db()
        if waiting.state == "running":
            cancel_round(waiting, by=coordinator, now=now, reason="wrong objective")

    stopped = running.run_open_round(ring=cancel)

    assert (stopped.state, stopped.result, stopped.error) == ("cancelled", "", "")
    assert nothing_is_left()


@pytest.mark.parametrize("state", ["running", "cancelled", "failed"])
def test_rows_are_swept_when_their_round_runs_no_more(round, job, now, state):
    by_sql(round, state=state, lease_until=now - timedelta(seconds=1))

    sweep_rounds(now=now)

    assert nothing_is_left()


def test_rows_stay_when_their_round_runs(round, job, now):
    by_sql(round, lease_until=now + timedelta(seconds=60))

    with nothing_changes():
        assert sweep_rounds(now=now) == 0


# Seals


class Trap:
    """Writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_what_was_sealed_is_read_when_the_place_is_the_same(job):
    assert unseal(seal({"a": 1}, job, "answer 1"), job, "answer 1") == {"a": 1}


@pytest.mark.parametrize("what", ["place", "job", "bytes", "secret", "engine", "bare", "none"])
def test_nothing_is_unpickled_when_the_seal_does_not_fit(
    round, job, settings, monkeypatch, tmp_path, what
):
    trap = Trap(tmp_path / "sprung")
    sealed: bytes | None = seal(trap, job, "answer 1")
    place = "answer 1"
    if what == "place":
        place = "answer 2"
    elif what == "job":
        job = write_down(round, halve, [[1]])
    elif what == "bytes":
        sealed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    elif what == "secret":
        settings.SECRET_KEY = "another"
    elif what == "engine":
        monkeypatch.setattr(sharing, "ENGINE_VERSION", "0.0.1")
    elif what == "bare":
        sealed = pickle.dumps(trap)
    else:
        sealed = None

    with pytest.raises(BrokenSeal):
        unseal(sealed, job, place)

    assert not (tmp_path / "sprung").exists()


def test_the_trap_springs_when_the_seal_fits(job, tmp_path):
    """If this fails, the test above proves nothing."""
    unseal(seal(Trap(tmp_path / "sprung"), job, "answer 1"), job, "answer 1")

    assert (tmp_path / "sprung").exists()


@pytest.mark.parametrize("column", ["function", "content"])
def test_the_helper_refuses_to_help_when_the_rows_are_forged(job, column):
    rows = SharedJob.objects if column == "function" else SharedPiece.objects
    rows.update(**{column: pickle.dumps(halve)})

    with pytest.raises(BrokenSeal):
        help_with(job.pk)

    assert sharing.answers(job, range(3)) == {}


def test_the_round_fails_when_an_answer_is_forged(waiting):
    failed = running.run_open_round(
        ring=lambda job: SharedPiece.objects.filter(job=job, number=1).update(answer=b"forged" * 9)
    )

    assert (failed.state, failed.state_reason) == ("failed", "The seal of answer 1 is broken.")
    assert nothing_is_left()


# The tables


def test_the_database_refuses_a_turn_when_it_is_there_already(job):
    name = "matching_sharedpiece_once"

    with nothing_changes(), refused_by(SharedPiece, name):
        SharedPiece.objects.create(job=job, number=2, content=b"")

    assert names_of(SharedPiece, SharedJob) == {name}
