"""Private contacts, marked as canaries, are seen by whom they are meant for and by nobody else."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from apps.cities.models import Liaison
from apps.cities.services import remove_liaison
from apps.matching.states import WITH_CONTACTS, MatchState
from apps.pairings.states import PairingState
from tests import factories
from tests.pages.addresses import address
from tests.pages.html import text_of
from tests.pages.matrix import PERSONAS, ROWS
from tests.pages.test_rendering import DETAIL

PRIVATE = re.compile(
    r"[\w.+-]*@(?:private|office)\.example|\+1 [\w-]*canary[\w-]*|Call canary[\w-]*|canary-statement"
    r"|Canary Person|md5\$[\w$/=+]+",
    re.IGNORECASE,
)
DECIDERS = ("coordinator", "serving", "administrator")
SHOWING = (
    *("cities:liaison_detail", "dashboard:city_detail", "dashboard:match_detail"),
    "ledger:question_detail",
    *("ledger:question_answer", "ledger:question_refuse", "ledger:outside_offer_detail"),
    "ledger:outside_offer_list",
    "notifications:preferences",  # the reader's own address
)
VISITOR = {"canary-visitor@private.example", "Canary Person"}


def urls_of(world: Any) -> Iterator[tuple[str, str]]:
    """(row, address) of everything that can be read, except where contacts are shown to some."""
    rows = {(row.name, row.key) for row in ROWS if row.method == "GET"}
    details = {
        (DETAIL[noun], key) for key in world.rows if (noun := key.partition(".")[0]) in DETAIL
    }
    for name, key in sorted(rows | details):
        if name not in SHOWING:
            yield key, address(name, world[key] if key else None)


@pytest.mark.parametrize("persona", PERSONAS)
def test_no_contact_stands_on_any_other_page(persona, world, sign_in):
    found = {}

    for key, url in urls_of(world):
        browser = sign_in(world.persona(persona, key))
        response = browser.get(url)
        secrets = [
            c.value for c in browser.cookies.values() if c.key == settings.SESSION_COOKIE_NAME
        ]
        text = text_of(response)
        seen = PRIVATE.findall(text) + [s for s in secrets if s in text]
        if seen:
            found[url] = seen

    assert found == {}


def contacts_of(match: Any) -> set[str]:
    officers = Liaison.objects.confirmed().of(*match.cities)
    return {contact for one in officers for contact in (one.office_email, one.office_phone)}


@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.parametrize("state", MatchState)
def test_contacts_of_a_match_are_seen_by_its_cities_and_staff_once_it_is_accepted(
    state, persona, world, sign_in
):
    key = f"match.{state}"
    entitled = persona in ("own", "partner", *DECIDERS) and state in WITH_CONTACTS

    response = sign_in(world.persona(persona, key)).get(
        address("dashboard:match_detail", world[key])
    )

    wanted = contacts_of(world[key]) if entitled else set()
    assert set(PRIVATE.findall(response.text)) == wanted
    assert bool(wanted) is entitled


def officers_who_see(place: Any, world: Any, sign_in: Any) -> set[str]:
    """Which personas read the office contacts of the place's officers on its page."""
    officers = Liaison.objects.confirmed().of(place)
    contacts = {contact for one in officers for contact in (one.office_email, one.office_phone)}
    seen = {}
    for persona in PERSONAS:
        text = sign_in(world.persona(persona)).get(place.get_absolute_url()).text
        found = set(PRIVATE.findall(text))
        assert found in (set(), contacts)
        seen[persona] = bool(found)
    return {persona for persona, sees in seen.items() if sees}


def test_contacts_of_a_city_are_seen_by_staff_and_by_officers_who_work_with_it(world, sign_in):
    assert officers_who_see(world.san_antonio, world, sign_in) == {"own", *DECIDERS}
    assert officers_who_see(world.wuxi, world, sign_in) == {"partner", *DECIDERS}
    assert officers_who_see(world.tacoma, world, sign_in) == {*DECIDERS}


@pytest.mark.parametrize("state", PairingState)
def test_contacts_of_a_city_are_seen_by_its_counterpart_once_both_have_said_yes(
    state, sign_in, world
):
    place, own = factories.CityFactory(), factories.LiaisonFactory()
    officer = factories.LiaisonFactory(city=place)
    factories.PairingFactory(state=state, left=place, right=own.city)

    text = sign_in(own.user).get(place.get_absolute_url()).text

    assert (officer.office_email in text) is (state in ("active", "suspended"))


@pytest.mark.parametrize("state", MatchState)
def test_contacts_of_a_city_are_seen_by_the_other_city_once_a_match_is_accepted(
    state, sign_in, world
):
    place, own = factories.CityFactory(), factories.LiaisonFactory()
    officer = factories.LiaisonFactory(city=place)
    need, offer = factories.NeedFactory(city=own.city), factories.OfferFactory(city=place)
    factories.MatchFactory(need=need, offer=offer, state=state)

    text = sign_in(own.user).get(place.get_absolute_url()).text

    assert (officer.office_email in text) is (state in WITH_CONTACTS)


