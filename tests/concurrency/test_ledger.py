"""One chain, however many write."""

from itertools import count
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.dashboard.invariants import check_invariants
from apps.ledger.chain import verify
from apps.ledger.models import Gift, LedgerEntry, Party
from apps.ledger.services import (
    confirm_gift,
    parties_of,
    party_of,
    record_entry,
    record_gift,
    reverse_entry,
    withdraw_gift,
)
from tests import factories
from tests.concurrency.races import at_once, in_turn, kinds

WRITERS, EACH = 8, 12


@pytest.fixture
def now():
    return timezone.now()


def test_no_number_is_missing_when_eight_write_at_once(now):
    giver, receiver = (party_of(factories.CityFactory()) for __ in range(2))
    item, sources = factories.ItemFactory(), count(1)

    def write():
        return record_entry(
            "sent",
            giver=giver,
            receiver=receiver,
            item=item,
            quantity=1,
            source=("test", next(sources)),
            by=None,
            now=now,
        )

    at_once([in_turn([write] * EACH)] * WRITERS)

    numbers = LedgerEntry.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, WRITERS * EACH + 1))
    assert verify().holds
    assert check_invariants() == []


def test_nobody_waits_for_ever_when_two_cities_first_give_to_each_other_at_once(now):
    for __ in range(8):
        one, other = factories.CityFactory(), factories.CityFactory()

        at_once([lambda a=a, b=b: parties_of(a, b) for a, b in ((one, other), (other, one)) * 2])

        assert Party.objects.filter(city__in=[one, other]).count() == 2


def test_an_entry_is_reversed_once_when_two_reverse_it_at_once(now, administrator):
    giver, receiver = (party_of(factories.CityFactory()) for __ in range(2))
    item = factories.ItemFactory()
    for number in range(4):
        entry = record_entry(
            "sent",
            giver=giver,
            receiver=receiver,
            item=item,
            quantity=5,
            source=("test", number),
            by=None,
            now=now,
        )
        outcomes = at_once(
            [lambda e=entry: reverse_entry(e, by=administrator, now=now, reason="wrong")] * 3
        )

        assert kinds(outcomes) == {"done": 1, "refused": 2}
    assert LedgerEntry.objects.count() == 8
    assert check_invariants() == []


@pytest.fixture
def recorded(now):
    """recorded() is (a gift, its giver, its receiver), each of new cities."""

    def make():
        giver, receiver = factories.LiaisonFactory(), factories.LiaisonFactory()
        gift = record_gift(
            giver=party_of(giver.city),
            receiver=party_of(receiver.city),
            item=factories.ItemFactory(),
            quantity=5,
            by=giver.user,
            now=now,
        )
        return gift, giver.user, receiver.user

    return make


def test_a_gift_is_confirmed_or_withdrawn_when_both_happen_at_once(recorded, now):
    for __ in range(4):
        gift, giver, receiver = recorded()
        outcomes = at_once(
            [
                lambda g=gift, by=receiver: confirm_gift(g, by=by, now=now),
                lambda g=gift, by=giver: withdraw_gift(g, by=by, now=now, reason="twice"),
            ]
        )

        assert kinds(outcomes) == {"done": 1, "refused": 1}
    assert check_invariants() == []


def test_a_gift_is_recorded_once_when_its_form_is_sent_twice_at_once(now):
    liaison, receiver = factories.LiaisonFactory(), party_of(factories.CityFactory())
    giver, item = party_of(liaison.city), factories.ItemFactory()
    for number in range(4):
        token = uuid4()
        outcomes = at_once(
            [
                lambda token=token: record_gift(
                    giver=giver,
                    receiver=receiver,
                    item=item,
                    quantity=5,
                    by=liaison.user,
                    now=now,
                    submission=token,
                )
            ]
            * 3
        )

        assert len({gift.pk for gift in outcomes}) == 1
        assert Gift.objects.count() == LedgerEntry.objects.count() == number + 1
    assert check_invariants() == []
