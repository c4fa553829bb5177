"""What is sent twice, too late, or after somebody else, gives one thing and a friendly sentence."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from apps.audit.models import AuditEntry
from apps.deliveries.models import Delivery
from apps.ledger.models import Gift, LedgerEntry, OutsideOffer, Question
from apps.matching.models import Match, Round
from apps.pairings.models import Pairing
from apps.postings.models import Posting
from tests.pages.addresses import address
from tests.pages.html import Page
from tests.pages.matrix import data_for
from tests.unchanged import nothing_changes

TWICE = [
    ("postings:posting_create", "", "own", Posting),
    ("ledger:gift_create", "", "own", Gift),
    ("ledger:question_ask", "entry.unknown", "anonymous", Question),
    ("ledger:outside_offer", "", "anonymous", OutsideOffer),
    ("deliveries:delivery_dispatch", "match.accepted", "own", Delivery),
]


def send(browser: Any, world: Any, name: str, key: str = "", **data: Any) -> Any:
    url = address(name, world[key] if key else None)
    return browser.post(url, {**data_for(name, world), **data})


@pytest.mark.parametrize(("name", "key", "persona", "model"), TWICE)
def test_one_thing_is_stored_when_a_form_is_sent_twice(name, key, persona, model, world, sign_in):
    browser = sign_in(world.persona(persona, key))
    first = send(browser, world, name, key)

    with nothing_changes():
        second = send(browser, world, name, key)

    assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)
    assert browser.get(second.url).status_code == 200


@pytest.mark.parametrize(("name", "key", "persona", "model"), TWICE)
def test_two_things_are_stored_when_the_form_is_opened_again(
    name, key, persona, model, world, sign_in
):
    browser, before = sign_in(world.persona(persona, key)), model.objects.count()

    for _ in range(2):
        form = Page(browser.get(address(name, world[key] if key else None)).text)
        send(browser, world, name, key, submission=form.inputs["submission"])

    assert model.objects.count() == before + 2


def test_token_stays_the_same_when_a_form_is_corrected(world, sign_in):
    browser = sign_in(world.persona("own"))

    refused = send(browser, world, "postings:posting_create", **{"line-0-quantity": "ten"})

    assert (
        Page(refused.text).inputs["submission"]
        == data_for("postings:posting_create", world)["submission"]
    )


def test_draft_is_kept_to_the_city_and_published_once(world, sign_in):
    browser = sign_in(world.persona("own"))

    drafted = send(browser, world, "postings:posting_create", draft="1")
    draft = Posting.objects.latest("pk")
    published = send(browser, world, "postings:posting_create")

    posting = Posting.objects.latest("pk")
    assert (drafted.status_code, draft.state, posting.state) == (200, "draft", "open")
    assert (posting, published.url) == (draft, draft.get_absolute_url())


SECOND_ANSWERS = [
    ("matching:match_accept", "match.approved"),
    ("matching:match_decline", "match.approved"),
    ("pairings:pairing_accept", "pairing.approved"),
    ("pairings:pairing_decline", "pairing.approved"),
]


@pytest.mark.parametrize(("name", "key"), SECOND_ANSWERS)
def test_second_answer_is_told_who_answered_first(name, key, world, sign_in):
    first = world.persona("own", key)
    send(sign_in(first), world, name.replace("decline", "accept"), key)
    browser = sign_in(world.persona("serving", key))

    with nothing_changes():
        response = send(browser, world, name, key)

    sentence = f"{first} has already answered for {world.cities[key][0]}."
    assert (response.status_code, sentence in Page(response.text).texts) == (422, True)


@pytest.mark.parametrize(("name", "key"), SECOND_ANSWERS)
def test_answer_is_refused_when_the_time_to_answer_is_over(name, key, world, sign_in):
    late = timezone.now() + timedelta(days=settings.ANSWER_DAYS, minutes=1)

    with time_machine.travel(late, tick=False), nothing_changes():
        response = send(sign_in(world.persona("own", key)), world, name, key)

    texts = Page(response.text).texts
    assert (response.status_code, "The time to answer is over." in texts) == (422, True)


@pytest.mark.parametrize(
    ("name", "key", "sentence"),
    [
        ("matching:match_accept", "match.expired", "This match is expired and takes no answer."),
        ("matching:match_accept", "match.declined", "This match is declined and takes no answer."),
        (
            "matching:match_accept",
            "match.cancelled",
            "This match is cancelled and takes no answer.",
        ),
        (
            "pairings:pairing_accept",
            "pairing.expired",
            "This pairing is expired and takes no answer.",
        ),
        (
            "pairings:pairing_accept",
            "pairing.declined",
            "This pairing is declined and takes no answer.",
        ),
    ],
)
def test_answer_is_refused_with_the_state_when_it_comes_to_something_closed(
    name, key, sentence, world, sign_in
):
    with nothing_changes():
        response = send(sign_in(world.persona("own", key)), world, name, key)

    assert (response.status_code, sentence in Page(response.text).texts) == (422, True)


SECOND_DECISIONS = [
    ("matching:match_approve", "matching:match_approve", "match.proposed"),
    ("matching:match_approve", "matching:match_reject", "match.proposed"),
    ("matching:match_reject", "matching:match_approve", "match.proposed"),
    ("pairings:pairing_approve", "pairings:pairing_approve", "pairing.proposed"),
    ("pairings:pairing_approve", "pairings:pairing_reject", "pairing.proposed"),
    ("pairings:pairing_reject", "pairings:pairing_approve", "pairing.proposed"),
]


@pytest.mark.parametrize(("first", "second", "key"), SECOND_DECISIONS)
def test_second_coordinator_is_told_what_the_first_decided(first, second, key, world, sign_in):
    done = send(sign_in(world.coordinator), world, first, key)
    browser = sign_in(world.second_coordinator)

    with nothing_changes():
        response = send(browser, world, second, key)

    words = Page(response.text).words
    state = "waiting for the cities" if first.endswith("approve") else "rejected"
    assert (done.status_code, response.status_code) == (302, 422)
    assert f"{world.coordinator} has decided already: " in words
    assert f" is {state}." in words


def test_second_confirmation_of_an_officer_says_how_it_stands(world, sign_in):
    send(sign_in(world.coordinator), world, "cities:liaison_refuse", "liaison.requested")
    browser = sign_in(world.second_coordinator)

    with nothing_changes():
        response = send(browser, world, "cities:liaison_confirm", "liaison.requested")

    words = Page(response.text).words
    assert (response.status_code, "is refused and cannot become confirmed." in words) == (422, True)


def test_edit_is_refused_when_somebody_has_edited_meanwhile(world, sign_in):
    browser = sign_in(world.persona("own", "need.open"))
    send(browser, world, "postings:posting_edit", "need.open")

    with nothing_changes():
        response = send(browser, world, "postings:posting_edit", "need.open", quantity="6,000")

    page = Page(response.text)
    sentence = "Somebody has changed this posting meanwhile. Compare, then try again."
    assert (response.status_code, sentence in page.texts) == (422, True)
    assert page.inputs["quantity"] == "6,000"


def test_history_tells_what_an_edit_changed(world, sign_in):
    browser = sign_in(world.persona("own", "need.open"))

    shown = browser.get(send(browser, world, "postings:posting_edit", "need.open").url)

    words = Page(shown.text).words
    assert AuditEntry.objects.latest("pk").verb == "edit_posting"
    assert "quantity: " in words.partition("Change")[2]


def test_match_is_refused_when_its_need_was_edited_after_the_round(world, sign_in):
    match = world["match.proposed"]
    Posting.objects.filter(pk=match.need_id).update(version=match.need.version + 1)

    with nothing_changes():
        response = send(
            sign_in(world.coordinator), world, "matching:match_approve", "match.proposed"
        )

    words = Page(response.text).words
    assert (response.status_code, "was edited since this was proposed" in words) == (422, True)


DATES = [
    ("postings:posting_create", "", "own", {"needed_by": "2020-01-01"}, "needed_by"),
    (
        "postings:posting_create",
        "",
        "own",
        {"kind": "offer", "available_from": "2090-01-02", "available_until": "2090-01-01"},
        "available_until",
    ),
    ("postings:posting_create", "", "own", {"expires_on": "2020-01-01"}, "expires_on"),
    ("ledger:gift_create", "", "own", {"given_on": "2099-01-01"}, "given_on"),
    (
        "deliveries:delivery_dispatch",
        "match.accepted",
        "own",
        {"dispatched_on": "2099-01-01"},
        "dispatched_on",
    ),
    ("deliveries:delivery_hold", "delivery.dispatched", "own", {"since": "2020-01-01"}, "since"),
    ("deliveries:delivery_hold", "delivery.dispatched", "own", {"since": "2099-01-01"}, "since"),
    ("deliveries:delivery_release", "delivery.held", "own", {"until": "2020-01-01"}, "until"),
    ("deliveries:delivery_release", "delivery.held", "own", {"until": "2099-01-01"}, "until"),
    (
        "deliveries:delivery_receive",
        "delivery.dispatched",
        "partner",
        {"received_on": "2020-01-01"},
        "received_on",
    ),
    (
        "deliveries:delivery_receive",
        "delivery.held",
        "partner",
        {"received_on": "2020-01-01"},
        "received_on",
    ),
]
QUANTITIES = [
    (
        "postings:posting_create",
        "",
        "own",
        {"line-0-smallest_lot": "6,000"},
        "line-0-smallest_lot",
    ),
    ("postings:posting_create", "", "own", {"kind": "need", "urgency": ""}, "urgency"),
    ("matching:match_approve", "match.proposed", "coordinator", {"quantity": "99"}, "reason"),
    (
        "matching:match_approve",
        "match.proposed",
        "coordinator",
        {"quantity": "900,000,000", "reason": "all"},
        "quantity",
    ),
    ("deliveries:delivery_dispatch", "match.accepted", "own", {"quantity": "101"}, "quantity"),
    (
        "deliveries:delivery_dispatch",
        "match.accepted",
        "own",
        {"giver_name": "x", "giver_kind": ""},
        "giver_kind",
    ),
    (
        "deliveries:delivery_receive",
        "delivery.dispatched",
        "partner",
        {"quantity": "101"},
        "quantity",
    ),
    (
        "deliveries:delivery_receive",
        "delivery.dispatched",
        "partner",
        {"quantity": "99"},
        "difference",
    ),
    (
        "deliveries:delivery_distribute",
        "delivery.received",
        "partner",
        {"quantity": "41"},
        "quantity",
    ),
    ("ledger:gift_confirm", "gift.recorded", "partner", {"quantity": "400", "note": ""}, "note"),
]


@pytest.mark.parametrize(("name", "key", "persona", "changes", "field"), DATES + QUANTITIES)
def test_domain_refuses_at_the_field_it_means(name, key, persona, changes, field, world, sign_in):
    browser = sign_in(world.persona(persona, key))

    with nothing_changes():
        response = send(browser, world, name, key, **changes)

    assert (response.status_code, f'id="error_1_id_{field}"' in response.text) == (422, True)


def test_city_proposes_no_second_pairing_with_the_same_city(world, sign_in):
    browser = sign_in(world.persona("own"))
    right = {"right": world.san_antonio.code}

    with nothing_changes():
        response = send(browser, world, "pairings:pairing_propose", **right)

    number = world["pairing.active"].pk
    sentence = f"This pairing exists: Wuxi – San Antonio (number {number}, active)."
    assert (response.status_code, sentence in Page(response.text).texts) == (422, True)


def test_opening_a_resource_counts_it_and_leads_to_its_address(world, sign_in):
    response = sign_in(None).get(address("postings:resource_open", world["resource"]))

    world["resource"].refresh_from_db()
    assert (response.status_code, response.url) == (302, "https://example.org/manual.pdf")
    assert world["resource"].downloads == 1


def test_withdrawn_gift_is_reversed_and_no_longer_public(world, sign_in):
    browser = sign_in(world.persona("own"))
    before = LedgerEntry.objects.count()

    response = send(browser, world, "ledger:gift_withdraw", "gift.recorded")

    assert (response.status_code, browser.get(response.url).status_code) == (302, 200)
    assert LedgerEntry.objects.count() == before + 1


def test_round_that_waits_is_followed_by_its_own_page(world, sign_in):
    Round.objects.filter(state="open").update(state="cancelled")
    browser = sign_in(world.coordinator)

    response = send(browser, world, "matching:round_open")

    page = browser.get(response.url)
    assert response.url == Round.objects.latest("pk").get_absolute_url()
    assert "Waiting for the worker." in Page(page.text).words


def test_everybody_is_led_to_a_page_they_may_see_after_what_they_did(world, sign_in):
    """An answer that hides its own subject leads elsewhere."""
    cases = [
        ("pairings:exchange_cancel", "exchange.planned", "own"),
        ("ledger:gift_withdraw", "gift.recorded", "own"),
        ("pairings:pairing_decline", "pairing.approved", "partner"),
        ("matching:match_decline", "match.approved", "partner"),
        ("postings:posting_withdraw", "need.open", "own"),
        ("cities:liaison_remove", "liaison.confirmed", "administrator"),
    ]

    found = {}
    for name, key, persona in cases:
        browser = sign_in(world.persona(persona, key))
        found[name] = browser.get(send(browser, world, name, key).url).status_code

    assert found == {name: 200 for name, __, __ in cases}
    assert Match.objects.get(pk=world["match.approved"].pk).state == "declined"
    assert Pairing.objects.get(pk=world["pairing.approved"].pk).state == "declined"
