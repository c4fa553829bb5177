"""The coordinator's queue: what presses most comes first, and a long one has pages."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from apps.dashboard.agenda import decisions
from tests import factories

pytestmark = pytest.mark.django_db

MAY = date(2026, 5, 1)


def waiting(now, *, urgency=1, needed_by=MAY, posted=0, quantity=100):
    """A proposal for a need that was posted so many days ago; each is stored at a moment of its own."""
    opened_at = now - timedelta(days=posted)
    need = factories.NeedFactory(urgency=urgency, needed_by=needed_by, opened_at=opened_at)
    return factories.MatchFactory(need=need, quantity=quantity)


def test_matches_come_by_urgency_then_day_needed_then_day_posted_then_size(now):
    noon = now.replace(hour=12)
    later = waiting(noon, urgency=2, quantity=900)
    no_day = waiting(noon, needed_by=None, posted=30, quantity=900)
    next_day = waiting(noon, needed_by=MAY + timedelta(days=1), posted=30, quantity=900)
    small = waiting(noon, quantity=100)
    large = waiting(noon + timedelta(hours=3), quantity=500)
    old = waiting(noon, posted=9, quantity=1)

    found = list(decisions()["matches"])

    assert found == [old, large, small, next_day, no_day, later]


def test_pairings_come_by_the_day_they_were_proposed_then_by_score(now):
    noon = now.replace(hour=12)
    by_hand, low, high, old = factories.PairingFactory.create_batch(4)
    for pairing, score in ((low, 100_000), (high, 900_000), (old, 1)):
        factories.RoundFactory().pairing_proposals.create(pairing=pairing, score=score)
    for minutes, pairing in enumerate((by_hand, low, high)):
        pairing.created_at = noon + timedelta(minutes=minutes)
    old.created_at = noon - timedelta(days=1)
    type(old).objects.bulk_update([by_hand, low, high, old], ["created_at"])

    found = list(decisions()["pairings"])

    assert found == [old, high, low, by_hand]


def test_each_kind_has_pages_of_its_own_when_it_is_long(client, coordinator, now):
    for number in range(27):
        waiting(now, quantity=500 - number)
    factories.PairingFactory.create_batch(26)
    client.force_login(coordinator)
    url = reverse("dashboard:queue")

    first, second, last = (client.get(url + query) for query in ("", "?matches=2", "?matches=99"))

    shown = [[match.quantity for match in page.context["matches"]] for page in (first, second)]
    assert shown == [list(range(500, 475, -1)), [475, 474]]
    assert len(last.context["matches"]) == 2
    assert [len(page.context["pairings"]) for page in (first, second)] == [25, 25]
    assert "(27)" in first.text
    assert '<a rel="next" href="?matches=2#matches">' in first.text
    assert '<a rel="next" href="?pairings=2#pairings">' in first.text
    assert '<a rel="prev" href="?matches=1#matches">' in second.text
