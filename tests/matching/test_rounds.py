"""A round's life: opened, run, cancelled, failed, run again, replayed."""

import gc
import hashlib
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.core.states import InvalidTransition
from apps.dashboard.invariants import check_invariants
from apps.matching.engine import VIOLATION_CODES, Violation
from apps.matching.forms import RoundForm
from apps.matching.models import Match, PairingProposal, Round
from apps.matching.services import (
    cancel_round,
    fail_round,
    open_round,
    retry_round,
    running,
    sweep_rounds,
)
from apps.matching.services.parameters import CHOICES
from apps.matching.services.storing import store_result
from apps.matching.snapshot import Snapshot, hash_of, take
from apps.matching.states import ROUND_MOVES, RoundState
from apps.matching.tasks import run_open_round
from apps.matching.tasks import sweep_rounds as sweep_task
from apps.notifications.models import Notification
from apps.pairings.models import Pairing, PairingRule
from tests import factories
from tests.database import by_sql, names_of, refused_by
from tests.unchanged import nothing_changes


def network():
    """Two Chinese and two American cities that need what the others offer."""
    masks, gowns = factories.ItemFactory(code="masks"), factories.ItemFactory(code="gowns")
    left = [factories.CityFactory(chinese=True) for __ in range(2)]
    right = [factories.CityFactory() for __ in range(2)]
    for city, item, other in zip(left + right, [masks, gowns] * 2, [gowns, masks] * 2, strict=True):
        factories.NeedFactory(city=city, item=item, quantity=300)
        factories.OfferFactory(city=city, item=other, quantity=200)
    factories.TieFactory.between(left[0], right[0])
    return left, right


@pytest.fixture
def waiting(db, now):
    """A round that waits with its snapshot, as a rerun does."""
    text = take({}, now=now).to_text()
    return factories.RoundFactory(state="open", snapshot=text, snapshot_hash=hash_of(text))


@pytest.fixture
def world(db):
    return network()


# Opening


def test_a_round_waits_when_a_coordinator_opens_it(coordinator, now):
    opened = open_round(by=coordinator, now=now, parameters={"pool": "one"}, is_dry_run=True)

    entry = AuditEntry.objects.get()
    assert (opened.state, opened.opened_by, opened.is_underway) == ("open", coordinator, True)
    assert (opened.parameters, opened.is_dry_run, opened.snapshot) == ({"pool": "one"}, True, "")
    assert (entry.actor, entry.verb, entry.after) == (coordinator, "open_round", "open")
    assert (opened.choice_reason, entry.reason) == ("", "")


UNUSUAL = [
    {"objective": "total"},
    {"objective": "egalitarian", "policy": "pair_first"},
    {"objective": "widest", "policy": "urgency_first"},
]


@pytest.mark.parametrize("parameters", UNUSUAL)
def test_a_choice_is_stored_with_its_reason_when_it_is_not_the_usual_one(
    coordinator, now, parameters
):
    opened = open_round(by=coordinator, now=now, parameters=parameters, reason="Few cities left.")

    opened.refresh_from_db()
    assert (opened.parameters, opened.choice_reason) == (parameters, "Few cities left.")
    assert AuditEntry.objects.get().reason == "Few cities left."


@pytest.mark.parametrize("parameters", UNUSUAL)
def test_a_choice_is_refused_when_it_is_not_the_usual_one_and_has_no_reason(
    coordinator, now, parameters
):
    with nothing_changes(), pytest.raises(DomainError) as refusal:
        open_round(by=coordinator, now=now, parameters=parameters)

    assert refusal.value.field == "reason"
    assert str(refusal.value) == "Say why this round is not as usual: counterparts first, widest."


