"""Rounds beside each other, beside decisions and beside everybody who posts."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from apps.dashboard.invariants import check_invariants
from apps.matching.models import Match, Round
from apps.matching.services import (
    approve_match,
    cancel_round,
    decline_match,
    open_round,
    running,
    sweep_rounds,
)
from apps.matching.services.replaying import replay_round
from apps.matching.services.storing import store_result
from apps.matching.snapshot import Snapshot, hash_of, take
from apps.matching.tasks import run_open_replay, run_open_round
from apps.pairings.models import PairingSide
from tests import factories
from tests.concurrency.races import at_once, kinds
from tests.database import by_sql
from tests.ways import make_way


@pytest.fixture
def now():
    return timezone.now()


def network(count):
    for __ in range(count):
        need = factories.NeedFactory()
        factories.OfferFactory(item=need.item, city=factories.CityFactory(chinese=True))


def test_one_round_waits_when_several_are_opened_at_once(now, coordinator):
    outcomes = at_once([lambda: open_round(by=coordinator, now=now, parameters={})] * 6)

    assert kinds(outcomes) == {"done": 1, "refused": 5}
    assert Round.objects.count() == 1
    assert check_invariants() == []


def test_one_worker_runs_the_round_when_several_are_rung_at_once(now, coordinator):
    network(3)
    opened = open_round(by=coordinator, now=now, parameters={})

    outcomes = at_once([run_open_round] * 4)

    assert sorted(outcomes, key=str) == [opened.pk, None, None, None]
    opened.refresh_from_db()
    assert (opened.state, Match.objects.count()) == ("finished", 3)
    assert check_invariants() == []


def test_one_worker_replays_the_round_when_several_are_rung_at_once(now):
    network(3)
    open_round(by=None, now=now, parameters={})
    stored = running.run_open_round()
    asked = replay_round(stored, by=factories.UserFactory(administrator=True), now=now)

    outcomes = at_once([run_open_replay] * 4)

    assert sorted(outcomes, key=str) == [asked.pk, None, None, None]
    asked.refresh_from_db()
    assert asked.state == "same"
    assert check_invariants() == []


def test_a_round_ends_once_when_it_is_cancelled_swept_and_stored_at_once(now, coordinator):
    network(2)
    for __ in range(4):
        text = take({}, now=now).to_text()
        row = factories.RoundFactory(state="open", snapshot=text, snapshot_hash=hash_of(text))
        running.start(row, now=now)
        snapshot = Snapshot.from_text(text)
        results = running.solve(row, snapshot)
        by_sql(row, lease_until=now)
        before = Match.objects.count()
        at_once(
            [
                lambda r=row: cancel_round(r, by=coordinator, now=now, reason="no"),
                lambda: sweep_rounds(now=now + timezone.timedelta(seconds=1)),
                lambda r=row, s=snapshot, x=results: store_result(r, s, *x, now=now),
            ]
        )

        row.refresh_from_db()
        stored = Match.objects.count() - before
        assert (row.state, stored) in (("cancelled", 0), ("failed", 0), ("finished", 2))
    assert check_invariants() == []


def test_an_approval_stands_or_is_superseded_when_a_round_is_stored_at_once(now, coordinator):
    for __ in range(4):
        way = make_way(now)
        text = take({}, now=now).to_text()
        row = factories.RoundFactory(state="open", snapshot=text, snapshot_hash=hash_of(text))
        running.start(row, now=now)
        snapshot = Snapshot.from_text(text)
        results = running.solve(row, snapshot)
        outcomes = at_once(
            [
                lambda w=way: approve_match(w.match, by=coordinator, now=now),
                lambda r=row, s=snapshot, x=results: store_result(r, s, *x, now=now),
            ]
        )

        way.match.refresh_from_db()
        held = 100 if way.match.state == "approved" else 0
        assert way.match.state == ("approved" if kinds(outcomes)["done"] == 2 else "expired")
        assert way.postings() == (held, 0, held, 0)
    assert check_invariants() == []


def test_a_decision_does_not_wait_when_a_round_is_about_to_store_its_proposals(now):
    """The rows that a new proposal refers to are locked by it until it is committed."""
    way = make_way(now)
    way.approve()

    def decline():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        return decline_match(way.match, by=way.receiver, now=now, reason="no")

    with transaction.atomic():
        factories.MatchFactory(need=way.match.need, offer=way.match.offer)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        (declined,) = at_once([decline])

    assert declined.state == "declined"
    assert check_invariants() == []


def test_a_snapshot_fits_together_when_a_pairing_begins_and_ends_all_the_time(now):
    """A pair is a counterpart, or free for another: read half-way, it would be both or neither."""
    pairing = factories.PairingFactory(state="active", decided_by=factories.UserFactory())
    codes = {city.code for city in pairing.cities}
    for city in pairing.cities:
        factories.NeedFactory(city=city)
    over = []

    def toggle():
        while not over:
            for state, live in (("ended", False), ("active", True)):
                with transaction.atomic():
                    by_sql(pairing, state=state)
                    PairingSide.objects.filter(pairing=pairing).update(live=live)

    def look():
        found = []
        for __ in range(40):
            snapshot = running.freeze(factories.RoundFactory())
            free = {city.code for city in snapshot.pairing.cities}
            found.append((len(snapshot.allocation.counterparts), free))
        over.append(True)
        return found

    __, found = at_once([toggle, look])

    assert all(pair in ((1, set()), (0, codes)) for pair in found)
    assert {count for count, __ in found} == {0, 1}
