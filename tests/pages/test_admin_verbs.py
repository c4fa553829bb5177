"""The buttons of the administration run the same services as the pages do, and refuse the same things."""

from typing import Any

import pytest
from django.db import models
from django.urls import reverse

from apps.audit.models import AuditEntry
from apps.core.admin import VerbAdmin
from apps.ledger.models import LedgerEntry
from apps.matching.models import Round
from apps.pairings.models import Pairing, PairingRule
from tests.pages.html import Page
from tests.pages.test_admin_lists import OURS
from tests.unchanged import nothing_changes

REASON = {"reason": "For a good reason."}
VERBS: dict[tuple[str, str], tuple[str, dict[str, str], str, str]] = {
    # (model, verb): row, form, its state afterwards, verb of the audit
    ("cities_liaison", "confirm"): ("liaison.requested", {}, "confirmed", "confirm_liaison"),
    ("cities_liaison", "refuse"): ("liaison.requested", REASON, "refused", "refuse_liaison"),
    ("cities_liaison", "remove"): ("liaison.confirmed", REASON, "removed", "remove_liaison"),
    ("postings_posting", "hold"): ("need.open", REASON, "held", "hold_posting"),
    ("postings_posting", "release"): ("need.held", REASON, "open", "release_posting"),
    ("postings_posting", "withdraw"): ("offer.open", REASON, "withdrawn", "withdraw_posting"),
    ("postings_posting", "renew"): ("need.expired", {}, "open", "renew_posting"),
    ("ledger_ledgerentry", "reverse"): ("entry.year", REASON, "", ""),
    ("ledger_gift", "confirm"): ("gift.recorded", {"quantity": "500"}, "confirmed", "confirm_gift"),
    ("ledger_gift", "withdraw"): ("gift.recorded", REASON, "withdrawn", "withdraw_gift"),
    ("ledger_question", "answer"): (
        "question.asked",
        {"text": "It is."},
        "answered",
        "answer_question",
    ),
    ("ledger_question", "refuse"): ("question.asked", REASON, "refused", "refuse_question"),
    ("ledger_outsideoffer", "adopt"): ("outside.offered", {}, "adopted", "adopt_outside_offer"),
    ("ledger_outsideoffer", "decline"): (
        "outside.offered",
        REASON,
        "declined",
        "decline_outside_offer",
    ),
    ("pairings_pairing", "approve"): ("pairing.proposed", {}, "approved", "approve_pairing"),
    ("pairings_pairing", "reject"): ("pairing.proposed", REASON, "rejected", "reject_pairing"),
    ("pairings_pairing", "cancel"): ("pairing.approved", REASON, "cancelled", "cancel_pairing"),
    ("pairings_pairing", "suspend"): ("pairing.active", REASON, "suspended", "suspend_pairing"),
    ("pairings_pairing", "resume"): ("pairing.suspended", {}, "active", "resume_pairing"),
    ("pairings_pairing", "end"): ("pairing.suspended", REASON, "ended", "end_pairing"),
    ("pairings_pairingrule", "lift"): ("rule.forbid", REASON, "", "lift_rule"),
    ("pairings_exchange", "hold"): ("exchange.planned", {}, "held", "hold_exchange"),
    ("pairings_exchange", "cancel"): ("exchange.planned", REASON, "cancelled", "cancel_exchange"),
    ("matching_round", "cancel"): ("round.running", REASON, "cancelled", "cancel_round"),
    ("matching_round", "retry"): ("round.failed", {}, "failed", ""),
    ("matching_round", "replay"): ("round.dry", {}, "finished", ""),
    ("matching_match", "approve"): (
        "match.proposed",
        {"quantity": "100"},
        "approved",
        "approve_match",
    ),
    ("matching_match", "reject"): ("match.proposed", REASON, "rejected", "reject_match"),
    ("matching_match", "cancel"): ("match.accepted", REASON, "cancelled", "cancel_match"),
}
WRONG = [
    ("cities_liaison", "confirm", "liaison.refused"),
    ("postings_posting", "release", "need.open"),
    ("ledger_ledgerentry", "reverse", "entry.reversed"),
    ("ledger_gift", "withdraw", "gift.confirmed"),
    ("ledger_question", "refuse", "question.answered"),
    ("ledger_outsideoffer", "adopt", "outside.declined"),
    ("pairings_pairing", "resume", "pairing.active"),
    ("pairings_pairing", "end", "pairing.ended"),
    ("pairings_exchange", "hold", "exchange.cancelled"),
    ("matching_round", "cancel", "round.finished"),
    ("matching_round", "replay", "round.failed"),
    ("matching_match", "cancel", "match.completed"),
]