@pytest.mark.parametrize(
    "parameters",
    [{"objective": "best"}, {"pool": "three"}, {"policy": None}, {"weights": {"tie": 1}}],
)
def test_a_round_is_refused_as_a_whole_when_its_parameters_make_no_sense(
    coordinator, now, parameters
):
    name, value = next(iter(parameters.items()))

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        open_round(by=coordinator, now=now, parameters=parameters, reason="Why not.")

    assert str(refusal.value) == f"A round cannot be asked for {name} = {value}."


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"pool": "list"}, "Choose the cities of the one side."),
        ({"pool": "list", "left": []}, "Choose the cities of the one side."),
        ({"left": ["wuxi"]}, "Only two sides by list have cities to choose."),
        ({"pool": "one", "left": ["wuxi"]}, "Only two sides by list have cities to choose."),
        ({"pool": "list", "left": ["wuxi", "x"]}, "There is no city with the code x."),
    ],
)
def test_a_list_of_one_side_is_refused_when_it_does_not_fit(coordinator, now, parameters, sentence):
    factories.CityFactory(code="wuxi")

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        open_round(by=coordinator, now=now, parameters=parameters)

    assert (str(refusal.value), refusal.value.field) == (sentence, "left")


def test_cities_of_one_country_pair_when_the_sides_are_a_list(transactional_db, now):
    item = factories.ItemFactory()
    giver, receiver, other = (factories.CityFactory(country="US") for __ in range(3))
    factories.OfferFactory(city=giver, item=item, quantity=50)
    for city in (receiver, other):
        factories.NeedFactory(city=city, item=item, quantity=50)
    open_round(by=None, now=now, parameters={"pool": "list", "left": [giver.code, other.code]})

    done = running.run_open_round()

    pairing = Pairing.objects.get()
    assert (done.state, set(pairing.cities)) == ("finished", {giver, receiver})


def test_every_choice_of_the_form_is_one_that_a_round_can_be_asked_for():
    fields = RoundForm.base_fields

    for name, codes in CHOICES.items():
        assert {code for code, __ in fields[name].choices} == set(codes)


@pytest.mark.parametrize("reason", ["", "The third this week."])
def test_a_usual_choice_may_have_a_reason_when_somebody_gives_one(coordinator, now, reason):
    parameters = {"objective": "widest", "policy": "pair_first", "pool": "one"}

    opened = open_round(by=coordinator, now=now, parameters=parameters, reason=reason)

    assert opened.choice_reason == reason


def test_a_round_waits_when_the_schedule_opens_it(db, now):
    assert open_round(by=None, now=now, parameters={}).opened_by is None


def test_one_round_waits_at_a_time_when_two_are_opened(coordinator, now):
    open_round(by=coordinator, now=now, parameters={})

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        open_round(by=coordinator, now=now, parameters={})

    assert str(refusal.value) == "A round is waiting to start already."


def test_a_round_may_wait_when_another_one_runs(coordinator, now):
    factories.RoundFactory(state="running")

    assert open_round(by=coordinator, now=now, parameters={}).state == "open"


@pytest.mark.parametrize("verb", ["open", "cancel", "retry"])
@pytest.mark.parametrize("values", [{}, {"role": "coordinator", "is_active": False}])
def test_rounds_are_denied_when_the_person_does_not_decide(db, now, verb, values):
    person = factories.UserFactory(**values)
    open_one = factories.RoundFactory(state="running")
    failed = factories.RoundFactory(state="failed")
    verbs = {
        "open": lambda: open_round(by=person, now=now, parameters={}),
        "cancel": lambda: cancel_round(open_one, by=person, now=now, reason="no"),
        "retry": lambda: retry_round(failed, by=person, now=now),
    }

    with nothing_changes(), pytest.raises(PermissionDenied):
        verbs[verb]()


# Running


def test_a_round_freezes_solves_and_stores_when_the_worker_picks_it_up(
    transactional_db, coordinator, now
):
    network()
    opened = open_round(by=coordinator, now=now, parameters={"policy": "pair_first"})

    assert run_open_round() == opened.pk

    opened.refresh_from_db()
    assert (opened.state, opened.error, opened.progress, opened.phase) == ("finished", "", 100, "")
    assert opened.snapshot_hash == hash_of(opened.snapshot)
    assert opened.started_at < opened.finished_at
    assert (Pairing.objects.count(), PairingProposal.objects.count()) == (2, 2)
    assert Match.objects.count() == opened.summary["matches"] > 0
    assert running.replay(opened)
    assert list(Notification.objects.values_list("kind", "recipient")) == [
        ("round_finished", coordinator.pk)
    ]
    verbs = AuditEntry.objects.filter(subject_kind="matching.round").order_by("pk")
    assert [entry.verb for entry in verbs] == ["open_round", "start_round", "finish_round"]
    assert check_invariants() == []


