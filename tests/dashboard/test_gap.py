"""Need against supply per item, for the network and between two cities."""

import pytest
from django.urls import reverse

from apps.dashboard.gap import Gap, gaps, gaps_between
from tests import factories

pytestmark = pytest.mark.django_db
need, offer = factories.NeedFactory, factories.OfferFactory


def test_what_lacks_the_largest_share_comes_first_then_what_is_critical():
    half, all_, much, none = factories.ItemFactory.create_batch(4)
    need(item=half, quantity=100, urgency=2)
    offer(item=half, quantity=50)
    need(item=all_, quantity=10, urgency=1)
    need(item=much, quantity=900, urgency=2)
    offer(item=none, quantity=5)

    assert gaps() == [
        Gap(all_, needed=10, critical=10, offered=0, needs=1),
        Gap(much, needed=900, critical=0, offered=0, needs=1),
        Gap(half, needed=100, critical=0, offered=50, needs=1),
    ]


def test_only_what_is_open_and_not_reserved_counts():
    item = factories.ItemFactory()
    need(item=item, quantity=100, allocated=40)
    need(item=item, quantity=100, state="held")
    need(item=item, quantity=7, allocated=7, urgency=2)
    offer(item=item, quantity=100, allocated=90)

    (found,) = gaps()

    assert (found.needed, found.critical, found.offered, found.uncovered) == (60, 60, 10, 50)
    assert found.covered_percent == 16
    assert found.needs == 1


def test_nothing_lacks_when_an_offer_has_no_limit():
    wanted = need(quantity=3)
    offer(item=wanted.item, quantity=None)

    (found,) = gaps()

    assert (found.unlimited, found.uncovered, found.covered_percent) == (True, 0, 100)


def test_each_of_two_cities_is_set_against_what_the_other_offers():
    one, other = factories.CityFactory(), factories.CityFactory()
    item = factories.ItemFactory()
    need(city=one, item=item, quantity=100)
    offer(city=one, item=item, quantity=100)
    offer(city=other, item=item, quantity=30)
    offer(item=item, quantity=999)

    found = gaps_between(one, other)

    assert found == [(one, [Gap(item, needed=100, critical=100, offered=30, needs=1)]), (other, [])]


def test_items_stand_under_their_category_and_lead_to_their_postings(client):
    wanted = need()

    page = client.get(reverse("dashboard:gap"))

    assert [(category.pk, len(rows)) for category, rows in page.context["categories"]] == [
        (wanted.item.category_id, 1)
    ]
    assert f"/en/postings/?kind=need&amp;item={wanted.item_id}" in page.text


def test_a_pairing_has_a_gap_of_its_own_for_those_who_may_see_it(client, coordinator):
    active = factories.PairingFactory(state="active")
    proposed = factories.PairingFactory()
    wanted = need(city=active.cities[0])
    need()
    url = reverse("dashboard:gap")

    page = client.get(f"{url}?pairing={active.pk}")

    assert [gap.item for __, rows in page.context["between"] for gap in rows] == [wanted.item]
    assert client.get(f"{url}?pairing={proposed.pk}").status_code == 404
    client.force_login(coordinator)
    assert client.get(f"{url}?pairing={proposed.pk}").status_code == 200
    assert client.get(f"{url}?pairing=x").status_code == 200
