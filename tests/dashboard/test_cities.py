"""Cities beside what higher floors know of them, in the list, on the map and on their own page."""

import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from apps.cities.models import City
from apps.dashboard.home import directions
from apps.dashboard.map import Place, places, taking_part
from apps.ledger.models import LedgerEntry
from apps.ledger.services import party_of, record_entry
from apps.postings.models import Item
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "dashboard:city_list"


def names(response: Any) -> list[str]:
    return [str(row) for row in response.context["object_list"]]


def sent(giver: City, receiver: City, item: Item, quantity: int) -> None:
    record_entry(
        "sent",
        giver=party_of(giver),
        receiver=party_of(receiver),
        item=item,
        quantity=quantity,
        source=("report", LedgerEntry.objects.count()),
        by=None,
        now=timezone.now(),
    )


@pytest.fixture
def network() -> dict[str, City]:
    """Wuxi and San Antonio are tied, paired, and one needs what the other offers; Tacoma is alone."""
    texas = factories.StateFactory(code="us-tx", name_en="Texas", population=30_000_000)
    antonio = factories.CityFactory(name_en="San Antonio", parent=texas, population=1_500_000)
    wuxi = factories.CityFactory(chinese=True, name_en="Wuxi", name_zh_hans="无锡")
    tacoma = factories.CityFactory(name_en="Tacoma", population=220_000)
    factories.TieFactory.between(antonio, wuxi)
    factories.PairingFactory(state="active", left=wuxi, right=antonio)
    item = factories.ItemFactory(name_en="Surgical mask")
    factories.NeedFactory(city=antonio, item=item)
    factories.OfferFactory(city=wuxi, item=item)
    return {"texas": texas, "antonio": antonio, "wuxi": wuxi, "tacoma": tacoma}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["San Antonio", "Tacoma", "Texas", "Wuxi"]),
        ("within=us-tx", ["San Antonio", "Texas"]),
        ("within=us-xx", ["San Antonio", "Tacoma", "Texas", "Wuxi"]),
        ("paired=yes", ["San Antonio", "Wuxi"]),
        ("paired=no", ["Tacoma", "Texas"]),
        ("has_tie=yes", ["San Antonio", "Wuxi"]),
        ("needs=yes", ["San Antonio"]),
        ("needs=no", ["Tacoma", "Texas", "Wuxi"]),
        ("offers=yes", ["Wuxi"]),
        ("offers=no&country=US&level=city", ["San Antonio", "Tacoma"]),
        ("sort=population", ["Texas", "San Antonio", "Tacoma", "Wuxi"]),
        ("sort=needs", ["San Antonio", "Tacoma", "Texas", "Wuxi"]),
        ("sort=offers", ["Wuxi", "San Antonio", "Tacoma", "Texas"]),
        ("sort=ties", ["San Antonio", "Wuxi", "Tacoma", "Texas"]),
        ("sort=nonsense", ["San Antonio", "Tacoma", "Texas", "Wuxi"]),
    ],
)
def test_cities_are_chosen_and_sorted_by_what_they_have_when_asked(client, network, query, found):
    response = client.get(f"{reverse(LIST)}?{query}")

    assert names(response) == found


@pytest.mark.parametrize("state", ["proposed", "approved", "suspended", "ended"])
def test_cities_count_as_paired_once_both_have_said_yes(client, state):
    pairing = factories.PairingFactory(state=state)

    response = client.get(f"{reverse(LIST)}?paired=yes")

    assert len(names(response)) == (2 if state == "suspended" else 0)
    assert (pairing.get_absolute_url() in response.text) is (state == "suspended")


def test_closed_postings_count_for_nothing_when_cities_are_listed(client):
    need = factories.NeedFactory(state="fulfilled")

    response = client.get(reverse(LIST))

    assert [city.open_needs for city in response.context["object_list"]] == [0]
    assert names(client.get(f"{reverse(LIST)}?needs=yes")) == []
    assert need.city.get_absolute_url() + "#needs" not in response.text


