"""A city has at most one live pairing."""

from datetime import timedelta

import pytest

from apps.core.errors import DomainError
from apps.dashboard.invariants import check_invariants
from apps.pairings import services
from apps.pairings.models import PairingSide
from apps.pairings.states import LIVE, PairingState
from tests import factories
from tests.database import refused_by
from tests.unchanged import nothing_changes


@pytest.fixture
def rival(san_antonio):
    """A proposal that wants San Antonio too."""
    return factories.PairingFactory(right=san_antonio)


@pytest.mark.parametrize("state", LIVE)
def test_an_approval_names_city_counterpart_and_number_when_a_city_is_taken(
    pairing, rival, coordinator, now, state
):
    first = pairing(state)
    wuxi, san_antonio = first.cities

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        services.approve_pairing(rival, by=coordinator, now=now)

    assert str(refusal.value) == (
        f"{san_antonio} is already paired with {wuxi}"
        f" (pairing {first.pk}, {first.get_state_display()})."
    )


@pytest.mark.parametrize("state", [state for state in PairingState if state not in LIVE])
def test_a_city_is_free_when_its_pairing_is_not_live(pairing, rival, coordinator, now, state):
    pairing(state, decided_by=coordinator)

    assert services.approve_pairing(rival, by=coordinator, now=now).state == "approved"
    assert check_invariants() == []


FREEING = {
    "decline": lambda p, people, now: services.decline_pairing(
        p, by=people["left officer"], now=now, reason="no"
    ),
    "cancel": lambda p, people, now: services.cancel_pairing(
        p, by=people["coordinator"], now=now, reason="no"
    ),
    "expire": lambda p, people, now: services.expire_pairing(p, now=now + timedelta(days=30)),
    "end": lambda p, people, now: services.end_pairing(
        p, by=people["administrator"], now=now, reason="over"
    ),
}
STARTS = {"decline": "approved", "cancel": "approved", "expire": "approved", "end": "active"}


@pytest.mark.parametrize("verb", FREEING)
def test_both_places_are_free_at_once_when_a_pairing_is_over(pairing, rival, people, now, verb):
    subject = pairing(STARTS[verb])

    FREEING[verb](subject, people, now)

    assert services.approve_pairing(rival, by=people["coordinator"], now=now).state == "approved"
    assert PairingSide.objects.filter(live=True).count() == 2
    assert check_invariants() == []


def test_both_places_are_kept_when_a_pairing_is_suspended(pairing, rival, people, now):
    subject = pairing("active")
    services.suspend_pairing(subject, by=people["administrator"], now=now, reason="quake")

    with nothing_changes(), pytest.raises(DomainError):
        services.approve_pairing(rival, by=people["coordinator"], now=now)

    assert PairingSide.objects.filter(pairing=subject, live=True).count() == 2


@pytest.mark.parametrize("position", [0, 1])
def test_the_place_is_taken_on_either_side_when_a_city_is_paired(
    pairing, san_antonio, coordinator, now, position
):
    pairing("active")
    sides = {"right": san_antonio} if position else {"left": san_antonio}
    rival = factories.PairingFactory(**sides)

    with nothing_changes(), pytest.raises(DomainError):
        services.approve_pairing(rival, by=coordinator, now=now)


def test_the_database_refuses_a_second_live_place_when_no_service_asks(pairing, rival):
    pairing("active")

    with nothing_changes(), refused_by(PairingSide, "pairings_side_one_live_per_city"):
        rival.sides.update(live=True)
