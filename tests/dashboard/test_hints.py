import pytest
from django.urls import reverse

from apps.dashboard.hints import hints_for
from tests import factories


@pytest.fixture
def city(db):
    return factories.CityFactory(name_en="Wuxi", chinese=True)


@pytest.fixture
def masks(db):
    return factories.ItemFactory(name_en="Masks")


def pair(city, name: str, state: str = "active"):
    other = factories.CityFactory(name_en=name)
    factories.PairingFactory(
        left=city, right=other, state=state, decided_by=factories.UserFactory()
    )
    return other


def said(city, kind: str, item) -> list[str]:
    return hints_for(city, kind, [item])[item.pk]


def test_counterparts_free_offer_is_said_first_when_a_need_is_posted(city, masks):
    other = pair(city, "San Antonio")
    factories.OfferFactory(city=other, item=masks, quantity=30_000, allocated=8_800)
    factories.NeedFactory(item=masks, quantity=100)

    assert said(city, "need", masks) == [
        "Your counterpart San Antonio offers 21,200 pieces of these.",
        "1 other city needs this. 1 other city offers this.",
    ]


def test_counterparts_need_is_said_first_when_an_offer_is_posted(city, masks):
    factories.NeedFactory(city=pair(city, "San Antonio"), item=masks, quantity=500)

    assert said(city, "offer", masks) == [
        "Your counterpart San Antonio needs 500 pieces of these.",
        "1 other city needs this. The network lacks 500 pieces.",
    ]


@pytest.mark.parametrize("state", ["approved", "suspended"])
def test_city_is_no_counterpart_when_the_pairing_is_not_active(city, masks, state):
    factories.OfferFactory(city=pair(city, "San Antonio", state), item=masks)

    assert said(city, "need", masks) == ["1 other city offers this."]


def test_sister_cities_are_named_by_what_they_offer_when_there_are_many(city, masks):
    for name, quantity in (("A", 10), ("B", 40), ("C", 30), ("D", 20)):
        sister = factories.CityFactory(name_en=name)
        factories.TieFactory.between(city, sister)
        factories.OfferFactory(city=sister, item=masks, quantity=quantity)

    assert said(city, "need", masks) == [
        "Your sister city B offers 40 pieces.",
        "Your sister city C offers 30 pieces.",
        "Your sister city D offers 20 pieces.",
        "4 other cities offer this.",
    ]


def test_tie_says_nothing_when_it_has_ended(city, masks):
    sister = factories.CityFactory()
    tie = factories.TieFactory.between(city, sister)
    tie.status = "ended"
    tie.save()
    factories.OfferFactory(city=sister, item=masks)

    assert said(city, "need", masks) == ["1 other city offers this."]


def test_only_what_is_open_free_and_anothers_counts_when_hinted(city, masks):
    factories.OfferFactory(city=city, item=masks)
    factories.OfferFactory(item=masks, state="held")
    factories.OfferFactory(item=masks, quantity=5, allocated=5)
    factories.OfferFactory()

    assert said(city, "need", masks) == ["No other city needs or offers this now."]


def test_nothing_lacks_when_knowledge_is_offered_without_a_quantity(city):
    shared = factories.ResourceFactory().posting
    factories.NeedFactory(item=shared.item, quantity=5)
    factories.TieFactory.between(city, shared.city)

    assert said(city, "need", shared.item) == [
        f"Your sister city {shared.city} offers any quantity.",
        "1 other city needs this. 1 other city offers this.",
    ]


@pytest.mark.parametrize("count", [1, 3, 30])
def test_database_is_asked_as_often_when_there_are_more_lines(
    city, count, django_assert_num_queries
):
    other = pair(city, "San Antonio")
    items = [factories.ItemFactory() for _ in range(count)]
    for item in items:
        factories.OfferFactory(city=other, item=item)

    with django_assert_num_queries(5):
        found = hints_for(city, "need", items)

    assert [len(found[item.pk]) for item in items] == [2] * count


def test_script_gets_the_sentences_when_it_asks_for_an_item(client, city, masks):
    factories.OfferFactory(item=masks, quantity=7)
    client.force_login(factories.LiaisonFactory(city=city).user)

    found = client.get(reverse("dashboard:posting_hints"), {"kind": "need", "item": masks.pk})
    none = client.get(reverse("dashboard:posting_hints"), {"kind": "need", "item": "x"})

    assert (found.status_code, none.status_code) == (200, 404)
    assert "1 other city offers this." in found.text
    assert "<html" not in found.text
