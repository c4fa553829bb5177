"""Quantities of offers and needs under several deciders, officers and workers at once."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.core.errors import DomainError
from apps.dashboard.invariants import check_invariants
from apps.deliveries import services as deliveries
from apps.deliveries.models import Delivery
from apps.ledger.models import LedgerEntry
from apps.matching import services
from apps.matching.models import Match
from apps.notifications.models import Notification
from apps.notifications.services import claim_due
from apps.postings.models import Posting
from apps.postings.services import edit_posting, withdraw_posting
from tests import factories
from tests.concurrency.races import at_once, in_turn, kinds, refusals
from tests.database import by_sql
from tests.ways import make_way

AGAIN = 4  # a race is run so often, since a single one may not show itself


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def ways(now):
    round_ = factories.RoundFactory()
    return [make_way(now, offer={"quantity": 150}, round=round_) for __ in range(AGAIN)]


def coordinators(count):
    return [factories.UserFactory(coordinator=True) for __ in range(count)]


def approve(match, by, now):
    return lambda: services.approve_match(match, by=by, now=now)


def test_one_coordinator_decides_when_several_approve_at_once(ways, now):
    people = coordinators(6)

    for way in ways:
        outcomes = at_once([approve(way.match, person, now) for person in people])

        (done,) = [each for each in outcomes if isinstance(each, Match)]
        told = f"{done.decided_by} has decided already: the match is waiting for the cities."
        assert refusals(outcomes) == [told] * 5
        assert way.postings() == (100, 0, 100, 0)
    assert Notification.objects.filter(kind="match_approved").count() == 2 * AGAIN
    assert check_invariants() == []


def test_one_decision_stands_when_one_approves_and_one_rejects_at_once(ways, now):
    first, second = coordinators(2)

    for way in ways:
        outcomes = at_once(
            [
                approve(way.match, first, now),
                lambda way=way: services.reject_match(way.match, by=second, now=now, reason="no"),
            ]
        )

        way.match.refresh_from_db()
        held = 100 if way.match.state == "approved" else 0
        assert kinds(outcomes) == {"done": 1, "refused": 1}
        assert way.match.state in ("approved", "rejected")
        assert way.postings() == (held, 0, held, 0)
    assert check_invariants() == []


def test_nothing_is_approved_on_a_withdrawn_offer_when_both_happen_at_once(ways, now):
    for way in ways:
        outcomes = at_once(
            [
                approve(way.match, way.coordinator, now),
                lambda way=way: withdraw_posting(
                    way.match.offer, by=way.giver, now=now, reason="gone"
                ),
            ]
        )

        approval, withdrawn = outcomes
        assert withdrawn.state == "withdrawn"
        if isinstance(approval, DomainError):
            assert str(approval) == (
                f"{way.match.offer} is withdrawn; nothing of it can be matched now."
            )
            assert way.postings() == (0, 0, 0, 0)
        else:
            assert approval.decided_at <= withdrawn.state_since
            assert way.postings() == (100, 0, 100, 0)
    assert check_invariants() == []


def test_no_more_is_allocated_than_offered_when_the_quantity_is_edited_down_at_once(ways, now):
    for way in ways:
        outcomes = at_once(
            [
                approve(way.match, way.coordinator, now),
                lambda way=way: edit_posting(
                    way.match.offer, by=way.giver, now=now, version=1, quantity=50
                ),
            ]
        )

        assert kinds(outcomes) == {"done": 1, "refused": 1}
        offer = Posting.objects.get(pk=way.match.offer_id)
        assert (offer.quantity, offer.allocated) in ((150, 100), (50, 0))
    assert check_invariants() == []


def proposals_of_one_offer(now, *, count, quantity, offered):
    """So many proposals of one offer, each for a need of its own."""
    offer = factories.OfferFactory(quantity=offered)
    needs = [factories.NeedFactory(item=offer.item, quantity=quantity) for __ in range(count)]
    return offer, [
        factories.MatchFactory(need=need, offer=offer, quantity=quantity) for need in needs
    ]


def test_two_approvals_never_overshoot_an_offer_when_they_come_at_once(now):
    people = coordinators(2)

    for __ in range(AGAIN):
        offer, matches = proposals_of_one_offer(now, count=2, quantity=70, offered=100)
        outcomes = at_once(
            [approve(match, person, now) for match, person in zip(matches, people, strict=True)]
        )

        offer.refresh_from_db()
        assert refusals(outcomes) == [f"Only 30 of 100 remain of {offer} (70 are allocated)."]
        assert offer.allocated == 70
    assert check_invariants() == []


def test_an_offer_is_given_away_to_the_last_unit_and_no_further_when_many_approve(now):
    offer, matches = proposals_of_one_offer(now, count=48, quantity=3, offered=100)
    people = coordinators(16)

    shares = [
        in_turn([approve(match, person, now) for match in matches[n::16]])
        for n, person in enumerate(people)
    ]
    outcomes = [outcome for share in at_once(shares) for outcome in share]

    offer.refresh_from_db()
    assert kinds(outcomes) == {"done": 33, "refused": 15}
    assert offer.allocated == 99
    assert check_invariants() == []


def naive_approval(match, by, now):
    """As it must not be written: read, look, and write what was read."""

    def run():
        offer = Posting.objects.get(pk=match.offer_id)
        if offer.free < match.quantity:
            raise DomainError("too little is left")
        time.sleep(0.01)
        offer.allocated += match.quantity
        offer.save(update_fields=["allocated"])
        by_sql(match, state="approved", decided_by=by, decided_at=now)

    return run


def test_the_race_gives_too_much_away_when_the_guard_is_missing(now):
    """If this fails, the tests above prove nothing."""
    offer, matches = proposals_of_one_offer(now, count=16, quantity=30, offered=100)
    (person,) = coordinators(1)

    at_once([naive_approval(match, person, now) for match in matches])

    given = sum(Match.objects.filter(state="approved").values_list("quantity", flat=True))
    offer.refresh_from_db()
    assert given > offer.quantity
    assert f"offer {offer.pk}: allocated {offer.allocated}, its matches say {given}" in (
        check_invariants()
    )


# Answers


def test_the_first_officer_binds_the_city_when_two_answer_at_once(ways, now):
    for way in ways:
        way.approve()
        colleague = factories.LiaisonFactory(city=way.match.offer.city).user
        outcomes = at_once(
            [
                lambda way=way: services.accept_match(way.match, by=way.giver, now=now),
                lambda way=way, by=colleague: services.decline_match(
                    way.match, by=by, now=now, reason="no"
                ),
            ]
        )

        side = way.match.sides.get(role="giver")
        way.match.refresh_from_db()
        held = 100 if side.answer == "accepted" else 0
        assert kinds(outcomes) == {"done": 1, "refused": 1}
        assert (side.answer, way.match.state) in (
            ("accepted", "approved"),
            ("declined", "declined"),
        )
        assert way.postings() == (held, 0, held, 0)
    assert check_invariants() == []


def test_the_pledge_stands_once_when_both_cities_accept_at_once(ways, now):
    for way in ways:
        way.approve()
        at_once(
            [
                lambda way=way: services.accept_match(way.match, by=way.giver, now=now),
                lambda way=way: services.accept_match(way.match, by=way.receiver, now=now),
            ]
        )

        way.match.refresh_from_db()
        assert way.match.state == "accepted"
    assert LedgerEntry.objects.filter(kind="pledged").count() == AGAIN
    assert check_invariants() == []


def test_an_answer_or_a_cancellation_stands_when_both_come_at_once(ways, now):
    for way in ways:
        way.approve()
        services.accept_match(way.match, by=way.giver, now=now)
        outcomes = at_once(
            [
                lambda way=way: services.accept_match(way.match, by=way.receiver, now=now),
                lambda way=way: services.cancel_match(
                    way.match, by=way.coordinator, now=now, reason="no"
                ),
            ]
        )

        way.match.refresh_from_db()
        assert kinds(outcomes)["done"] in (1, 2)
        assert way.match.state == "cancelled"
        assert way.postings() == (0, 0, 0, 0)
    assert check_invariants() == []


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_an_answer_or_its_undoing_stands_when_both_come_at_once(ways, now, answer):
    for way in ways:
        way.approve()
        verbs = {
            "accept": lambda way=way: services.accept_match(way.match, by=way.giver, now=now),
            "decline": lambda way=way: services.decline_match(
                way.match, by=way.giver, now=now, reason="no"
            ),
        }
        outcomes = at_once(
            [
                verbs[answer],
                lambda way=way: services.undo_match(way.match, by=way.coordinator, now=now),
            ]
        )

        way.match.refresh_from_db()
        undone = way.match.state == "proposed"
        side = way.match.sides.get(role="giver")
        held = 100 if way.match.state == "approved" else 0
        assert kinds(outcomes) == {"done": 1, "refused": 1}
        assert bool(side.answer) is not undone
        assert way.postings() == (held, 0, held, 0)
    assert check_invariants() == []


def test_no_city_is_told_of_what_is_undone_when_a_worker_claims_at_once(ways, now):
    due = now + timedelta(seconds=10)
    for way in ways:
        way.approve()
        outcomes = at_once(
            [
                lambda: claim_due(now=due),
                lambda way=way: services.undo_match(way.match, by=way.coordinator, now=now),
            ]
        )

        way.match.refresh_from_db()
        assert (way.match.state == "proposed") is not isinstance(outcomes[1], DomainError)
        if way.match.state == "proposed":
            assert outcomes[0] == []
    assert check_invariants() == []


# Consignments


def test_no_more_is_sent_than_the_match_holds_when_several_dispatch_at_once(ways, now):
    for way in ways:
        way.to("accepted")
        outcomes = at_once(
            [
                lambda way=way: deliveries.dispatch_delivery(
                    way.match, by=way.giver, now=now, quantity=30, dispatched_on=now.date()
                )
            ]
            * 6
        )

        way.match.refresh_from_db()
        assert kinds(outcomes) == {"done": 3, "refused": 3}
        assert refusals(outcomes) == ["Only 10 of 100 are left to dispatch."] * 3
        assert way.match.dispatched == 90
    assert check_invariants() == []


def test_one_consignment_is_made_when_a_form_is_sent_twice_at_once(ways, now):
    for way in ways:
        way.to("accepted")
        token = Delivery._meta.get_field("submission").get_default()
        outcomes = at_once(
            [
                lambda way=way, token=token: deliveries.dispatch_delivery(
                    way.match,
                    by=way.giver,
                    now=now,
                    quantity=30,
                    dispatched_on=now.date(),
                    submission=token,
                )
            ]
            * 4
        )

        assert {delivery.pk for delivery in outcomes} == {way.match.deliveries.get().pk}
    assert check_invariants() == []


def test_a_consignment_arrives_once_when_two_officers_confirm_at_once(ways, now):
    for way in ways:
        way.to("accepted")
        delivery = way.dispatch()
        outcomes = at_once(
            [
                lambda delivery=delivery, way=way: deliveries.receive_delivery(
                    delivery, by=way.receiver, now=now, quantity=100, received_on=now.date()
                )
            ]
            * 2
        )

        assert kinds(outcomes) == {"done": 1, "refused": 1}
        assert way.postings() == (100, 100, 100, 100)
    assert check_invariants() == []


def test_no_more_is_handed_on_than_arrived_when_several_note_it_at_once(now):
    way = make_way(now)
    way.to("completed")
    delivery = way.match.deliveries.get()

    outcomes = at_once(
        [
            lambda: deliveries.distribute(
                delivery,
                by=way.receiver,
                now=now,
                recipient="County Hospital",
                kind="hospital",
                quantity=30,
            )
        ]
        * 6
    )

    assert kinds(outcomes) == {"done": 3, "refused": 3}
    assert check_invariants() == []
