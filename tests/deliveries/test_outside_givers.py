"""A delivery can name whom its city adopted the offer from."""

from uuid import uuid4

import pytest
from django.urls import reverse

from apps.deliveries.models import Delivery
from apps.ledger.models import LedgerEntry
from apps.postings.dates import today_in
from tests import factories


@pytest.fixture
def url(way):
    return reverse("deliveries:delivery_dispatch", args=[way.match.pk])


@pytest.fixture
def company(way):
    """Behind the offer of the match."""
    party = factories.PartyFactory(name="Acme", city=way.match.offer.city)
    offer = {"city": way.match.offer.city, "posting": way.match.offer, "party": party}
    return factories.OutsideOfferFactory(state="adopted", **offer).party


def send(client, way, url, now, **changes):
    client.force_login(way.giver)
    day = today_in(way.match.offer.city, now)
    form = {"quantity": "10", "dispatched_on": str(day), "submission": str(uuid4()), **changes}
    assert client.post(url, form).status_code == 302
    return Delivery.objects.latest("pk")


def test_company_is_suggested_and_stands_in_the_ledger(client, way, url, company, now):
    client.force_login(way.giver)
    field = client.get(url).context["form"]["giver"]

    delivery = send(client, way, url, now, giver=field.value())

    assert delivery.giver == company
    assert LedgerEntry.objects.get(source_kind="delivery").giver == company


def test_city_stands_in_the_ledger_when_its_officer_chooses_so(client, way, url, company, now):
    delivery = send(client, way, url, now, giver="")

    assert delivery.giver is None


def test_who_is_named_by_hand_goes_before_who_is_remembered(client, way, url, company, now):
    named = {"giver_name": "Other Company", "giver_kind": "company"}

    delivery = send(client, way, url, now, giver=company.pk, **named)

    assert str(delivery.giver) == "Other Company"


def test_no_party_is_suggested_when_the_offer_is_the_citys_own(client, way, url):
    client.force_login(way.giver)

    assert "giver" not in client.get(url).context["form"].fields
