import pytest
from django.utils import translation

from apps.cities.models import City, SisterTie, TieStatus
from tests import factories
from tests.constraints import refused_by

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("level", "village", "cities_city_level_known"),
        ("level", "country", "cities_city_country_never_acts"),
        ("latitude", 91, "cities_city_on_the_globe"),
        ("longitude", -181, "cities_city_on_the_globe"),
    ],
)
def test_database_refuses_a_place_when_it_cannot_be(column, value, constraint):
    city = factories.CityFactory(latitude=31, longitude=120)

    with refused_by(constraint):
        City.objects.filter(pk=city.pk).update(**{column: value})


def test_database_refuses_a_place_when_it_is_its_own_parent():
    city = factories.CityFactory()

    with refused_by("cities_city_not_its_own_parent"):
        City.objects.filter(pk=city.pk).update(parent=city)


@pytest.mark.parametrize(("latitude", "longitude"), [(None, None), (90, 180), (-90, -180), (0, 0)])
def test_place_is_kept_when_it_lies_on_the_globe_or_nowhere(latitude, longitude):
    factories.CityFactory(latitude=latitude, longitude=longitude)

    assert City.objects.values_list("latitude", "longitude").get() == (latitude, longitude)


def test_country_is_kept_when_it_does_not_act():
    country = factories.CityFactory(level="country", acts=False)

    assert City.objects.get() == country


def test_tie_is_kept_once_when_it_is_entered_in_either_order():
    one, other = factories.CityFactory(), factories.CityFactory()
    factories.TieFactory.between(one, other)

    with refused_by(
        "cities_sistertie_once", "cities_sistertie.city_a_id, cities_sistertie.city_b_id"
    ):
        factories.TieFactory.between(other, one)
    with refused_by("cities_sistertie_smaller_id_first"):
        factories.TieFactory(city_a=other, city_b=one)


def test_database_refuses_a_tie_when_it_joins_a_city_with_itself():
    city = factories.CityFactory()

    with refused_by("cities_sistertie_smaller_id_first"):
        factories.TieFactory(city_a=city, city_b=city)


def test_database_refuses_a_tie_when_its_status_is_unknown():
    one, other = factories.CityFactory(), factories.CityFactory()

    with refused_by("cities_sistertie_status_known"):
        factories.TieFactory.between(one, other, status="rumoured")


@pytest.mark.parametrize("status", TieStatus)
def test_tie_counts_when_it_is_neither_uncertain_nor_ended(status):
    assert SisterTie(status=status).counts == (status not in ("uncertain", "ended"))


def test_tie_knows_the_other_city_when_asked_from_either():
    one, other = factories.CityFactory(), factories.CityFactory()
    tie = factories.TieFactory.between(one, other)

    assert (tie.other(one), tie.other(other)) == (other, one)
    assert str(tie) == f"{one} – {other}"


@pytest.mark.parametrize("first", ["requested", "confirmed"])
@pytest.mark.parametrize("second", ["requested", "confirmed"])
def test_database_refuses_a_second_city_when_a_person_has_one(first, second):
    liaison = factories.LiaisonFactory(state=first)
    city = factories.CityFactory()

    with refused_by("cities_liaison_one_city_per_person", "cities_liaison.user_id"):
        factories.LiaisonFactory(user=liaison.user, city=city, state=second)


def test_database_refuses_an_officer_when_the_state_is_unknown():
    liaison = factories.LiaisonFactory()

    with refused_by("cities_liaison_state_known"):
        type(liaison).objects.update(state="appointed")


@pytest.mark.parametrize(
    ("language", "name", "shown"),
    [
        ("en", "无锡", "Wuxi"),
        ("zh-hans", "无锡", "无锡"),
        ("zh-hans", "", "Wuxi"),
        ("zh-hans", None, "Wuxi"),
    ],
)
def test_city_is_called_in_the_language_of_the_page_or_else_in_english(language, name, shown):
    city = factories.CityFactory(name_en="Wuxi", name_zh_hans=name)

    with translation.override(language):
        assert str(City.objects.get(pk=city.pk)) == shown


def test_history_keeps_the_earlier_name_when_a_city_is_renamed():
    city = factories.CityFactory(name_en="Wusih", name_zh_hans="无锡")
    city.name_en = "Wuxi"

    city.save()

    names = city.history.order_by("history_id").values_list("name_en", "name_zh_hans")
    assert list(names) == [("Wusih", "无锡"), ("Wuxi", "无锡")]
