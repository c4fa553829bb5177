"""What approving, answering, cancelling and closing do to quantities, proposals and the ledger."""

from datetime import timedelta

import pytest

from apps.core.errors import DomainError
from apps.dashboard.invariants import check_invariants
from apps.ledger.chain import verify
from apps.ledger.models import LedgerEntry
from apps.ledger.services import reverse_entry
from apps.matching import services
from apps.matching.forms import ApproveForm
from apps.matching.tasks import expire_proposals, remind_cities
from apps.notifications.models import Notification
from apps.pairings.models import Pairing
from apps.postings.services import (
    edit_posting,
    hold_posting,
    release_posting,
    renew_posting,
    share_resource,
    withdraw_posting,
)
from tests import factories
from tests.database import by_sql
from tests.unchanged import nothing_changes


def refusal_of(verb):
    with nothing_changes(), pytest.raises(DomainError) as refusal:
        verb()
    return str(refusal.value), refusal.value.field


# Approving


def test_an_approval_reserves_on_both_sides_when_the_quantity_is_the_proposed_one(way):
    approved = way.approve()

    approved.refresh_from_db()
    assert (approved.quantity, approved.proposed_quantity) == (100, 100)
    assert (approved.decided_by, approved.decided_at) == (way.coordinator, way.now)
    assert approved.expires_at == way.now + timedelta(days=7)
    assert way.postings() == (100, 0, 100, 0)
    assert check_invariants() == []


@pytest.mark.parametrize("quantity", [1, 99, 101, 1000])
def test_an_approval_reserves_another_quantity_when_it_says_why(way, quantity):
    approved = way.approve(quantity=quantity, reason="as much as flies")

    approved.refresh_from_db()
    assert (approved.quantity, approved.proposed_quantity) == (quantity, 100)
    assert (approved.decision_reason, approved.state_reason) == ("as much as flies",) * 2
    assert way.postings() == (quantity, 0, quantity, 0)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_another_quantity_is_refused_when_nobody_says_why(way, reason):
    found = refusal_of(lambda: way.approve(quantity=99, reason=reason))

    assert found == ("Say why the quantity differs from the proposed one.", "reason")


@pytest.mark.parametrize("quantity", [0, -5])
def test_an_approval_is_refused_when_it_is_of_nothing(way, quantity):
    found = refusal_of(lambda: way.approve(quantity=quantity, reason="x"))

    assert found == ("Enter a number greater than 0.", "quantity")


@pytest.mark.parametrize("side", ["need", "offer"])
def test_an_approval_is_refused_when_it_is_below_the_smallest_lot(begin, side):
    way = begin(**{side: {"smallest_lot": 60}})

    found = refusal_of(lambda: way.approve(quantity=59, reason="x"))

    assert found == ("The smallest useful quantity of these two postings is 60.", "quantity")
    assert way.approve(quantity=60, reason="x").state == "approved"


def test_an_approval_is_refused_when_it_is_below_a_pack(begin):
    item = factories.ItemFactory()
    pack = factories.PackFactory(item=item, units=50)
    way = begin(need={"item": item}, offer={"pack": pack})

    found = refusal_of(lambda: way.approve(quantity=49, reason="x"))

    assert found == ("The smallest useful quantity of these two postings is 50.", "quantity")


@pytest.mark.parametrize(("side", "name"), [("need", "need"), ("offer", "offer")])
def test_an_approval_is_refused_when_less_is_free(begin, side, name):
    way = begin(**{side: {"quantity": 120, "allocated": 70}})
    posting = getattr(way.match, name)

    found = refusal_of(way.approve)

    assert found == (f"Only 50 of 120 remain of {posting} (70 are allocated).", "quantity")


def test_two_approvals_share_an_offer_when_it_holds_both(begin):
    first = begin(offer={"quantity": 150})
    second = begin(need={"item": first.match.need.item})
    by_sql(second.match, offer=first.match.offer)
    second.match.refresh_from_db()
    first.approve()

    found = refusal_of(second.approve)

    offer = first.match.offer
    assert found == (f"Only 50 of 150 remain of {offer} (100 are allocated).", "quantity")
    second.approve(quantity=50, reason="the rest")
    assert second.postings() == (50, 0, 150, 0)


EDITS = {"need": lambda way: way.receiver, "offer": lambda way: way.giver}


@pytest.mark.parametrize("side", EDITS)
def test_an_approval_is_refused_when_a_posting_was_edited(way, side):
    posting = getattr(way.match, side)
    edit_posting(posting, by=EDITS[side](way), now=way.now, version=1, details="N95 only")

    words, field = refusal_of(way.approve)

    assert (words, field) == (
        f"“{posting}” was edited since this was proposed; the next round proposes anew.",
        "",
    )


