"""Companies, associations and persons offer through a city, which adopts or declines."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from apps.core.errors import DomainError
from apps.core.states import InvalidTransition
from apps.dashboard.invariants import check_invariants
from apps.ledger.models import OutsideOffer, Party
from apps.ledger.services import (
    adopt_outside_offer,
    decline_outside_offer,
    offer_from_outside,
)
from apps.notifications.models import Notification
from apps.postings.models import Posting
from tests import factories
from tests.unchanged import nothing_changes


@pytest.fixture
def officer(wuxi):
    return factories.LiaisonFactory(city=wuxi).user


@pytest.fixture
def offer(wuxi, masks, now):
    """offer(...) sends one; what it does not say is a company's 300 masks through Wuxi."""

    def send(city=wuxi, item=masks, quantity=300, **changes):
        sent = {"by": None, "now": now, "submission": uuid4(), "kind": "company", "language": "en"}
        sent |= {"name": "Acme", "may_be_named": True, "email": "acme@example.org"}
        return offer_from_outside(city, item, quantity, **(sent | changes))

    return send


def told(kind):
    return set(Notification.objects.filter(kind=kind).values_list("recipient__email", flat=True))


def test_officers_of_the_city_are_told_when_something_is_offered(offer, officer, coordinator):
    offer()

    assert told("outside_offer_made") == {officer.email}
    assert check_invariants() == []


def test_deciders_are_told_when_the_city_has_no_officer(offer, coordinator):
    offer()

    assert told("outside_offer_made") == {coordinator.email}


def test_one_offer_is_made_when_the_form_is_sent_twice(offer):
    number = uuid4()
    first = offer(submission=number)

    with nothing_changes():
        assert offer(submission=number) == first


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"quantity": None}, "quantity"), ({"city": "country"}, "city")],
)
def test_offer_is_refused_at_the_field_when_the_city_could_not_post_it(offer, changes, field):
    if "city" in changes:
        changes = {"city": factories.CityFactory(level="country", acts=False)}

    with nothing_changes(), pytest.raises(DomainError) as refused:
        offer(**changes)

    assert refused.value.field == field


def test_visitors_share_one_allowance_an_hour(offer, settings, now):
    settings.VISITORS_PER_HOUR = 1
    offer()

    with nothing_changes(), pytest.raises(DomainError):
        offer()

    OutsideOffer.objects.update(created_at=now - timedelta(hours=1, seconds=1))
    offer()


def test_adopted_offer_is_a_draft_of_the_city_with_its_giver_remembered(
    offer, officer, wuxi, masks, now
):
    adopted = adopt_outside_offer(offer(details="In boxes."), by=officer, now=now)

    posting = adopted.posting
    assert (posting.city, posting.kind, posting.state) == (wuxi, "offer", "draft")
    assert (posting.item, posting.quantity, posting.details) == (masks, 300, "In boxes.")
    assert (str(adopted.party), adopted.party.kind, adopted.party.city) == ("Acme", "company", wuxi)
    assert (adopted.state, adopted.decided_by) == ("adopted", officer)
    assert check_invariants() == []


def test_knowledge_is_adopted_without_a_quantity(offer, officer, now):
    manual = factories.ItemFactory(is_knowledge=True)

    adopted = adopt_outside_offer(offer(item=manual, quantity=None), by=officer, now=now)

    assert adopted.posting.quantity is None


def test_giver_who_did_not_agree_is_named_neither_by_name_nor_by_code(offer, officer, now):
    named = adopt_outside_offer(offer(kind="person", name="Li Ming"), by=officer, now=now).party
    hidden = offer(kind="person", name="Li Ming", may_be_named=False)

    party = adopt_outside_offer(hidden, by=officer, now=now).party

    assert (str(named), str(party)) == ("Li Ming", "a person, not named")
    assert "li-ming" not in party.code
    assert Party.objects.filter(name="Li Ming").count() == 2


def test_company_that_did_not_agree_is_no_person(offer, officer, now):
    party = adopt_outside_offer(offer(may_be_named=False), by=officer, now=now).party

    assert str(party) == "a giver, not named"


def test_two_offers_of_one_company_have_one_party(offer, officer, now):
    parties = {adopt_outside_offer(offer(), by=officer, now=now).party for _ in range(2)}

    assert len(parties) == 1


def test_nothing_is_drafted_when_an_offer_is_adopted_twice(offer, officer, now):
    sent = offer()
    adopt_outside_offer(sent, by=officer, now=now)

    with nothing_changes(), pytest.raises(InvalidTransition):
        adopt_outside_offer(sent, by=officer, now=now)

    assert Posting.objects.count() == 1


def test_only_the_city_adopts_and_deciders_may_decline_too(offer, officer, coordinator, now):
    sent = offer()
    stranger = factories.LiaisonFactory().user

    with nothing_changes():
        for person in (stranger, coordinator):
            with pytest.raises(PermissionDenied):
                adopt_outside_offer(sent, by=person, now=now)
        with pytest.raises(PermissionDenied):
            decline_outside_offer(sent, by=stranger, now=now, reason="No.")

    declined = decline_outside_offer(sent, by=coordinator, now=now, reason="No officer there.")
    assert (declined.state, declined.state_reason) == ("declined", "No officer there.")


@pytest.mark.parametrize(
    ("service", "words", "kind"),
    [
        (adopt_outside_offer, {}, "outside_offer_adopted"),
        (decline_outside_offer, {"reason": "No."}, "outside_offer_declined"),
    ],
)
def test_giver_is_told_when_they_had_signed_in(offer, officer, now, service, words, kind):
    giver = factories.UserFactory()

    service(offer(by=giver), by=officer, now=now, **words)

    assert told(kind) == {giver.email}


def test_waiting_are_the_citys_own_undecided_ones_the_oldest_first(offer, officer, wuxi, now):
    first, second, third = offer(), offer(), offer()
    offer(city=factories.CityFactory())
    decline_outside_offer(second, by=officer, now=now, reason="No.")

    assert list(OutsideOffer.objects.waiting_for(wuxi)) == [first, third]


def test_cities_without_an_officer_are_found(offer, officer):
    offer()
    alone = offer(city=factories.LiaisonFactory(state="requested").city)

    assert list(OutsideOffer.objects.waiting().without_officer()) == [alone]


def test_visitor_sends_an_offer_by_the_name_of_the_city(client, wuxi, masks):
    form = {
        "kind": "association",
        "name": "Friends",
        "email": "friends@example.org",
        "city": wuxi.name_zh_hans,
        "item": masks.pk,
        "quantity": "1,500",
        "submission": str(uuid4()),
    }

    response = client.post(reverse("ledger:outside_offer"), form)

    sent = OutsideOffer.objects.get()
    assert (response.status_code, client.get(response.url).status_code) == (302, 200)
    assert (sent.city, sent.quantity, sent.may_be_named, sent.sent_by) == (wuxi, 1500, False, None)


def test_adopting_leads_to_the_draft(client, offer, officer):
    client.force_login(officer)

    response = client.post(reverse("ledger:outside_offer_adopt", args=[offer().pk]))

    assert response.url == Posting.objects.get().get_absolute_url()
    assert client.get(response.url).status_code == 200