def test_an_empty_network_gives_an_empty_round_when_nobody_posted(transactional_db, now):
    open_round(by=None, now=now, parameters={})

    done = running.run_open_round()

    assert (done.state, done.summary["matches"], done.summary["pairings"]) == ("finished", 0, 0)


def test_nothing_runs_when_no_round_waits(db):
    with nothing_changes():
        assert run_open_round() is None


def test_a_round_goes_on_waiting_when_another_one_runs(waiting):
    factories.RoundFactory(state="running", lease_until=timezone.now() + timedelta(minutes=2))

    with nothing_changes():
        assert run_open_round() is None


def test_a_second_worker_leaves_it_when_the_first_has_started_the_round(waiting, now):
    other = Round.objects.get(pk=waiting.pk)
    running.start(waiting, now=now)

    with nothing_changes(), pytest.raises(InvalidTransition):
        running.start(other, now=now)


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("matching_round_one_running", "running"),
        ("matching_round_one_waiting", "open"),
        ("matching_round_state_known", "paused"),
    ],
)
def test_the_database_refuses_a_round_when_it_breaks(db, name, state):
    if name != "matching_round_state_known":
        factories.RoundFactory(state=state)
    row = factories.RoundFactory()

    with nothing_changes(), refused_by(Round, name):
        by_sql(row, state=state)


def test_every_constraint_is_tested_when_the_round_has_a_new_one():
    tested = test_the_database_refuses_a_round_when_it_breaks.pytestmark[0].args[1]

    assert {name for name, __ in tested} == names_of(Round)


# Dry runs


def test_a_dry_run_computes_and_proposes_nothing_when_it_is_run(world, waiting):
    by_sql(waiting, is_dry_run=True, snapshot=take({}, now=timezone.now()).to_text())
    earlier = factories.MatchFactory()

    done = running.run_open_round()

    earlier.refresh_from_db()
    assert (done.state, done.summary["pairings"]) == ("finished", 2)
    assert (Pairing.objects.count(), PairingProposal.objects.count()) == (0, 0)
    assert (Match.objects.count(), earlier.state) == (1, "proposed")
    assert not Notification.objects.exists()
    assert running.replay(done)


# Failing


def pin_twice(administrator):
    left, right = network()
    for other in right:
        PairingRule.objects.create(
            kind="pin", city_a=left[0], city_b=other, set_by=administrator, reason="x"
        )


def test_a_round_fails_with_the_reason_and_stores_nothing_when_the_engine_refuses(
    transactional_db, administrator, now
):
    pin_twice(administrator)
    earlier = factories.MatchFactory(), factories.PairingFactory()
    opened = open_round(by=administrator, now=now, parameters={})

    failed = running.run_open_round()

    assert (failed.pk, failed.state, failed.result, failed.summary) == (opened.pk, "failed", "", {})
    assert "a city is pinned to two partners" in failed.state_reason
    assert "ProblemError" in failed.error
    assert failed.snapshot_hash == hash_of(failed.snapshot)
    for row in earlier:
        row.refresh_from_db()
        assert row.state == "proposed"
    assert (Match.objects.count(), Pairing.objects.count()) == (1, 1)
    assert list(Notification.objects.values_list("kind", "recipient")) == [
        ("round_failed", administrator.pk)
    ]
    assert check_invariants() == []


def test_a_round_fails_again_when_it_is_run_again_on_what_made_it_fail(
    transactional_db, administrator, now
):
    pin_twice(administrator)
    open_round(by=administrator, now=now, parameters={})
    first = running.run_open_round()
    PairingRule.objects.all().delete()

    retry_round(first, by=administrator, now=now)
    second = running.run_open_round()
    open_round(by=administrator, now=now, parameters={})
    third = running.run_open_round()

    assert (second.state, second.retry_of, second.snapshot) == ("failed", first, first.snapshot)
    assert third.state == "finished"


def test_nothing_is_stored_when_the_checker_objects():
    violation = Violation(next(iter(VIOLATION_CODES)), "pairs[0]")

    with pytest.raises(running.CheckFailed) as refusal:
        running.refuse_if_wrong(violation, violation)

    assert str(refusal.value) == f"The checker refused the result: {violation} (2 in all)."


