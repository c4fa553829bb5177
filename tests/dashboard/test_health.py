"""How a pairing fares, in words and figures."""

from datetime import timedelta

import pytest

from apps.dashboard.health import health_of
from apps.pairings.models import Pairing
from tests import factories
from tests.pages import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def pairing(left, right):
    return factories.PairingFactory(left=left, right=right, state="active")


def health(pairing, now):
    return health_of(Pairing.objects.described().get(pk=pairing.pk), unmet=0, now=now)


def answered(match, city, hours, asked):
    type(match).objects.filter(pk=match.pk).update(decided_at=asked)
    match.sides.filter(city=city).update(answered_at=asked + timedelta(hours=hours))


def test_nothing_is_known_when_nothing_happened(pairing, now, left, right):
    found = health(pairing, now)

    assert (found.last_contact, found.word) == (None, "no contact yet")
    assert found.answers == [(left, None), (right, None)]


def a_message(pairing, left, right, day, now):
    factories.MessageFactory(pairing=pairing, at=day)


def an_exchange(pairing, left, right, day, now):
    factories.ExchangeFactory(pairing=pairing, state="held", takes_place_on=day.date())


def a_consignment(pairing, left, right, day, now):
    match = rows.one_match(left, right, state="accepted")
    factories.DeliveryFactory(match=match, dispatched_on=day.date())


def an_answer(pairing, left, right, day, now):
    answered(rows.one_match(left, right, state="accepted"), left, 0, day)


@pytest.mark.parametrize("make", [a_message, an_exchange, a_consignment, an_answer])
def test_contact_is_whatever_passed_between_the_two_last(make, pairing, left, right, now):
    make(pairing, left, right, now - timedelta(days=200), now)
    make(pairing, left, right, now - timedelta(days=3), now)

    assert health(pairing, now).last_contact == (now - timedelta(days=3)).date()


def test_an_exchange_that_is_only_planned_is_no_contact(pairing, now):
    factories.ExchangeFactory(pairing=pairing, takes_place_on=now.date())

    assert health(pairing, now).last_contact is None


@pytest.mark.parametrize(
    ("days", "tone", "word"),
    [
        (0, "success", "in touch"),
        (29, "success", "in touch"),
        (30, "warning", "quiet for a month"),
        (89, "warning", "quiet for a month"),
        (90, "danger", "silent for three months"),
    ],
)
def test_silence_has_a_word_of_its_own_when_it_lasts(days, tone, word, pairing, now):
    factories.MessageFactory(pairing=pairing, at=now - timedelta(days=days))

    found = health(pairing, now)

    assert (found.tone, found.word) == (tone, word)


def test_answers_take_the_median_of_the_hours_since_each_city_was_asked(pairing, left, right, now):
    asked = now - timedelta(days=30)
    for hours in (2, 4, 90):
        answered(rows.one_match(left, right, state="accepted"), left, hours, asked)
    Pairing.objects.filter(pk=pairing.pk).update(decided_at=asked)
    pairing.sides.filter(city=right).update(answered_at=asked + timedelta(hours=9))

    assert health(pairing, now).answers == [(left, 4), (right, 9)]