def test_numbers_lead_to_the_postings_when_a_city_has_some(client, network):
    text = client.get(reverse(LIST)).text

    assert f'href="{network["antonio"].get_absolute_url()}#needs">1<' in text
    assert f'href="{network["wuxi"].get_absolute_url()}#offers">1<' in text


def test_list_keeps_what_was_asked_when_it_turns_into_a_map_and_back(client, network):
    table = client.get(f"{reverse(LIST)}?country=US&page=1").text
    chart = client.get(f"{reverse(LIST)}?country=US&view=map").text

    assert 'href="?country=US&amp;view=map"' in table
    assert 'href="?country=US"' in chart
    assert '<input type="hidden" name="view" value="map">' in chart


def test_map_shows_all_that_fits_at_once_when_a_table_would_have_pages(client):
    for _ in range(26):
        factories.CityFactory(latitude="29.5", longitude="-98.5")

    chart = client.get(f"{reverse(LIST)}?view=map").text

    assert chart.count('data-point="29.50,-98.50"') == 26


def test_place_names_its_counterpart_and_stands_in_the_list_when_its_position_is_unknown(
    client, network
):
    network["wuxi"].latitude, network["wuxi"].longitude = "31.56887", "120.28857"
    network["wuxi"].save()

    text = client.get(f"{reverse(LIST)}?view=map&paired=yes").text

    rows = re.findall(r"<li([^>]*)><a href=[^>]*>([^<]*)", text.partition("map-list")[2])
    assert rows == [
        (
            f' data-side="right" data-code="{network["antonio"].code}" data-with="{network["wuxi"].code}"',
            "San Antonio",
        ),
        (
            f' data-point="31.57,120.29" data-side="left" data-code="{network["wuxi"].code}"'
            f' data-with="{network["antonio"].code}"',
            "Wuxi",
        ),
    ]
    assert "counterpart: Wuxi" in text
    assert "position not known to us" in text


def test_taking_part_are_the_paired_before_those_with_postings_when_the_map_is_drawn(network):
    factories.NeedFactory(city=network["texas"])
    factories.NeedFactory(city=network["texas"])

    found = places(taking_part(City.objects.all()))

    assert [
        (place.city.name_en, place.counterpart and place.counterpart.name_en) for place in found
    ] == [
        ("San Antonio", "Wuxi"),
        ("Wuxi", "San Antonio"),
        ("Texas", None),
    ]


@pytest.mark.parametrize(
    ("language", "point", "words"),
    [
        ("en", ("31.56887", "120.28857"), "31.57° N, 120.29° E"),
        ("en", ("-0.5", "-98.49363"), "0.50° S, 98.49° W"),
        ("zh-hans", ("29.42412", "-98.49363"), "北纬29.42°，西经98.49°"),
    ],
)
def test_position_is_said_in_words_when_it_is_known(language, point, words):
    city = factories.CityFactory(latitude=point[0], longitude=point[1])
    city.refresh_from_db()

    with translation.override(language):
        assert Place(city).words == words


def test_city_page_shows_ties_and_postings_and_says_what_is_not_stated(client, network):
    text = client.get(network["antonio"].get_absolute_url()).text

    found = re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", text))
    assert "Counterpart Wuxi , their pairing active" in found
    assert "Position not known to us" in found
    assert "Wuxi not stated listed in 2026 high not stated" in found
    assert "Surgical mask 1,000 pieces 1,000 pieces critical" in found
    assert "Given by San Antonio Nothing recorded." in found


def test_city_page_names_the_other_country_when_help_was_given(client, network):
    sent(network["wuxi"], network["antonio"], factories.ItemFactory(), 500)

    given = client.get(network["wuxi"].get_absolute_url()).text
    received = client.get(network["antonio"].get_absolute_url()).text

    assert '<td data-label="To">United States</td>' in given
    assert '<td data-label="From">China</td>' in received