@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.parametrize("state", ["requested", "confirmed", "refused", "removed"])
def test_contacts_of_an_officer_are_seen_by_those_who_confirm_them(state, persona, world, sign_in):
    key = f"liaison.{state}"
    liaison = world[key]

    response = sign_in(world.persona(persona, key)).get(address("cities:liaison_detail", liaison))

    found = set(PRIVATE.findall(response.text))
    expected = {liaison.user.email, liaison.office_email, liaison.office_phone}
    assert found - {liaison.statement.split(" at ")[0], "canary-statement"} == (
        expected if persona in DECIDERS else set()
    )


@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.parametrize("state", ["asked", "answered", "refused"])
def test_who_asked_is_seen_by_deciders_only(state, persona, world, sign_in):
    question = world[f"question.{state}"]

    response = sign_in(world.persona(persona)).get(address("ledger:question_detail", question))

    assert set(PRIVATE.findall(response.text)) == (VISITOR if persona in DECIDERS else set())


@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.parametrize("state", ["offered", "adopted", "declined"])
def test_who_offers_from_outside_is_seen_by_the_city_and_deciders(state, persona, world, sign_in):
    offer = world[f"outside.{state}"]
    wanted = {*VISITOR, "+1 canary-visitor"} if persona in ("own", *DECIDERS) else set()

    response = sign_in(world.persona(persona)).get(address("ledger:outside_offer_detail", offer))

    assert set(PRIVATE.findall(response.text)) == wanted


def test_list_of_offers_from_outside_names_givers_to_their_own_city_only(world, sign_in):
    found = {
        persona: "Canary Person" in sign_in(world.persona(persona)).get("/en/outside-offers/").text
        for persona in ("own", "partner", "other", "coordinator")
    }

    assert found == {"own": True, "partner": False, "other": False, "coordinator": True}


def test_own_contacts_are_seen_by_oneself(world, sign_in):
    liaison = world["liaison.requested"]

    text = sign_in(liaison.user).get(address("cities:liaison_detail", liaison)).text

    wanted = {liaison.user.email, liaison.office_email, liaison.office_phone, "canary-statement"}
    assert set(PRIVATE.findall(text)) == wanted


def test_contacts_are_gone_at_the_next_request_when_somebody_no_longer_speaks_for_the_city(
    world, sign_in, now
):
    officer = world.persona("partner")
    browser, url = sign_in(officer), address("dashboard:match_detail", world["match.accepted"])
    before = browser.get(url)

    remove_liaison(officer.liaisons.get(), by=world.administrator, now=now, reason="left")

    after = browser.get(url)
    assert (before.status_code, after.status_code) == (200, 404)
    assert PRIVATE.findall(after.text) == []


@pytest.mark.parametrize("persona", ["anonymous", "newcomer", "other"])
@pytest.mark.parametrize("state", ["active", "suspended", "ended"])
def test_pairing_tells_the_public_neither_persons_nor_reasons(state, persona, world, sign_in):
    pairing = world[f"pairing.{state}"]
    people = {pairing.proposed_by.name, world.coordinator.name, world.administrator.name}
    people -= {getattr(world.persona(persona), "name", "")}

    text = sign_in(world.persona(persona)).get(pairing.get_absolute_url()).text

    assert [person for person in people if person in text] == []
    assert "reason-for-those-concerned" not in text


@pytest.mark.parametrize("persona", ["own", "partner", "coordinator"])
def test_pairing_tells_those_concerned_who_decided_and_why(persona, world, sign_in):
    key = "pairing.suspended"

    text = sign_in(world.persona(persona, key)).get(world[key].get_absolute_url()).text

    assert world.coordinator.name in text
    assert "reason-for-those-concerned" in text


def test_reason_of_a_hold_is_told_to_those_concerned_only(world, sign_in):
    posting = world["need.held"]
    type(posting).objects.filter(pk=posting.pk).update(state="open")

    found = {
        persona: "reason-for-those-concerned"
        in sign_in(world.persona(persona, "need.held")).get(posting.get_absolute_url()).text
        for persona in PERSONAS
    }

    assert found == {p: p in ("own", *DECIDERS) for p in PERSONAS}


def test_person_who_did_not_agree_is_named_nowhere_in_the_ledger(world, sign_in):
    browser = sign_in(None)
    urls = [reverse("ledger:entry_list"), world["entry.year"].get_absolute_url()]

    texts = [browser.get(url).text for url in urls]
    searched = browser.get(urls[0], {"q": "Canary Person"}).context["object_list"]

    assert ["a person, not named" in text for text in texts] == [True, True]
    assert list(searched) == []
