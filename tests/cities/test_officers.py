from datetime import timedelta

import pytest

from apps.cities.officers import city_in_conflict, city_of, officers_of, serves
from apps.cities.states import LiaisonState
from tests import factories

pytestmark = pytest.mark.django_db

OTHERS = [state for state in LiaisonState if state != LiaisonState.CONFIRMED]


def test_officers_are_the_confirmed_ones_who_may_sign_in_when_cities_are_asked():
    wuxi, other = factories.CityFactory(), factories.CityFactory()
    wanted = {
        factories.LiaisonFactory(city=wuxi).user,
        factories.LiaisonFactory(city=wuxi).user,
        factories.LiaisonFactory(city=other).user,
    }
    factories.LiaisonFactory(city=wuxi, user__is_active=False)
    factories.LiaisonFactory()
    for state in OTHERS:
        factories.LiaisonFactory(city=wuxi, state=state)

    officers = list(officers_of(wuxi, other))

    assert set(officers) == wanted
    assert len(officers) == 3


def test_officer_counts_once_when_they_came_back():
    liaison = factories.LiaisonFactory(state="removed")
    factories.LiaisonFactory(user=liaison.user, city=liaison.city)

    assert list(officers_of(liaison.city)) == [liaison.user]


def test_person_serves_their_city_only_when_confirmed():
    liaison = factories.LiaisonFactory()
    other = factories.CityFactory()

    assert serves(liaison.user, liaison.city)
    assert serves(liaison.user, other, liaison.city)
    assert not serves(liaison.user, other)
    assert not serves(liaison.user)


@pytest.mark.parametrize("state", OTHERS)
def test_person_serves_nobody_when_not_confirmed(state):
    liaison = factories.LiaisonFactory(state=state)

    assert not serves(liaison.user, liaison.city)
    assert city_of(liaison.user) is None


def test_city_of_a_person_is_the_present_one_when_there_were_others():
    earlier = factories.LiaisonFactory(state="removed")
    now = factories.LiaisonFactory(user=earlier.user)

    assert city_of(earlier.user) == now.city
    assert city_of(factories.UserFactory()) is None


@pytest.mark.parametrize("relation", ["own", "parent", "child"])
@pytest.mark.parametrize(
    ("state", "days_ago", "barred"),
    [
        (LiaisonState.CONFIRMED, 0, True),
        (LiaisonState.CONFIRMED, 4000, True),
        (LiaisonState.REMOVED, 0, True),
        (LiaisonState.REMOVED, 364, True),
        (LiaisonState.REMOVED, 365, False),
        (LiaisonState.REMOVED, 4000, False),
        (LiaisonState.REQUESTED, 0, False),
        (LiaisonState.REFUSED, 0, False),
    ],
)
def test_person_is_barred_when_they_serve_or_served_near(relation, state, days_ago, barred, now):
    province = factories.StateFactory()
    city = factories.CityFactory(parent=province)
    district = factories.CityFactory(parent=city)
    served = {"own": city, "parent": province, "child": district}[relation]
    person = factories.LiaisonFactory(
        city=served, state=state, state_since=now - timedelta(days=days_ago)
    ).user

    found = city_in_conflict(person, [factories.CityFactory(), city], now=now)

    assert found == (city if barred else None)


def test_person_is_free_when_they_serve_a_sister_of_the_city(now):
    province = factories.StateFactory()
    one, sister = (factories.CityFactory(parent=province) for _ in range(2))
    person = factories.LiaisonFactory(city=one).user

    assert city_in_conflict(person, [sister], now=now) is None


def test_person_is_free_when_two_places_merely_lack_a_parent(now):
    person = factories.LiaisonFactory(city__parent=None).user

    assert city_in_conflict(person, [factories.CityFactory(parent=None)], now=now) is None


def test_first_of_two_cities_is_named_when_both_are_in_conflict(now):
    province = factories.StateFactory()
    one, other = (factories.CityFactory(parent=province) for _ in range(2))
    person = factories.LiaisonFactory(city=province).user

    assert city_in_conflict(person, [one, other], now=now) == one
    assert city_in_conflict(person, [other, one], now=now) == other


def test_period_is_the_one_of_the_settings_when_it_is_changed(now, settings):
    settings.CONFLICT_DAYS = 10
    liaison = factories.LiaisonFactory(state="removed", state_since=now - timedelta(days=11))

    assert city_in_conflict(liaison.user, [liaison.city], now=now) is None
