import pytest
from django.contrib.auth.models import AnonymousUser

from apps.pairings.models import Exchange, Pairing, PairingRule
from apps.pairings.querysets import PUBLIC
from apps.pairings.states import PairingState
from tests import factories
from tests.database import by_sql
from tests.personas import DECIDERS, OFFICERS

HIDDEN_FROM_CITIES = ["proposed", "rejected"]


def visitors(people):
    """Everybody who can look at a page: the inactive cannot sign in."""
    active = {who: person for who, person in people.items() if person.is_active}
    return {**active, "visitor": AnonymousUser()}


def who_sees(row, people):
    rows = type(row)._default_manager
    return {who for who, person in visitors(people).items() if row in rows.visible_to(person)}


@pytest.mark.parametrize("state", PairingState)
def test_a_pairing_is_shown_to_whom_it_concerns_when_it_was_approved(pairing, people, state):
    decided_by = None if state == "proposed" else people["coordinator"]
    subject = pairing(state, decided_by=decided_by)

    expected = DECIDERS if state in HIDDEN_FROM_CITIES else DECIDERS | OFFICERS
    if state in PUBLIC:
        expected = visitors(people).keys()
    assert who_sees(subject, people) == expected


def test_a_proposal_stays_hidden_from_the_cities_when_it_expired_undecided(pairing, people):
    assert who_sees(pairing("expired", decided_by=None), people) == DECIDERS


def test_a_pairing_is_listed_once_when_an_officer_spoke_for_both_cities(
    pairing, people, san_antonio
):
    person = people["left officer"]
    factories.LiaisonFactory(user=person, city=san_antonio, state="removed")
    subject = pairing("active")

    assert list(Pairing.objects.visible_to(person)) == [subject]


def test_a_cancelled_exchange_is_for_deciders_when_the_list_is_read(db, people):
    shown, hidden = factories.ExchangeFactory(), factories.ExchangeFactory(state="cancelled")

    assert who_sees(shown, people) == visitors(people).keys()
    assert who_sees(hidden, people) == DECIDERS


def test_pins_are_for_administrators_when_the_list_is_read(
    wuxi, san_antonio, people, administrator
):
    rule = PairingRule.objects.create(
        kind="pin", city_a=wuxi, city_b=san_antonio, set_by=administrator
    )

    assert who_sees(rule, people) == {"administrator"}


@pytest.mark.parametrize("rows", [1, 3])
def test_pairings_are_read_in_three_queries_when_they_are_described(
    db, rows, django_assert_num_queries
):
    for __ in range(rows):
        factories.PairingFactory(state="active")

    with django_assert_num_queries(3):
        assert len([str(pairing) for pairing in Pairing.objects.described()]) == rows


def test_the_counterpart_is_the_other_city_when_seen_from_one(pairing, wuxi, san_antonio):
    subject = pairing("active")

    assert subject.counterpart_of(wuxi) == san_antonio
    assert subject.counterpart_of(san_antonio) == wuxi


def test_an_exchange_without_its_pairing_is_found_when_a_city_is_asked(wuxi, san_antonio):
    exchange = factories.ExchangeFactory()
    exchange.cities.set([wuxi, san_antonio])
    by_sql(exchange, state="held")

    assert list(Exchange.objects.filter(cities=wuxi)) == [exchange]
