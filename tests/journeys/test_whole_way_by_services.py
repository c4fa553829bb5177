"""The whole way of one need through the services, on whichever database the run uses."""

from datetime import datetime

from apps.accounts.models import User
from apps.cities.services import confirm_liaison, request_liaison
from apps.dashboard.invariants import check_invariants
from apps.deliveries import services as deliveries
from apps.ledger.chain import verify
from apps.ledger.models import LedgerEntry
from apps.ledger.totals import totals
from apps.matching.models import Match, Round
from apps.matching.services import accept_match, approve_match, open_round
from apps.matching.services.running import run_open_round
from apps.notifications.models import Notification
from apps.pairings.models import Pairing
from apps.pairings.services import accept_pairing, approve_pairing
from apps.postings.models import Posting
from apps.postings.services import draft_posting, publish_posting
from tests import factories


def officer_of(city, coordinator: User, now: datetime) -> User:
    person = factories.UserFactory()
    liaison = request_liaison(city, by=person, now=now, office="International Office")
    confirm_liaison(liaison, by=coordinator, now=now)
    return person


def post(city, kind: str, *, by: User, now: datetime, **fields: object) -> Posting:
    return publish_posting(draft_posting(city, kind, by=by, now=now, **fields), by=by, now=now)


def test_a_need_goes_the_whole_way_when_everybody_agrees(coordinator, now, transactional_db):
    wuxi, san_antonio = factories.CityFactory(chinese=True), factories.CityFactory()
    factories.TieFactory.between(wuxi, san_antonio)
    masks = factories.ItemFactory()
    giver, receiver = (officer_of(city, coordinator, now) for city in (wuxi, san_antonio))
    need = post(san_antonio, "need", by=receiver, now=now, item=masks, quantity=20_000, urgency=1)
    offer = post(wuxi, "offer", by=giver, now=now, item=masks, quantity=30_000)

    opened = open_round(by=coordinator, now=now, parameters={})
    finished = run_open_round()
    assert (finished.pk, finished.state, finished.error) == (opened.pk, "finished", "")

    match = Match.objects.get()
    assert (match.need, match.offer, match.quantity, match.via) == (need, offer, 20_000, "tie")
    match = approve_match(
        match, by=coordinator, now=now, quantity=15_000, reason="as much as flies"
    )
    accept_match(match, by=giver, now=now)
    match = accept_match(match, by=receiver, now=now)
    assert match.state == "accepted"

    delivery = deliveries.dispatch_delivery(
        match, by=giver, now=now, quantity=15_000, dispatched_on=now.date(), carrier="Air freight"
    )
    delivery = deliveries.receive_delivery(
        delivery,
        by=receiver,
        now=now,
        quantity=14_900,
        received_on=now.date(),
        difference="damaged",
        difference_note="one wet carton",
    )
    deliveries.distribute(
        delivery, by=receiver, now=now, recipient="County Hospital", kind="hospital", quantity=5_000
    )

    pairing = Pairing.objects.get()
    approve_pairing(pairing, by=coordinator, now=now)
    accept_pairing(pairing, by=giver, now=now)
    pairing = accept_pairing(pairing, by=receiver, now=now)

    for row in (need, offer, match):
        row.refresh_from_db()
    assert pairing.state == "active"
    assert match.state == "completed"
    assert (need.allocated, need.fulfilled, need.state) == (14_900, 14_900, "open")
    assert (offer.allocated, offer.fulfilled, offer.state) == (15_000, 15_000, "open")
    flow = totals(LedgerEntry.objects.between(wuxi, san_antonio))
    assert [(t.pledged, t.sent, t.received) for t in flow] == [(15_000, 15_000, 14_900)]
    assert verify().holds
    assert check_invariants() == []
    assert Round.objects.count() == 1
    told = Notification.objects.filter(recipient=receiver).values_list("kind", flat=True)
    assert set(told) == {
        "officer_confirmed",
        "match_approved",
        "match_accepted",
        "delivery_dispatched",
        "delivery_received",
        "pairing_approved",
        "pairing_active",
    }
