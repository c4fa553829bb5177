"""An approval is taken back for ten seconds, and the cities never hear of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.dashboard.invariants import check_invariants
from apps.matching import services
from apps.notifications.models import Notification, OutboxMessage
from apps.notifications.services import claim_due
from tests import factories
from tests.unchanged import nothing_changes

SECOND = timedelta(seconds=1)


def undo(way, *, after=5, by=None):
    by = by or way.coordinator
    return services.undo_match(way.match, by=by, now=way.now + after * SECOND)


def refusal_of(verb):
    with nothing_changes(), pytest.raises(DomainError) as refusal:
        verb()
    return str(refusal.value)


def test_everything_is_as_before_when_an_approval_is_undone(way):
    before = way.match.expires_at
    way.approve(quantity=70, reason="what one flight carries")

    undone = undo(way)

    undone.refresh_from_db()
    assert (undone.state, undone.quantity, undone.decision_reason) == ("proposed", 100, "")
    assert (undone.decided_by, undone.decided_at) == (None, None)
    assert undone.expires_at == undone.created_at + timedelta(days=14) > before
    assert way.postings() == (0, 0, 0, 0)
    assert check_invariants() == []


def test_who_undid_what_is_on_record_when_an_approval_is_undone(way):
    way.approve()

    undo(way)

    entry = AuditEntry.objects.filter(subject_kind="matching.match").order_by("pk").last()
    assert (entry.verb, entry.actor) == ("undo_match", way.coordinator)
    assert (entry.before, entry.after) == ("approved", "proposed")


def test_no_city_is_told_before_ten_seconds_have_passed(way):
    way.approve()

    people = Notification.objects.values_list("recipient", flat=True)
    assert set(people) == {way.giver.pk, way.receiver.pk}
    assert claim_due(now=way.now + 9 * SECOND) == []
    assert not Notification.objects.shown(now=way.now + 9 * SECOND).exists()
    assert Notification.objects.shown(now=way.now + 10 * SECOND).count() == 2
    assert len(claim_due(now=way.now + 10 * SECOND)) == 2


def test_no_city_is_ever_told_when_an_approval_is_undone(way):
    way.approve()

    undo(way)

    later = way.now + timedelta(days=1)
    states = set(OutboxMessage.objects.values_list("state", "error"))
    assert states == {("cancelled", "taken back before it was due")}
    assert claim_due(now=later) == []
    assert not Notification.objects.shown(now=later).exists()


def test_an_undone_match_is_approved_again_and_told_once(way):
    way.approve()
    undo(way)

    services.approve_match(way.match, by=way.coordinator, now=way.now + 7 * SECOND)

    assert len(claim_due(now=way.now + 17 * SECOND)) == 2
    assert way.postings() == (100, 0, 100, 0)


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_an_undo_is_refused_when_a_city_has_answered(way, answer):
    way.approve()
    if answer == "accept":
        services.accept_match(way.match, by=way.giver, now=way.now)
    else:
        way.decline()

    way.match.refresh_from_db()
    state = way.match.get_state_display()
    assert refusal_of(lambda: undo(way)) == (
        f"“{way.match}” has gone on: it is {state}, or a city has answered."
    )


def test_an_undo_is_refused_when_the_ten_seconds_are_over(way):
    way.approve()

    assert refusal_of(lambda: undo(way, after=10)) == (
        f"“{way.match}” can no longer be undone, since the cities are told; it can be cancelled."
    )


def test_an_undo_is_refused_when_a_message_is_on_its_way(way):
    way.approve()
    claim_due(now=way.now + 10 * SECOND)

    assert "since the cities are told" in refusal_of(lambda: undo(way, after=9))


def test_an_undo_is_refused_when_a_newer_round_has_proposed(way):
    way.approve()
    factories.RoundFactory(is_dry_run=True)
    factories.RoundFactory()

    assert refusal_of(lambda: undo(way)) == (
        "A newer round has proposed anew; the approval can only be cancelled."
    )


def test_an_undo_is_denied_when_another_coordinator_decided(way, administrator):
    way.approve()

    with nothing_changes(), pytest.raises(PermissionDenied):
        undo(way, by=administrator)
