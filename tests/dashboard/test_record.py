"""An entry leads to its source for whoever may see it, and says what became of what arrived."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.dashboard.record import Whereabouts, whereabouts
from apps.deliveries.services import dispatch_delivery, distribute, receive_delivery
from apps.ledger.models import LedgerEntry
from apps.ledger.services import party_of, record_entry, record_gift
from tests import factories
from tests.pages.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def arrived(administrator, now):
    """A delivery of 100, of which 90 arrived and 60 were handed on."""
    need = factories.NeedFactory(state="open", allocated=100)
    offer = factories.OfferFactory(item=need.item, allocated=100)
    match = factories.MatchFactory(
        need=need, offer=offer, state="accepted", decided_by=administrator
    )
    day = now.date() - timedelta(days=1)
    acting = {"by": administrator, "now": now}
    delivery = dispatch_delivery(match, quantity=100, dispatched_on=day, **acting)
    delivery = receive_delivery(
        delivery, quantity=90, received_on=day, difference="damaged", **acting
    )
    distribute(delivery, recipient="A hospital", kind="hospital", quantity=60, **acting)
    return delivery


def entry_of(delivery, kind):
    return LedgerEntry.objects.get(source_kind="delivery", source_id=str(delivery.pk), kind=kind)


def page_of(client, entry):
    return Page(client.get(entry.get_absolute_url()).text)


def links(page):
    return {link.get("href") for link in page.links}


def test_delivery_is_led_to_for_who_may_see_it_and_named_for_others(client, arrived, coordinator):
    entry = entry_of(arrived, "sent")

    visitor = page_of(client, entry)
    client.force_login(coordinator)
    decider = page_of(client, entry)

    assert f"delivery {arrived.pk}" in visitor.words
    assert arrived.get_absolute_url() not in links(visitor)
    assert arrived.get_absolute_url() in links(decider)


def test_gift_is_led_to_for_everybody(client, now):
    giver = factories.LiaisonFactory()
    gift = record_gift(
        giver=party_of(giver.city),
        receiver=factories.PartyFactory(),
        item=factories.ItemFactory(),
        quantity=5,
        by=giver.user,
        now=now,
    )

    page = page_of(client, LedgerEntry.objects.get())

    assert gift.get_absolute_url() in links(page)


def test_entry_of_what_arrived_says_what_was_handed_on(client, arrived):
    words = page_of(client, entry_of(arrived, "received")).words

    assert "60 pieces noted as handed on, 30 pieces not noted yet" in words
    assert "handed on" not in page_of(client, entry_of(arrived, "sent")).words


def test_received_and_handed_on_are_added_by_item(arrived):
    item = arrived.match.offer.item

    assert whereabouts() == [Whereabouts(item, 90, 60)]
    assert whereabouts()[0].rest == 30


def test_demonstration_is_not_added(arrived):
    type(arrived.match).objects.update(is_demo=True)

    assert whereabouts() == []


def test_flows_are_counted_in_entries_until_an_item_is_chosen(client, arrived):
    url, item = reverse("dashboard:flow_list"), arrived.match.offer.item

    plain = client.get(url)
    chosen = client.get(url, {"item": item.pk})

    texts = [found.context["drawn"][0][1].givers[0].text for found in (plain, chosen)]
    assert texts == ["not stated 1", "not stated 100"]
    assert "units of different items are never added up" in plain.text
    assert f"{item}, counted in pieces." in chosen.text


def test_kinds_are_never_added_to_each_other(client, arrived):
    url = reverse("dashboard:flow_list")

    sent, received, pledged = (
        client.get(url, {"kind": kind}).context for kind in ("", "received", "pledged")
    )

    assert [one.entries for one, *__ in sent["drawn"]] == [1]
    assert [one.flows[0].units for one, *__ in received["drawn"]] == [90]
    assert pledged["drawn"] == []


def test_item_without_any_number_is_not_drawn(client, now):
    giver, receiver = (party_of(factories.CityFactory()) for _ in range(2))
    item = factories.ItemFactory()
    source = ("test", "1")
    record_entry(
        "sent",
        giver=giver,
        receiver=receiver,
        item=item,
        quantity=None,
        source=source,
        by=None,
        now=now,
    )

    response = client.get(reverse("dashboard:flow_list"), {"item": item.pk})

    assert response.context["drawn"][0][1] is None
    assert "No entry states a quantity." in response.text


def test_page_says_so_when_no_entry_fits(client):
    response = client.get(reverse("dashboard:flow_list"), {"since": "2030-01-01"})

    assert "No entry fits." in response.text
    assert "No delivery has been received yet." in response.text
