"""The approval of a pairing is taken back for ten seconds, and the cities never hear of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.dashboard.invariants import check_invariants
from apps.notifications.models import Notification
from apps.notifications.services import claim_due
from apps.pairings.models import PairingSide
from apps.pairings.services import accept_pairing, approve_pairing, undo_pairing
from tests import factories
from tests.unchanged import nothing_changes

SECOND = timedelta(seconds=1)


@pytest.fixture
def approved(db, now, coordinator):
    left = factories.LiaisonFactory(city=factories.CityFactory(chinese=True))
    pairing = factories.PairingFactory(left=left.city)
    approve_pairing(pairing, by=coordinator, now=now, reason="ties of old")
    return pairing, left.user


def test_both_places_are_free_again_when_an_approval_is_undone(approved, coordinator, now):
    pairing, __ = approved

    undone = undo_pairing(pairing, by=coordinator, now=now + 9 * SECOND)

    undone.refresh_from_db()
    assert (undone.state, undone.decided_by, undone.decided_at) == ("proposed", None, None)
    assert undone.expires_at == undone.created_at + timedelta(days=14)
    assert not PairingSide.objects.filter(live=True).exists()
    entry = AuditEntry.objects.order_by("pk").last()
    assert (entry.verb, entry.before, entry.after) == ("undo_pairing", "approved", "proposed")
    assert check_invariants() == []


def test_no_city_is_ever_told_when_an_approval_is_undone(approved, coordinator, now):
    undo_pairing(approved[0], by=coordinator, now=now + SECOND)

    assert claim_due(now=now + timedelta(days=1)) == []
    assert not Notification.objects.shown(now=now + timedelta(days=1)).exists()


def test_an_undo_is_refused_when_a_city_has_answered(approved, coordinator, now):
    pairing, officer = approved
    accept_pairing(pairing, by=officer, now=now)

    with nothing_changes(), pytest.raises(DomainError, match="has gone on"):
        undo_pairing(pairing, by=coordinator, now=now + SECOND)


def test_an_undo_is_refused_when_the_ten_seconds_are_over(approved, coordinator, now):
    with nothing_changes(), pytest.raises(DomainError, match="can no longer be undone"):
        undo_pairing(approved[0], by=coordinator, now=now + 10 * SECOND)


def test_an_undo_is_denied_when_another_coordinator_decided(approved, administrator, now):
    with nothing_changes(), pytest.raises(PermissionDenied):
        undo_pairing(approved[0], by=administrator, now=now + SECOND)