CLOSE = {
    "withdrawn": lambda posting, by, coordinator, now: withdraw_posting(
        posting, by=by, now=now, reason="found elsewhere"
    ),
    "held": lambda posting, by, coordinator, now: hold_posting(
        posting, by=coordinator, now=now, reason="a question"
    ),
    "expired": lambda posting, by, coordinator, now: by_sql(posting, state="expired"),
}


@pytest.mark.parametrize("is_knowledge", [False, True])
@pytest.mark.parametrize("how", CLOSE)
@pytest.mark.parametrize("side", EDITS)
def test_an_approval_is_refused_when_a_posting_is_not_open(begin, side, how, is_knowledge):
    way = begin(offer={"quantity": None} if is_knowledge else {})
    posting = getattr(way.match, side)
    CLOSE[how](posting, EDITS[side](way), way.coordinator, way.now)

    words, field = refusal_of(way.approve)

    word = type(posting).objects.get(pk=posting.pk).get_state_display()
    assert (words, field) == (f"{posting} is {word}; nothing of it can be matched now.", "")


def test_an_approval_is_given_when_a_held_posting_was_released(way):
    hold_posting(way.match.offer, by=way.coordinator, now=way.now, reason="a question")
    release_posting(way.match.offer, by=way.coordinator, now=way.now)

    assert way.approve().state == "approved"


def test_an_approval_is_given_when_a_posting_was_only_renewed(way):
    renew_posting(way.match.need, by=way.receiver, now=way.now)

    assert way.approve().state == "approved"


@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_a_decision_is_refused_when_the_proposal_is_over(begin, now, verb):
    way = begin(expires_at=now)

    found = refusal_of(getattr(way, verb))

    assert found == ("The proposal has expired; the next round proposes anew.", "")


@pytest.mark.parametrize("verb", ["approve", "reject"])
@pytest.mark.parametrize("state", ["approved", "rejected", "accepted", "declined"])
def test_the_second_coordinator_is_told_who_decided_when_it_was_decided(way, verb, state):
    first, way.match = way.coordinator, way.to(state)
    way.coordinator = factories.UserFactory(coordinator=True)

    words, field = refusal_of(getattr(way, verb))

    assert (words, field) == (
        f"{first} has decided already: the match is {way.match.get_state_display()}.",
        "",
    )


def test_the_coordinator_is_told_when_the_system_was_first(way):
    way.to("expired")

    found = refusal_of(way.approve)

    assert found == ("The system has decided already: the match is expired.", "")


def test_every_field_that_is_named_stands_in_the_form_when_an_approval_is_refused():
    assert {"quantity", "reason"} == ApproveForm().fields.keys()


# Answering


def test_a_match_is_accepted_and_pledged_when_both_cities_say_yes(way):
    match = way.to("accepted")

    pledge = LedgerEntry.objects.get()
    assert (match.state, match.expires_at) == ("accepted", None)
    assert (pledge.kind, pledge.quantity, pledge.item) == ("pledged", 100, match.offer.item)
    assert [pledge.giver.city, pledge.receiver.city] == match.cities
    assert (pledge.source_kind, pledge.source_id) == ("match", str(match.pk))
    assert way.postings() == (100, 0, 100, 0)
    assert check_invariants() == []


def test_a_pledge_names_the_substitute_when_that_is_what_comes(begin):
    substitute = factories.ItemFactory()
    way = begin(offer={"item": substitute})

    way.to("accepted")

    assert LedgerEntry.objects.get().item == substitute


def test_everything_returns_at_once_when_a_city_declines(way):
    way.approve()
    services.accept_match(way.match, by=way.giver, now=way.now)

    declined = way.decline()

    assert (declined.state, declined.state_reason) == ("declined", "no")
    assert way.postings() == (0, 0, 0, 0)
    assert check_invariants() == []


def test_the_first_officer_binds_the_city_when_a_colleague_answers_later(way):
    way.approve()
    services.accept_match(way.match, by=way.giver, now=way.now)
    city = way.match.offer.city
    colleague = factories.LiaisonFactory(city=city).user

    found = refusal_of(
        lambda: services.decline_match(way.match, by=colleague, now=way.now, reason="no")
    )

    assert found == (f"{way.giver} has already answered for {city}.", "")


def test_an_answer_is_refused_when_its_time_is_over(way):
    approved = way.approve()
    way.now = approved.expires_at

    found = refusal_of(way.decline)

    assert found == ("The time to answer is over.", "")


def test_an_answer_is_refused_when_the_match_is_decided(way):
    way.to("cancelled")

    found = refusal_of(way.decline)

    assert found == ("This match is cancelled and takes no answer.", "")


# Cancelling, closing


