"""A replay asked for in the browser: written down, done by the worker, told on the round's page."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.core.states import InvalidTransition
from apps.dashboard.invariants import check_invariants
from apps.matching.engine import ENGINE_VERSION
from apps.matching.models import Replay, Round
from apps.matching.services import open_round, replaying, running
from apps.matching.services.replaying import replay_round
from apps.matching.states import RoundState
from apps.matching.tasks import run_open_replay, sweep_rounds
from tests import factories
from tests.database import by_sql, names_of, refused_by
from tests.pages.html import Page
from tests.unchanged import nothing_changes


@pytest.fixture
def finished(transactional_db, now):
    need = factories.NeedFactory(quantity=300)
    city = factories.CityFactory(chinese=True)
    factories.OfferFactory(item=need.item, city=city, quantity=200)
    open_round(by=None, now=now, parameters={})
    return running.run_open_round()


def replay(state, round=None, **values):
    round = round or factories.RoundFactory(result="{}")
    asked_by = factories.UserFactory(administrator=True)
    return Replay.objects.create(round=round, state=state, asked_by=asked_by, **values)


def test_a_replay_waits_when_an_administrator_asks_for_it(administrator, now):
    stored = factories.RoundFactory(result="{}")

    asked = replay_round(stored, by=administrator, now=now)

    entry = AuditEntry.objects.get()
    assert (asked.round, asked.asked_by, asked.state) == (stored, administrator, "open")
    assert (entry.actor, entry.verb, entry.after) == (administrator, "replay_round", "open")
    assert entry.subject_label == f"Replay of round {stored.pk}"


def test_a_replay_is_refused_when_another_one_waits(administrator, now):
    waiting = replay("open")

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        replay_round(waiting.round, by=administrator, now=now)

    assert str(refusal.value) == "A replay is waiting to start already."


@pytest.mark.parametrize(
    ("state", "result"),
    [("finished", "")] + [(state, "{}") for state in RoundState if state != "finished"],
)
def test_a_replay_is_refused_when_the_round_has_no_result(administrator, now, state, result):
    stored = factories.RoundFactory(state=state, result=result)

    with nothing_changes(), pytest.raises(DomainError):
        replay_round(stored, by=administrator, now=now)


@pytest.mark.parametrize("values", [{}, {"coordinator": True}, {"role": "administrator"}])
def test_a_replay_is_denied_when_the_person_is_no_administrator(db, now, values):
    person = factories.UserFactory(**values, is_active="role" not in values)

    with nothing_changes(), pytest.raises(PermissionDenied):
        replay_round(factories.RoundFactory.build(result="{}"), by=person, now=now)


def test_the_worker_finds_the_same_bytes_when_nothing_was_touched(finished, administrator, now):
    replay_round(finished, by=administrator, now=now)
    before = Round.objects.values().get()

    number = run_open_replay()

    done = Replay.objects.get(pk=number)
    assert (done.state, done.state_reason, done.engine_version) == ("same", "", ENGINE_VERSION)
    verbs = AuditEntry.objects.filter(subject_kind="matching.replay").order_by("pk")
    assert [entry.verb for entry in verbs] == ["replay_round", "start_replay", "finish_replay"]
    assert Round.objects.values().get() == before
    assert check_invariants() == []


def test_the_worker_finds_the_difference_when_the_result_was_touched(finished, administrator, now):
    by_sql(finished, result=finished.result.replace("200", "199", 1))
    replay_round(Round.objects.get(), by=administrator, now=now)

    assert replaying.run_open_replay().state == "different"


def test_a_replay_fails_with_the_reason_when_the_copy_cannot_be_read(finished, administrator, now):
    by_sql(finished, snapshot="torn")
    replay_round(Round.objects.get(), by=administrator, now=now)

    failed = replaying.run_open_replay()

    assert failed.state == "failed"
    assert failed.state_reason == "not enough values to unpack (expected 3, got 1)"


def test_nothing_is_replayed_when_nobody_asked(db):
    with nothing_changes():
        assert run_open_replay() is None


def test_a_replay_goes_on_waiting_when_another_one_runs(db):
    replay("running")
    replay("open")

    with nothing_changes():
        assert run_open_replay() is None


def test_a_second_worker_leaves_it_when_the_first_has_started_the_replay(db, now):
    asked = replay("open")
    other = Replay.objects.get()
    replaying.start(asked, now=now)

    with nothing_changes(), pytest.raises(InvalidTransition):
        replaying.start(other, now=now)


def test_a_silent_replay_fails_when_its_lease_is_over(db):
    silent = replay("running", lease_until=timezone.now() - timedelta(seconds=1))

    assert sweep_rounds() == 1

    silent.refresh_from_db()
    assert (silent.state, silent.state_reason) == ("failed", "The worker stopped answering.")


def test_a_replay_goes_on_when_its_lease_is_not_over(db):
    replay("running", lease_until=timezone.now() + timedelta(minutes=1))

    with nothing_changes():
        assert sweep_rounds() == 0


def test_the_lease_is_renewed_when_the_engine_reports(db, settings, now):
    mine = replay("running", lease_until=now)
    pulse = replaying.Pulse(mine)

    pulse("scores", 0.0)
    mine.refresh_from_db()
    assert mine.lease_until == now

    pulse.renewed -= 2
    pulse("scores", 0.5)
    mine.refresh_from_db()
    assert mine.lease_until > now + timedelta(seconds=settings.ROUND_LEASE_SECONDS / 2)


def test_the_work_stops_when_the_replay_was_given_up(db):
    pulse = replaying.Pulse(replay("failed"))
    pulse.renewed -= 2

    with nothing_changes(), pytest.raises(replaying.ReplayStopped):
        pulse("scores", 0.5)


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("matching_replay_one_running", "running"),
        ("matching_replay_one_waiting", "open"),
        ("matching_replay_state_known", "paused"),
    ],
)
def test_the_database_refuses_a_replay_when_it_breaks(db, name, state):
    if name != "matching_replay_state_known":
        replay(state)
    row = replay("same")

    with nothing_changes(), refused_by(Replay, name):
        by_sql(row, state=state)


def test_every_constraint_is_tested_when_the_replay_has_a_new_one():
    tested = test_the_database_refuses_a_replay_when_it_breaks.pytestmark[0].args[1]

    assert {name for name, __ in tested} == names_of(Replay)


# The page


@pytest.mark.parametrize(
    ("state", "values", "words"),
    [
        ("open", {}, "waiting to start Look again"),
        ("running", {}, "running Look again"),
        ("same", {}, "the same, byte for byte"),
        ("different", {"engine_version": "1.0.0"}, "the result differs"),
        (
            "different",
            {"engine_version": "9.9.9"},
            "the result differs The engine has changed since the round: the replay used version 9.9.9.",
        ),
        ("failed", {"state_reason": "torn"}, "failed torn"),
    ],
)
def test_the_page_of_a_round_says_when_who_and_what_when_it_was_replayed(
    client, coordinator, state, values, words
):
    stored = factories.RoundFactory(result="{}", engine_version="1.0.0")
    asked = replay(state, stored, **values)
    client.force_login(coordinator)

    page = Page(client.get(stored.get_absolute_url()).text).words

    assert f"{asked.asked_by}: {words}" in page


def test_a_replay_is_asked_for_on_the_page_of_a_round_when_one_may(client, administrator):
    stored = factories.RoundFactory(result="{}")
    url = reverse("matching:round_replay", args=[stored.pk])
    client.force_login(administrator)

    page = client.get(stored.get_absolute_url()).text
    sent = client.post(url, follow=True)

    assert url in page
    assert sent.redirect_chain == [(stored.get_absolute_url(), 302)]
    assert f"Replay of round {stored.pk} is waiting for the worker." in Page(sent.text).words


def test_a_replay_is_not_offered_when_the_person_is_no_administrator(client, coordinator):
    stored = factories.RoundFactory(result="{}")
    client.force_login(coordinator)

    page = client.get(stored.get_absolute_url()).text

    assert reverse("matching:round_replay", args=[stored.pk]) not in page