def change(name: str, row: models.Model) -> str:
    return reverse(f"admin:{name}_change", args=[row.pk])


def button(name: str, row: models.Model, verb: str) -> str:
    return reverse(f"admin:{name}_verb", args=[row.pk, verb])


def now(row: models.Model) -> Any:
    return type(row)._base_manager.get(pk=row.pk)


def test_verbs_are_all_here():
    found = {
        (name, verb)
        for name, registered in OURS.items()
        if isinstance(registered, VerbAdmin)
        for verb in registered.verbs
    }

    assert set(VERBS) == found


@pytest.mark.parametrize(("name", "verb"), VERBS)
def test_button_runs_the_service_when_the_state_allows_it(name, verb, world, sign_in):
    key, data, state, audited = VERBS[name, verb]
    row, browser = world[key], sign_in(world.administrator)
    if verb == "retry":
        Round.objects.filter(state="open").update(state="cancelled")

    offered = {link.get("href") for link in Page(browser.get(change(name, row)).text).links}
    asked = browser.get(button(name, row, verb))
    done = browser.post(button(name, row, verb), data)

    assert button(name, row, verb) in offered
    assert (asked.status_code, len(Page(asked.text).headings) > 0) == (200, True)
    assert (done.status_code, done.headers.get("Location")) == (302, change(name, row))
    assert getattr(now(row), "state", "") == state
    if audited:
        kind = row._meta.label_lower
        last = AuditEntry.objects.filter(subject_kind=kind, subject_id=str(row.pk)).last()
        assert (last.verb, last.actor) == (audited, world.administrator)


@pytest.mark.parametrize(("name", "verb", "key"), WRONG)
def test_button_is_not_offered_and_refuses_when_the_state_is_another(
    name, verb, key, world, sign_in
):
    row, browser = world[key], sign_in(world.administrator)
    offered = {link.get("href") for link in Page(browser.get(change(name, row)).text).links}

    with nothing_changes():
        response = browser.post(button(name, row, verb), {**REASON, "quantity": "1"})

    assert button(name, row, verb) not in offered
    assert (response.status_code, "errorlist nonfield" in response.text) == (422, True)


@pytest.mark.parametrize("verb", ["nonsense", "delete", "verbs"])
def test_verb_that_is_none_is_not_found(verb, world, sign_in):
    response = sign_in(world.administrator).post(
        button("pairings_pairing", world["pairing.active"], verb)
    )

    assert response.status_code == 404


def test_reversal_stands_at_the_end_of_the_ledger_when_an_entry_is_reversed(world, sign_in):
    entry = world["entry.year"]

    sign_in(world.administrator).post(button("ledger_ledgerentry", entry, "reverse"), REASON)

    last = LedgerEntry.objects.latest("number")
    assert (last.reverses, last.quantity, last.note) == (entry, -100, "For a good reason.")


def test_second_live_pairing_is_refused_with_the_city_and_the_pairing_in_its_way(world, sign_in):
    browser = sign_in(world.administrator)
    browser.post(
        reverse("admin:pairings_pairing_add"), {"left": world.wuxi.code, "right": world.tacoma.code}
    )
    second = Pairing.objects.latest("pk")

    with nothing_changes():
        response = browser.post(button("pairings_pairing", second, "approve"))

    active = world["pairing.active"]
    sentence = f"Wuxi is already paired with San Antonio (pairing {active.pk}, active)."
    assert second.state == "proposed"
    assert (response.status_code, sentence in Page(response.text).texts) == (422, True)


def test_pairing_is_proposed_in_the_administration_and_stays_there(world, sign_in):
    response = sign_in(world.administrator).post(
        reverse("admin:pairings_pairing_add"),
        {"left": world.wuxi.code, "right": world.tacoma.code, "note": "a treaty"},
    )

    found = Pairing.objects.latest("pk")
    assert response.headers["Location"] == reverse("admin:pairings_pairing_changelist")
    assert (found.state, found.proposed_by) == ("proposed", world.administrator)
    assert found.cities == [world.wuxi, world.tacoma]


