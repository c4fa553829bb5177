"""The sweep finds whatever somebody with access to the database could break, and nothing else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from apps.cities.models import Liaison
from apps.cities.services import confirm_liaison, request_liaison
from apps.dashboard.invariants import LATEST_AUDITED, check_invariants
from apps.deliveries.models import Delivery
from apps.deliveries.services import distribute
from apps.ledger.models import Gift, LedgerEntry, OutsideOffer, Question
from apps.ledger.services import ask_question, offer_from_outside, party_of, record_gift
from apps.matching.models import Match, Replay, Round
from apps.matching.services import open_round
from apps.matching.services.replaying import replay_round
from apps.notifications.models import Notification, OutboxMessage
from apps.pairings.models import Exchange, Pairing, PairingSide
from apps.pairings.services import approve_pairing, plan_exchange, propose_pairing
from apps.postings.models import Posting
from apps.postings.services import draft_posting, publish_posting
from tests import factories
from tests.database import by_sql
from tests.ways import make_way


@pytest.fixture
def way(db, now):
    """A match that went the whole way, with something lost and something handed on."""
    way = make_way(now)
    way.to("accepted")
    delivery = way.receive(way.dispatch(), 90, difference="short")
    distribute(
        delivery, by=way.receiver, now=now, recipient="Hospital", kind="hospital", quantity=40
    )
    return way


@pytest.fixture
def world(way, now):
    """A row of every model whose states are audited, each moved by its service."""
    person = factories.UserFactory()
    city = factories.CityFactory()
    confirm_liaison(
        request_liaison(city, by=person, now=now, office="International Office"),
        by=way.coordinator,
        now=now,
    )
    posting = draft_posting(
        city, "offer", by=person, now=now, item=factories.ItemFactory(), quantity=5
    )
    publish_posting(posting, by=person, now=now)
    left = factories.CityFactory(chinese=True)
    pairing = propose_pairing(left, city, by=person, now=now)
    approve_pairing(pairing, by=way.coordinator, now=now)
    plan_exchange([left, city], by=person, now=now, kind="call", subject="ICU")
    record_gift(
        giver=party_of(city),
        receiver=party_of(left),
        item=posting.item,
        quantity=3,
        by=person,
        now=now,
    )
    ask_question(
        LedgerEntry.objects.first(),
        by=person,
        now=now,
        text="Was it more?",
        language="en",
        submission=uuid4(),
    )
    offer_from_outside(
        city,
        posting.item,
        3,
        by=person,
        now=now,
        submission=uuid4(),
        kind="company",
        name="A company",
        language="en",
    )
    replay_round(
        factories.RoundFactory(result="{}"), by=factories.UserFactory(administrator=True), now=now
    )
    open_round(by=way.coordinator, now=now, parameters={})


def test_nothing_is_found_when_nothing_was_broken(world):
    assert check_invariants() == []


# Pairings


def test_a_city_in_two_pairings_is_found_when_no_index_holds_it(db):
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX pairings_side_one_live_per_city")
    city = factories.CityFactory()
    for __ in range(2):
        factories.PairingFactory(right=city, state="active", decided_by=factories.UserFactory())

    assert check_invariants() == [f"{city.code} stands in 2 live pairings"]


@pytest.mark.parametrize(("state", "live", "wanted"), [("active", False, 2), ("ended", True, 0)])
def test_a_wrong_place_is_found_when_it_does_not_fit_the_pairing(db, state, live, wanted):
    pairing = factories.PairingFactory(state=state, decided_by=factories.UserFactory())
    by_sql(pairing.sides.first(), live=live)

    assert check_invariants() == [
        f"pairing {pairing.pk} ({state}) has not {wanted} live sides of two cities"
    ]


def test_a_missing_side_is_found_when_a_pairing_lost_it(db):
    pairing = factories.PairingFactory()
    PairingSide.objects.filter(pairing=pairing, position=1).delete()

    assert check_invariants() == [
        f"pairing {pairing.pk} (proposed) has not 0 live sides of two cities"
    ]


# Quantities


@pytest.mark.parametrize(("side", "right"), [("need", 90), ("offer", 100)])
def test_a_wrong_allocation_is_found_when_it_is_not_that_of_the_matches(way, side, right):
    posting = getattr(way.match, side)
    by_sql(posting, allocated=500)

    assert check_invariants() == [f"{side} {posting.pk}: allocated 500, its matches say {right}"]


@pytest.mark.parametrize(("side", "right"), [("need", 90), ("offer", 100)])
def test_a_wrong_fulfilment_is_found_when_it_is_not_that_of_the_matches(way, side, right):
    posting = getattr(way.match, side)
    by_sql(posting, fulfilled=7)

    assert check_invariants() == [f"{side} {posting.pk}: fulfilled 7, its matches say {right}"]


@pytest.mark.parametrize("state", ["approved", "accepted"])
def test_a_reservation_is_found_when_no_posting_holds_it(db, now, state):
    way = make_way(now)
    by_sql(way.match, state=state, decided_by=way.coordinator)

    need, offer = way.match.need.pk, way.match.offer.pk
    assert check_invariants() == [
        f"need {need}: allocated 0, its matches say 100",
        f"offer {offer}: allocated 0, its matches say 100",
    ]


def test_a_posting_without_a_match_is_found_when_it_is_allocated(db):
    need = factories.NeedFactory(allocated=5)

    assert check_invariants() == [f"need {need.pk}: allocated 5, its matches say 0"]


def test_a_wrong_sum_is_found_when_the_consignments_say_another(way):
    delivery = Delivery.objects.get()
    by_sql(delivery, quantity=130, received_quantity=90)

    assert check_invariants() == [
        f"match {way.match.pk}: dispatched 100, received 90; its deliveries say 130, 90"
    ]


def test_a_wrong_sum_is_found_when_the_receipts_say_another(way):
    by_sql(Delivery.objects.get(), received_quantity=91)

    assert check_invariants() == [
        f"match {way.match.pk}: dispatched 100, received 90; its deliveries say 100, 91"
    ]


def test_too_much_is_found_when_more_was_handed_on_than_arrived(way):
    delivery = Delivery.objects.get()
    by_sql(delivery.distributions.get(), quantity=91)

    assert check_invariants() == [
        f"delivery {delivery.pk}: 91 units were distributed, more than arrived"
    ]


def test_a_distribution_is_found_when_its_delivery_never_arrived(db, now):
    way = make_way(now)
    way.to("accepted")
    delivery = way.dispatch()
    delivery.distributions.create(
        recipient=factories.PartyFactory(), quantity=1, entered_by=way.receiver
    )

    assert check_invariants() == [
        f"delivery {delivery.pk}: 1 units were distributed, more than arrived"
    ]


# Decisions and the audit trail


@pytest.mark.parametrize("state", ["approved", "accepted", "completed", "rejected"])
def test_a_match_that_nobody_decided_is_found_when_it_is_decided(db, state):
    match = factories.MatchFactory(state=state)
    held = 100 if state in ("approved", "accepted") else 0
    for posting in (match.need, match.offer):
        by_sql(posting, allocated=held)

    assert check_invariants() == [f"match {match.pk} was decided by nobody"]


@pytest.mark.parametrize("state", ["approved", "active", "suspended", "rejected"])
def test_a_pairing_that_nobody_decided_is_found_when_it_is_decided(db, state):
    pairing = factories.PairingFactory(state=state)

    assert check_invariants() == [f"pairing {pairing.pk} was decided by nobody"]


OTHER_STATE = {
    Liaison: "refused",
    Posting: "expired",
    Gift: "confirmed",
    Pairing: "proposed",
    Exchange: "held",
    Round: "finished",
    Replay: "different",
    Match: "cancelled",
    Delivery: "lost",
    Question: "refused",
    OutsideOffer: "declined",
}


def test_every_audited_model_is_tested_when_there_is_a_new_one():
    assert OTHER_STATE.keys() == set(LATEST_AUDITED)


@pytest.mark.parametrize("model", LATEST_AUDITED, ids=lambda model: model.__name__)
def test_a_state_is_found_when_no_audit_row_says_so(world, model):
    row = model.objects.order_by("pk").last()
    before = row.state

    by_sql(row, state=OTHER_STATE[model])

    words = (
        f"{model._meta.label_lower} {row.pk} is {OTHER_STATE[model]};"
        f" its last audit row says {before}"
    )
    assert words in check_invariants()


# Messages


def test_a_notification_is_found_when_no_message_carries_it(way):
    OutboxMessage.objects.filter(pk=OutboxMessage.objects.first().pk).delete()

    assert check_invariants() == ["1 notifications have no outbox message"]


@pytest.mark.parametrize(("minutes", "found"), [(59, []), (61, ["1 messages"])])
def test_a_message_is_found_when_it_is_being_sent_for_an_hour(way, now, minutes, found):
    message = OutboxMessage.objects.first()
    by_sql(message, state="sending", lease_until=now - timedelta(minutes=minutes))

    assert [line[:10] for line in check_invariants()] == found
    assert Notification.objects.exists()


# The ledger


def test_the_first_bad_entry_is_named_when_the_ledger_was_changed(way):
    by_sql(LedgerEntry.objects.get(number=2), quantity=1)

    assert check_invariants() == ["ledger: entry 2 does not fit the chain"]


def test_the_end_is_named_when_the_last_entry_was_removed(way):
    LedgerEntry._base_manager.filter(number=3)._raw_delete("default")

    assert check_invariants() == ["ledger: entry 3 does not fit the chain"]


@pytest.fixture
def unchecked(db):
    """Without the check that a received delivery says how much."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            yield
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
        else:
            cursor.execute(
                "ALTER TABLE deliveries_delivery"
                " DROP CONSTRAINT deliveries_delivery_received_says_how_much"
            )
            yield


def test_a_delivery_is_found_when_nobody_says_how_much_arrived(unchecked, way):
    match = way.match
    for row, values in (
        (Delivery.objects.get(), {"received_quantity": None}),
        (match, {"received": 0}),
        (match.need, {"allocated": 0, "fulfilled": 0}),
    ):
        by_sql(row, **values)
    Delivery.objects.get().distributions.all().delete()

    assert check_invariants() == ["1 deliveries were received without a quantity"]


def test_the_sweep_takes_as_many_queries_when_there_is_more(world, now, django_assert_num_queries):
    with django_assert_num_queries(42):
        check_invariants()

    make_way(now).to("completed")

    with django_assert_num_queries(42):
        check_invariants()