def test_directions_are_both_ways_between_the_sides_when_the_ledger_is_read():
    wuxi, dalian = (factories.CityFactory(chinese=True) for _ in range(2))
    antonio = factories.CityFactory()
    masks, gowns = factories.ItemFactory(), factories.ItemFactory()
    sent(wuxi, antonio, masks, 5_000)
    sent(wuxi, antonio, gowns, 10)
    sent(wuxi, antonio, gowns, 10)
    sent(antonio, wuxi, gowns, 7)
    sent(wuxi, dalian, gowns, 9)

    there, back = directions()

    assert (there.giver, there.receiver, there.entries) == ("CN", "US", 3)
    assert [(total.item, total.entries, total.sent) for total in there.top] == [
        (gowns, 2, 20),
        (masks, 1, 5_000),
    ]
    assert (back.giver, back.receiver, back.entries) == ("US", "CN", 1)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["San Antonio", "Texas", "Wuxi"]),
        ("q=wux", ["Wuxi"]),
        ("q=无锡", ["Wuxi"]),
        ("country=CN", ["Wuxi"]),
        ("level=state", ["Texas"]),
        ("has_tie=yes", ["San Antonio", "Wuxi"]),
        ("has_tie=no", ["Texas"]),
        ("country=US&level=city", ["San Antonio"]),
        ("q=Atlantis", []),
        ("country=XX", ["San Antonio", "Texas", "Wuxi"]),
        ("level=country", ["San Antonio", "Texas", "Wuxi"]),
        ("q=%00", ["San Antonio", "Texas", "Wuxi"]),
    ],
)
def test_city_list_is_filtered_when_asked(client, query, found):
    factories.CityFactory(name_en="United States", level="country", acts=False)
    texas = factories.StateFactory(name_en="Texas")
    antonio = factories.CityFactory(name_en="San Antonio", parent=texas)
    wuxi = factories.CityFactory(chinese=True, name_en="Wuxi", name_zh_hans="无锡")
    factories.TieFactory.between(antonio, wuxi)

    response = client.get(f"{reverse(LIST)}?{query}")

    assert response.status_code == 200
    assert names(response) == found


def test_list_says_what_to_do_when_nothing_fits(client):
    page = client.get(f"{reverse(LIST)}?q=Atlantis").content.decode()

    assert "No city fits. Try fewer words or remove a filter." in page


@pytest.mark.parametrize("number", ["2", "0", "-1", "x", "9" * 30])
def test_list_has_no_such_page_when_a_number_is_made_up(client, number):
    response = client.get(f"{reverse(LIST)}?page={number}")

    assert response.status_code == 404


def test_pages_keep_the_filter_when_the_list_is_long(client):
    for _ in range(26):
        factories.CityFactory()

    first = client.get(f"{reverse(LIST)}?country=US").content.decode()
    second = client.get(f"{reverse(LIST)}?country=US&page=2")

    assert "?country=US&amp;page=2" in first
    assert len(names(second)) == 1


def test_city_stands_on_its_map_with_its_counterpart_and_its_ties_when_it_is_opened(
    client, network
):
    wuxi, antonio = network["wuxi"], network["antonio"]
    tied = factories.CityFactory(name_en="Tied", latitude="30.25", longitude="-97.75")
    City.objects.filter(pk=wuxi.pk).update(latitude="31.57", longitude="120.29")
    City.objects.filter(pk=antonio.pk).update(latitude="29.42", longitude="-98.49")
    factories.TieFactory.between(wuxi, tied)
    factories.TieFactory.between(wuxi, factories.CityFactory(name_en="Nowhere"))

    page = client.get(wuxi.get_absolute_url()).text

    assert re.findall(r'<(\w+)[^>]* data-point="([^"]*)"([^>]*)>', page) == [
        ("span", "31.57,120.29", f' data-side="left" data-code="{wuxi.code}"'),
        (
            "dd",
            "29.42,-98.49",
            f' data-side="right" data-code="{antonio.code}" data-with="{wuxi.code}"',
        ),
        (
            "th",
            "30.25,-97.75",
            f' data-side="right" data-code="{tied.code}" data-with="{wuxi.code}" data-tie',
        ),
    ]
    assert "js/map.js" in page


def test_city_has_no_map_when_its_position_is_unknown(client, network):
    page = client.get(network["wuxi"].get_absolute_url()).text

    assert "map.js" not in page
    assert 'class="map' not in page