@pytest.mark.parametrize(("right", "field"), [("wuxi", "right"), ("jiangsu", "right")])
def test_pairing_is_refused_at_its_field_when_the_two_do_not_fit(right, field, world, sign_in):
    browser = sign_in(world.administrator)
    data = {"left": world.wuxi.code, "right": getattr(world, right).code}

    with nothing_changes():
        response = browser.post(reverse("admin:pairings_pairing_add"), data)

    assert (response.status_code, f'id="id_{field}_error"' in response.text) == (422, True)


def set_rule(browser: Any, world: Any, kind: str, one: str, other: str) -> Any:
    data = {
        "kind": kind,
        "city": getattr(world, one).pk,
        "city_b": getattr(world, other).pk,
        "reason": "a treaty",
    }
    return browser.post(reverse("admin:pairings_pairingrule_add"), data)


@pytest.mark.parametrize("kind", ["pin", "forbid"])
def test_rule_is_set_in_the_administration(kind, world, sign_in):
    response = set_rule(sign_in(world.administrator), world, kind, "wuxi", "tacoma")

    found = PairingRule.objects.latest("pk")
    assert response.headers["Location"] == reverse("admin:pairings_pairingrule_changelist")
    assert (found.kind, found.set_by, found.lifted_at) == (kind, world.administrator, None)
    assert {found.city_a, found.city_b} == {world.wuxi, world.tacoma}


@pytest.mark.parametrize(
    ("kind", "other", "sentence"),
    [
        ("pin", "wuxi", "A city cannot be its own counterpart."),
        ("pin", "bare", "Lift this first: Wuxi – Bare Place: must not pair."),
        ("forbid", "jiangsu", "Cities pair with cities"),
    ],
)
def test_rule_is_refused_with_its_reason(kind, other, sentence, world, sign_in):
    browser = sign_in(world.administrator)

    with nothing_changes():
        response = set_rule(browser, world, kind, "wuxi", other)

    words = Page(response.text).words
    assert (response.status_code, sentence in words) == (422, True)


def test_second_pin_of_a_city_names_the_first(world, sign_in):
    browser = sign_in(world.administrator)
    set_rule(browser, world, "pin", "wuxi", "tacoma")

    with nothing_changes():
        response = set_rule(browser, world, "pin", "wuxi", "san_antonio")

    words = Page(response.text).words
    assert response.status_code == 422
    assert "Wuxi is pinned already: Wuxi – Tacoma: must pair." in words


def test_rule_is_lifted_and_its_button_is_gone(world, sign_in):
    rule, browser = world["rule.lifted"], sign_in(world.administrator)

    assert (
        button("pairings_pairingrule", rule, "lift")
        not in browser.get(change("pairings_pairingrule", rule)).text
    )


@pytest.mark.parametrize("is_dry_run", [True, False])
def test_round_is_opened_in_the_administration(is_dry_run, world, sign_in):
    Round.objects.filter(state="open").update(state="cancelled")
    data = {"policy": "urgency_first", "objective": "total", "pool": "one"}

    response = sign_in(world.administrator).post(
        reverse("admin:matching_round_add"),
        {**data, **REASON, **({"is_dry_run": "on"} if is_dry_run else {})},
    )

    found = Round.objects.latest("pk")
    assert response.headers["Location"] == reverse("admin:matching_round_changelist")
    assert (found.state, found.is_dry_run, found.parameters) == ("open", is_dry_run, data)
    assert (found.opened_by, found.choice_reason) == (world.administrator, REASON["reason"])


def test_round_is_refused_while_another_waits(world, sign_in):
    data = {"policy": "pair_first", "objective": "widest", "pool": "country"}
    browser = sign_in(world.administrator)

    with nothing_changes():
        response = browser.post(reverse("admin:matching_round_add"), data)

    assert response.status_code == 422
    assert "A round is waiting to start already." in Page(response.text).texts


def test_administrator_decides_nothing_for_a_city_that_they_serve(world, sign_in):
    world.speak_for(world.cities["pairing.proposed"][0], world.administrator)
    browser = sign_in(world.administrator)
    pairing = world["pairing.proposed"]

    with nothing_changes():
        approved = browser.post(button("pairings_pairing", pairing, "approve"))

    assert approved.status_code == 403