def test_a_round_that_has_ended_stays_when_it_is_failed_late(db, now):
    rounds = [
        factories.RoundFactory(state=state) for state in RoundState if state != RoundState.RUNNING
    ]

    with nothing_changes():
        for each in rounds:
            fail_round(each, now=now, reason="late")


def test_a_long_reason_is_cut_when_a_round_fails(db, now):
    failed = fail_round(factories.RoundFactory(state="running"), now=now, reason="x" * 900)

    failed.refresh_from_db()
    assert failed.state_reason == "x" * 500


def test_a_silent_round_fails_when_its_lease_is_over(coordinator, now):
    running_one = factories.RoundFactory(state="running", lease_until=now - timedelta(seconds=1))

    assert sweep_rounds(now=now) == 1

    running_one.refresh_from_db()
    assert (running_one.state, running_one.state_reason) == (
        "failed",
        "The worker stopped answering.",
    )
    assert running_one.finished_at == now


def test_a_round_goes_on_when_its_lease_is_not_over(db, now):
    factories.RoundFactory(state="running", lease_until=now + timedelta(minutes=1))

    with nothing_changes():
        assert sweep_task() == 0


# Cancelling


def test_a_waiting_round_never_runs_when_it_is_cancelled(waiting, coordinator, now):
    cancelled = cancel_round(waiting, by=coordinator, now=now, reason="wrong objective")

    assert (cancelled.state, cancelled.state_reason) == ("cancelled", "wrong objective")
    assert run_open_round() is None
    assert open_round(by=coordinator, now=now, parameters={}).state == "open"


def test_the_worker_stops_and_stores_nothing_when_a_running_round_is_cancelled(
    world, waiting, coordinator, now
):
    by_sql(waiting, snapshot=take({}, now=now).to_text())
    waiting.refresh_from_db()
    running.start(waiting, now=now)
    cancel_round(waiting, by=coordinator, now=now, reason="wrong objective")

    with nothing_changes(), pytest.raises(running.RoundStopped):
        running.solve(waiting, running.freeze(waiting))


def test_nothing_is_stored_when_a_round_is_cancelled_after_the_last_report(
    world, waiting, coordinator, now
):
    by_sql(waiting, snapshot=take({}, now=now).to_text())
    waiting.refresh_from_db()
    running.start(waiting, now=now)
    snapshot = running.freeze(waiting)
    results = running.solve(waiting, snapshot)
    cancel_round(waiting, by=coordinator, now=now, reason="wrong objective")

    with nothing_changes(), pytest.raises(InvalidTransition):
        store_result(waiting, snapshot, *results, now=now)


@pytest.mark.parametrize("state", RoundState)
def test_a_round_is_cancelled_only_while_it_waits_or_runs(coordinator, now, state):
    subject = factories.RoundFactory(state=state)

    if RoundState.CANCELLED in ROUND_MOVES[state]:
        assert cancel_round(subject, by=coordinator, now=now, reason="no").state == "cancelled"
    else:
        with nothing_changes(), pytest.raises(InvalidTransition):
            cancel_round(subject, by=coordinator, now=now, reason="no")


@pytest.mark.parametrize("fails", [False, True])
def test_cycles_are_left_alone_only_while_a_round_runs(waiting, fails):
    seen = set()

    def watch(phase, done):
        seen.add(gc.isenabled())
        if fails:
            raise ValueError("wrong")

    done = running.run_open_round(watch)

    assert (done.state, seen) == ("failed" if fails else "finished", {False})
    assert gc.isenabled()


# Progress


def test_the_row_follows_the_work_and_renews_its_lease_when_the_engine_reports(db, now):
    row = factories.RoundFactory(state="running", lease_until=now)
    report = running.Progress(row)

    report("score", 0.0)
    report("score", 0.5)
    report("solve", 0.25)

    row.refresh_from_db()
    assert (row.phase, row.progress) == ("solve", 25)
    assert row.lease_until > now + timedelta(seconds=100)


def test_the_row_is_left_alone_when_the_engine_reports_too_often(db, now):
    row = factories.RoundFactory(state="running", lease_until=now)
    report = running.Progress(row)
    report("score", 0.1)

    with nothing_changes():
        report("score", 0.9)