def test_everything_returns_and_the_pledge_is_reversed_when_a_match_is_cancelled(way):
    way.to("accepted")

    cancelled = way.cancel()

    assert (cancelled.state, cancelled.state_reason) == ("cancelled", "no")
    assert way.postings() == (0, 0, 0, 0)
    rows = LedgerEntry.objects.order_by("number").values_list("kind", "quantity")
    assert list(rows) == [("pledged", 100), ("pledged", -100)]
    assert verify().holds
    assert check_invariants() == []


def test_a_match_is_cancelled_when_its_pledge_was_reversed_already(way, administrator):
    way.to("accepted")
    reverse_entry(LedgerEntry.objects.get(), by=administrator, now=way.now, reason="mistaken")

    assert way.cancel().state == "cancelled"
    assert LedgerEntry.objects.count() == 2
    assert way.postings() == (0, 0, 0, 0)


def test_a_cancellation_is_refused_when_something_was_dispatched(way):
    way.to("accepted")
    way.dispatch(10)

    words, field = refusal_of(way.cancel)

    assert (words, field) == (
        "Something was dispatched already; the match can only be completed.",
        "",
    )


def test_a_withdrawal_leaves_the_match_when_it_was_approved(way):
    way.approve()

    withdraw_posting(way.match.offer, by=way.giver, now=way.now, reason="found elsewhere")

    assert way.accept().state == "accepted"
    assert way.postings() == (100, 0, 100, 0)
    assert check_invariants() == []


def test_the_rest_returns_when_a_match_is_completed(way):
    way.to("accepted")
    way.receive(way.dispatch(60), 50, difference="damaged")

    completed = services.complete_match(way.match, by=way.giver, now=way.now, reason="enough")

    assert completed.state == "completed"
    assert way.postings() == (50, 50, 60, 60)
    assert check_invariants() == []


# Knowledge


@pytest.fixture
def manual(way):
    item = factories.ItemFactory(is_knowledge=True)
    return share_resource(
        way.match.offer.city,
        item,
        by=way.giver,
        now=way.now,
        title="ICU manual",
        url="https://example.org/icu",
        language="en",
        licence="CC BY 4.0",
    )


def test_knowledge_goes_the_whole_way_when_it_has_no_quantity(begin, manual, way):
    ways = [
        begin(quantity=1, need={"item": manual.item, "quantity": 1}, offer={"city": manual.city})
        for __ in range(2)
    ]
    for each in ways:
        by_sql(each.match, offer=manual)
        each.match.refresh_from_db()
        each.giver = way.giver
        each.to("completed")

    manual.refresh_from_db()
    assert [each.match.state for each in ways] == ["completed", "completed"]
    assert [each.match.need.state for each in ways] == ["fulfilled", "fulfilled"]
    assert (manual.state, manual.quantity, manual.allocated, manual.fulfilled) == (
        "open",
        None,
        0,
        0,
    )
    assert check_invariants() == []


def test_knowledge_stays_free_when_a_match_of_it_is_cancelled(begin):
    way = begin(offer={"quantity": None})
    way.to("accepted")

    way.cancel()

    assert way.postings() == (0, 0, 0, 0)
    assert check_invariants() == []


# Time


def test_what_is_over_expires_when_the_task_runs(begin, now):
    over, waiting, answered = begin(expires_at=now), begin(), begin()
    answered.approve(now=now - timedelta(days=8))
    pairings = [factories.PairingFactory(expires_at=now), factories.PairingFactory()]

    assert expire_proposals() == 3

    states = []
    for each in (over, waiting, answered):
        each.match.refresh_from_db()
        states.append(each.match.state)
    assert states == ["expired", "proposed", "expired"]
    assert [Pairing.objects.get(pk=pairing.pk).state for pairing in pairings] == [
        "expired",
        "proposed",
    ]
    assert answered.postings() == (0, 0, 0, 0)


def test_silent_cities_are_reminded_once_when_their_time_is_nearly_over(begin, now):
    soon, later, over = begin(), begin(), begin()
    soon.approve(now=now - timedelta(days=6))
    later.approve(now=now - timedelta(days=4))
    over.approve(now=now - timedelta(days=8))
    services.accept_match(soon.match, by=soon.giver, now=now)
    pairing = factories.PairingFactory(state="approved", expires_at=now + timedelta(days=1))
    officer = factories.LiaisonFactory(city=pairing.cities[0]).user
    Notification.objects.all().delete()

    counts = [remind_cities(), remind_cities()]

    assert counts == [2, 2]
    told = Notification.objects.values_list(
        "kind", "cause__subject_id", "recipient", "message__state"
    )
    assert set(told) == {
        ("match_approved", str(soon.match.pk), soon.receiver.pk, "pending"),
        ("pairing_approved", str(pairing.pk), officer.pk, "pending"),
    }
    assert len(told) == 2
