import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from apps.cities.models import City, Liaison, SisterTie
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> dict[str, City]:
    return {
        "wuxi": factories.CityFactory(
            code="cn-js-wuxi", name_en="Wuxi", name_zh_hans="无锡", country="CN"
        ),
        "antonio": factories.CityFactory(
            code="us-tx-san-antonio", name_en="San Antonio", name_zh_hans="圣安东尼奥"
        ),
        "jose": factories.CityFactory(code="us-ca-san-jose", name_en="San José"),
        "percent": factories.CityFactory(code="us-xx-odd", name_en="100% Town_A"),
    }


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Wuxi", ["wuxi"]),
        ("wuXI", ["wuxi"]),
        ("无锡", ["wuxi"]),
        ("锡", ["wuxi"]),
        ("安东", ["antonio"]),
        ("san", ["antonio", "jose"]),
        ("San José", ["jose"]),
        ("tx-san", ["antonio"]),
        ("%", ["percent"]),
        ("n_A", ["percent"]),
        ("wu xi", ["wuxi"]),
        ("Wu  Xi", ["wuxi"]),
        ("Wu-xi City", ["wuxi"]),
        ("无锡市", ["wuxi"]),
        ("无 锡", ["wuxi"]),
        ("san jose", ["jose"]),
        ("SAN JOSÉ CITY", ["jose"]),
        ("ＷＵＸＩ", ["wuxi"]),
        ("圣安东尼奥市", ["antonio"]),
        ("无锡省", []),
        ("sanantonio", ["antonio"]),
        ("Atlantis", []),
        ("", ["antonio", "jose", "percent", "wuxi"]),
    ],
)
def test_city_is_found_when_part_of_either_name_or_the_code_is_typed(places, language, text, found):
    with translation.override(language):
        rows = set(City.objects.search(text))

    assert rows == {places[name] for name in found}


@pytest.mark.parametrize("text", ["Jiangsu", "江苏", "江苏省", "jiangsu province", "cn-js"])
def test_city_is_found_when_a_name_of_what_it_lies_in_is_typed(text):
    jiangsu = factories.StateFactory(
        code="cn-js", name_en="Jiangsu", name_zh_hans="江苏", kind="province", country="CN"
    )
    wuxi = factories.CityFactory(name_en="Wuxi", parent=jiangsu, country="CN")
    binhu = factories.CityFactory(name_en="Binhu", parent=wuxi, country="CN", kind="district")
    factories.CityFactory(name_en="Tacoma", parent=factories.StateFactory(name_en="Washington"))

    assert set(City.objects.search(text)) == {jiangsu, wuxi, binhu}


def test_city_is_found_by_its_new_name_when_it_was_renamed(places):
    wuxi = places["wuxi"]
    wuxi.name_en = "Liangxi"

    wuxi.save()

    assert list(City.objects.search("liang xi")) == [wuxi]
    assert list(City.objects.search("Wuxi City")) == []


def test_cities_are_found_when_they_were_loaded_together():
    City.objects.bulk_create([factories.CityFactory.build(name_en="Ürümqi")])

    assert [city.name_en for city in City.objects.search("urumqi")] == ["Ürümqi"]


@pytest.mark.parametrize(
    ("language", "order"),
    [
        ("en", ["Alabama", "Anhui", "Anqing", "Guangdong", "Haizhu", "Shenzhen", "Zephyr"]),
        ("zh-hans", ["Anhui", "Anqing", "Guangdong", "Haizhu", "Shenzhen", "Alabama", "Zephyr"]),
    ],
)
def test_cities_come_by_name_and_in_chinese_by_province(language, order):
    china = factories.CityFactory(name_en="China", level="country", country="CN", acts=False)
    state, city = factories.StateFactory, factories.CityFactory
    city(name_en="Zephyr", parent=state(name_en="Alabama"))
    guangdong = state(name_en="Guangdong", country="CN", parent=china)
    shenzhen = city(name_en="Shenzhen", country="CN", parent=guangdong)
    city(name_en="Haizhu", country="CN", parent=shenzhen)
    city(name_en="Anqing", country="CN", parent=state(name_en="Anhui", country="CN"))

    with translation.override(language):
        found = [row.name_en for row in City.objects.exclude(pk=china.pk).by_name()]

    assert found == order


def test_acting_are_those_that_post_when_some_places_do_not():
    city = factories.CityFactory()
    factories.StateFactory(acts=False)

    assert list(City.objects.acting()) == [city]


def test_served_are_the_confirmed_ones_when_a_person_asks():
    liaison = factories.LiaisonFactory()
    factories.LiaisonFactory(user=liaison.user, state="removed")
    factories.LiaisonFactory()

    assert list(City.objects.served_by(liaison.user)) == [liaison.city]
    assert list(City.objects.served_by(AnonymousUser())) == []


def test_cities_and_ties_are_public_when_a_visitor_looks():
    one, other = factories.CityFactory(), factories.CityFactory()
    tie = factories.TieFactory.between(one, other)

    assert set(City.objects.visible_to(AnonymousUser())) == {one, other}
    assert list(SisterTie.objects.visible_to(AnonymousUser())) == [tie]


def test_ties_of_a_city_are_those_of_either_side_when_asked():
    one, other, third = (factories.CityFactory() for _ in range(3))
    left, right = (
        factories.TieFactory.between(one, other),
        factories.TieFactory.between(other, third),
    )

    assert list(SisterTie.objects.of(one)) == [left]
    assert set(SisterTie.objects.of(other)) == {left, right}


def test_requests_are_seen_by_their_person_and_deciders_only_when_they_look(
    coordinator, administrator
):
    liaison = factories.LiaisonFactory()
    colleague = factories.LiaisonFactory(city=liaison.city)

    seen = {
        person: set(Liaison.objects.visible_to(person))
        for person in (liaison.user, colleague.user, coordinator, administrator)
    }

    assert seen == {
        liaison.user: {liaison},
        colleague.user: {colleague},
        coordinator: {liaison, colleague},
        administrator: {liaison, colleague},
    }
    assert list(Liaison.objects.visible_to(AnonymousUser())) == []


def test_confirmed_are_those_who_may_sign_in_when_listed():
    liaison = factories.LiaisonFactory()
    factories.LiaisonFactory(user__is_active=False)
    factories.LiaisonFactory(state="requested")

    assert list(Liaison.objects.confirmed()) == [liaison]
    assert list(Liaison.objects.confirmed().of(factories.CityFactory())) == []
