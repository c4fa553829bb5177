"""One live pairing per city, however many decide at once."""

import random
import time

import pytest
from django.db import connection
from django.utils import timezone

from apps.core.errors import DomainError
from apps.dashboard.invariants import check_invariants
from apps.pairings import services
from apps.pairings.models import Pairing, PairingSide
from apps.pairings.states import LIVE, PairingState
from tests import factories
from tests.concurrency.races import at_once, in_turn, kinds
from tests.database import by_sql

CITIES, WORKERS, EACH = 40, 16, 12


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def proposals(now):
    """Proposals between 40 cities, drawn so that every city is wanted by about ten."""
    draw = random.Random(7)
    cities = [factories.CityFactory() for __ in range(CITIES)]
    pairs = [draw.sample(cities, 2) for __ in range(WORKERS * EACH)]
    rows = Pairing.objects.bulk_create(
        Pairing(state_since=now, expires_at=now + timezone.timedelta(days=7)) for __ in pairs
    )
    PairingSide.objects.bulk_create(
        PairingSide(pairing=row, position=position, city=city)
        for row, pair in zip(rows, pairs, strict=True)
        for position, city in enumerate(pair)
    )
    return rows


def storm(proposals, approve):
    """Every worker approves its share; (how many were done, how many refused)."""
    shares = [
        in_turn([approve(pairing) for pairing in proposals[n::WORKERS]]) for n in range(WORKERS)
    ]
    return kinds([outcome for share in at_once(shares) for outcome in share])


def live_places():
    rows = PairingSide.objects.filter(live=True)
    return list(rows.order_by("city").values_list("city", flat=True))


def test_no_city_is_in_two_pairings_when_sixteen_coordinators_approve_at_once(
    proposals, now, coordinator
):
    counted = storm(
        proposals,
        lambda pairing: lambda: services.approve_pairing(pairing, by=coordinator, now=now),
    )

    places = live_places()
    live = Pairing.objects.filter(state__in=LIVE).count()
    assert counted["done"] == live == len(places) / 2
    assert counted["done"] + counted["refused"] == WORKERS * EACH
    assert len(places) == len(set(places)) > CITIES / 2
    assert check_invariants() == []


@pytest.fixture
def without_index():
    """The unique index is one of the two guards; it comes back when the rows are gone."""
    name = "pairings_side_one_live_per_city"
    constraint = next(c for c in PairingSide._meta.constraints if c.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(PairingSide, constraint)
    yield
    PairingSide.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(PairingSide, constraint)


def naive_approval(pairing, by):
    """As it must not be written: look whether the cities are free, then take them."""

    def run():
        cities = list(pairing.sides.values_list("city", flat=True))
        if PairingSide.objects.filter(live=True, city__in=cities).exists():
            raise DomainError("taken")
        time.sleep(0.002)
        PairingSide.objects.filter(pairing=pairing).update(live=True)
        by_sql(pairing, state="approved", decided_by=by)

    return run


def test_the_race_pairs_a_city_twice_when_the_guards_are_missing(
    without_index, proposals, coordinator
):
    """If this fails, the tests of this file prove nothing."""
    storm(proposals, lambda pairing: naive_approval(pairing, coordinator))

    places = live_places()
    assert len(places) > len(set(places))
    assert [line for line in check_invariants() if "live pairings" in line] != []


def test_a_freed_city_is_never_in_two_pairings_when_one_ends_as_another_begins(
    now, coordinator, administrator
):
    for __ in range(4):
        city = factories.CityFactory()
        old = factories.PairingFactory(left=city, state="active", decided_by=coordinator)
        new = factories.PairingFactory(left=city)
        ended, approval = at_once(
            [
                lambda old=old: services.end_pairing(old, by=administrator, now=now, reason="over"),
                lambda new=new: services.approve_pairing(new, by=coordinator, now=now),
            ]
        )

        assert ended.state == PairingState.ENDED
        new.refresh_from_db()
        assert new.state == ("proposed" if isinstance(approval, DomainError) else "approved")
    assert check_invariants() == []


def test_one_decision_stands_when_a_pairing_is_approved_and_rejected_at_once(
    now, coordinator, administrator
):
    for __ in range(4):
        pairing = factories.PairingFactory()
        outcomes = at_once(
            [
                lambda p=pairing: services.approve_pairing(p, by=coordinator, now=now),
                lambda p=pairing: services.reject_pairing(
                    p, by=administrator, now=now, reason="no"
                ),
            ]
        )

        assert kinds(outcomes) == {"done": 1, "refused": 1}
    assert check_invariants() == []


def test_the_pairing_is_active_once_when_both_cities_accept_at_once(now, coordinator):
    for __ in range(4):
        pairing = factories.PairingFactory(state="approved", decided_by=coordinator)
        people = [factories.LiaisonFactory(city=city).user for city in pairing.cities]
        at_once(
            [
                lambda p=pairing, by=person: services.accept_pairing(p, by=by, now=now)
                for person in people
            ]
        )

        pairing.refresh_from_db()
        assert pairing.state == "active"
    assert check_invariants() == []


def test_the_first_officer_binds_the_city_when_two_answer_at_once(now, coordinator):
    for __ in range(4):
        pairing = factories.PairingFactory(state="approved", decided_by=coordinator)
        one, other = (factories.LiaisonFactory(city=pairing.cities[0]).user for __ in range(2))
        outcomes = at_once(
            [
                lambda p=pairing, by=one: services.accept_pairing(p, by=by, now=now),
                lambda p=pairing, by=other: services.decline_pairing(
                    p, by=by, now=now, reason="no"
                ),
            ]
        )

        assert kinds(outcomes) == {"done": 1, "refused": 1}
    assert check_invariants() == []


def test_a_pair_is_proposed_once_when_both_cities_propose_at_once(now):
    for __ in range(4):
        left, right = factories.CityFactory(), factories.CityFactory()
        people = [factories.LiaisonFactory(city=city).user for city in (left, right)]
        outcomes = at_once(
            [
                lambda a=left, b=right, by=people[0]: services.propose_pairing(
                    a, b, by=by, now=now
                ),
                lambda a=right, b=left, by=people[1]: services.propose_pairing(
                    a, b, by=by, now=now
                ),
            ]
        )

        assert kinds(outcomes) == {"done": 1, "refused": 1}
        assert Pairing.objects.of(left).count() == 1
    assert check_invariants() == []


def test_a_city_is_pinned_once_when_two_administrators_pin_it_at_once(now):
    people = [factories.UserFactory(administrator=True) for __ in range(2)]
    for __ in range(4):
        city = factories.CityFactory()
        others = [factories.CityFactory() for __ in range(2)]
        outcomes = at_once(
            [
                lambda c=city, o=other, by=person: services.set_rule(
                    "pin", c, o, by=by, now=now, reason="twins"
                )
                for other, person in zip(others, people, strict=True)
            ]
        )

        assert kinds(outcomes) == {"done": 1, "refused": 1}