@pytest.mark.parametrize("state", [state for state in RoundState if state != RoundState.RUNNING])
def test_the_work_stops_when_the_round_is_no_longer_the_workers(db, state):
    row = factories.RoundFactory(state=state)

    with nothing_changes(), pytest.raises(running.RoundStopped):
        running.Progress(row)("score", 0.1)


# Running again, replaying


@pytest.mark.parametrize("state", RoundState)
def test_a_round_is_run_again_when_it_failed_or_was_cancelled(coordinator, now, state):
    first = factories.RoundFactory(
        state=state,
        snapshot="frozen",
        snapshot_hash="h",
        parameters={"pool": "one", "objective": "total"},
        choice_reason="Few cities left.",
        is_dry_run=True,
    )

    if state in ("failed", "cancelled"):
        again = retry_round(first, by=coordinator, now=now)
        assert (again.state, again.retry_of, again.opened_by) == ("open", first, coordinator)
        assert (again.snapshot, again.snapshot_hash) == ("frozen", "h")
        assert (again.parameters, again.is_dry_run) == (first.parameters, True)
        assert again.choice_reason == "Few cities left."
    else:
        with nothing_changes(), pytest.raises(DomainError) as refusal:
            retry_round(first, by=coordinator, now=now)
        assert str(refusal.value) == "Only a round that failed or was cancelled is run again."


def test_a_rerun_gives_the_same_bytes_when_postings_have_changed(world, waiting, coordinator, now):
    late = factories.NeedFactory(needed_by=now.date() - timedelta(days=1))
    text = take({}, now=now).to_text()
    by_sql(waiting, snapshot=text, snapshot_hash=hash_of(text))
    first = running.run_open_round()
    by_sql(first, state="cancelled")
    factories.NeedFactory(item=factories.OfferFactory(quantity=70).item)

    retry_round(Round.objects.get(pk=first.pk), by=coordinator, now=now)
    second = running.run_open_round()

    assert (second.state, second.retry_of) == ("finished", first)
    assert (second.snapshot, second.result) == (first.snapshot, first.result)
    assert second.summary == first.summary
    assert second.summary["left_out"] == [{"posting": late.pk, "why": "needed_by_is_past"}]


@pytest.fixture
def finished(world, waiting, now):
    by_sql(waiting, snapshot=take({}, now=now).to_text())
    return running.run_open_round()


def test_a_round_is_replayed_to_the_byte_when_it_is_solved_again(finished):
    assert running.replay(finished)


def test_a_round_is_replayed_to_the_byte_when_it_solved_the_picture_it_took(transactional_db, now):
    network()
    parameters = {"objective": "egalitarian"}
    open_round(by=None, now=now, parameters=parameters, reason="The lowest first.")

    done = running.run_open_round()

    assert done.summary["matches"] > 0
    assert running.replay(done)


def test_a_replay_says_no_when_the_result_was_changed(finished):
    finished.result = finished.result.replace('"score":', '"score":1', 1)

    assert not running.replay(finished)


REPLAY = """
import hashlib, sys, django
django.setup()
from apps.matching.engine import solve_allocation, solve_pairing, to_json
from apps.matching.snapshot import Snapshot
snapshot = Snapshot.from_text(sys.stdin.read())
pairing, allocation = solve_pairing(snapshot.pairing), solve_allocation(snapshot.allocation)
print(hashlib.sha256(f"{to_json(pairing)}\\n{to_json(allocation)}\\n".encode()).hexdigest())
"""


@pytest.mark.parametrize("seed", ["0", "12345"])
def test_a_round_is_replayed_to_the_byte_when_another_process_solves_it(finished, seed):
    done = subprocess.run(
        [sys.executable, "-c", REPLAY],
        input=finished.snapshot,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == hashlib.sha256(finished.result.encode()).hexdigest()


def test_the_result_is_the_same_when_the_snapshot_was_only_read(finished):
    assert Snapshot.from_text(finished.snapshot).to_text() == finished.snapshot


# Who sees rounds


def test_rounds_are_for_deciders_when_the_list_is_read(db, coordinator, administrator):
    row = factories.RoundFactory()
    officer = factories.LiaisonFactory().user

    assert list(Round.objects.visible_to(coordinator)) == [row]
    assert list(Round.objects.visible_to(administrator)) == [row]
    assert list(Round.objects.visible_to(officer)) == []
