"""Every list of the administration: its cost, its search, its filters, and every row's page."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.notifications.models import OutboxMessage
from tests import factories
from tests.pages import rows
from tests.pages.html import Page

OURS = {
    f"{model._meta.app_label}_{model._meta.model_name}": registered
    for model, registered in admin.site._registry.items()
    if registered.__module__.startswith("apps.")
}
SEARCHABLE = sorted(name for name, registered in OURS.items() if registered.search_fields)
ODD = ["\x00", "%", "_", "(", "a" * 10_000, "'\"\\", "无锡", "＠"]


def outbox(n: int) -> list[Any]:
    rows.news(n, factories.UserFactory(coordinator=True))
    return [str(message.pk) for message in OutboxMessage.objects.order_by("-pk")[:n]]


def audit(n: int) -> list[Any]:
    return [line.subject_label for line in rows.history(n, factories.CityFactory())]


def at_change_page(name: str, found: list[Any]) -> list[str]:
    return [reverse(f"admin:{name}_change", args=[row.pk]) for row in found]


COSTS: dict[str, tuple[int, Any]] = {
    "accounts_user": (7, lambda n: [factories.UserFactory() for _ in range(n)]),
    "audit_auditentry": (10, audit),
    "cities_city": (8, rows.city),
    "cities_liaison": (7, rows.liaison),
    "cities_sistertie": (7, rows.tie),
    "deliveries_delivery": (8, rows.delivery),
    "deliveries_distribution": (7, rows.distribution),
    "ledger_gift": (7, rows.gift),
    "ledger_ledgerentry": (8, rows.entry),
    "ledger_party": (
        8,
        lambda n: [factories.PartyFactory(city=factories.CityFactory()) for _ in range(n)],
    ),
    "ledger_question": (7, rows.question),
    "ledger_outsideoffer": (7, rows.outside_offer),
    "matching_match": (7, rows.match),
    "matching_round": (7, rows.round_),
    "notifications_outboxmessage": (8, outbox),
    "pairings_counterpartsupport": (7, rows.support),
    "pairings_exchange": (7, rows.exchange),
    "pairings_pairing": (9, rows.pairing),
    "pairings_pairingrule": (7, rows.rule),
    "postings_category": (
        7,
        lambda n: [factories.CategoryFactory(code=f"c-{n}-{i}") for i in range(n)],
    ),
    "postings_item": (8, rows.item),
    "postings_posting": (
        8,
        lambda n: [row for row in rows.posting(n) if hasattr(row, "kind")],
    ),
}


def test_costs_name_every_list_of_ours():
    assert set(COSTS) == set(OURS)


@pytest.mark.parametrize("name", COSTS)
def test_list_costs_the_same_at_three_rows(name, sign_in, cost, empty):
    expected, make = COSTS[name]

    def shown(n: int) -> list[str]:
        found = make(n)
        return (
            found
            if name in ("audit_auditentry", "notifications_outboxmessage")
            else at_change_page(name, found)
        )

    browser = sign_in(factories.UserFactory(administrator=True))
    assert cost(browser, reverse(f"admin:{name}_changelist"), shown) == (expected, expected)


def test_rounds_are_listed_without_their_snapshots(sign_in, empty):
    rows.round_(2)
    browser = sign_in(factories.UserFactory(administrator=True))

    with CaptureQueriesContext(connection) as queries:
        response = browser.get(reverse("admin:matching_round_changelist"))

    assert response.status_code == 200
    assert [q["sql"] for q in queries if '"snapshot"' in q["sql"] or '"result"' in q["sql"]] == []


@pytest.mark.parametrize("name", SEARCHABLE)
def test_search_answers_whatever_is_asked(name, world, sign_in):
    browser = sign_in(world.administrator)
    url = reverse(f"admin:{name}_changelist")

    assert {browser.get(url, {"q": odd}).status_code for odd in ODD} == {200}


@pytest.mark.parametrize("name", SEARCHABLE)
def test_search_finds_nothing_when_nothing_is_called_so(name, world, sign_in):
    url = reverse(f"admin:{name}_changelist")

    response = sign_in(world.administrator).get(url, {"q": "no such thing"})

    assert response.context["cl"].result_count == 0


@pytest.mark.parametrize("name", OURS)
def test_every_filter_answers(name, world, sign_in):
    browser = sign_in(world.administrator)
    url = reverse(f"admin:{name}_changelist")

    choices = {
        link["href"] for link in Page(browser.get(url).text).links if "?" in (link["href"] or "")
    }

    assert len(choices) >= len(OURS[name].list_filter)
    assert {choice for choice in choices if browser.get(url + choice).status_code != 200} == set()


@pytest.mark.parametrize("query", ["password__startswith=md5", "liaisons__user__password=x"])
def test_people_are_not_found_by_their_passwords(query, world, sign_in):
    url = reverse("admin:accounts_user_changelist")

    assert sign_in(world.administrator).get(f"{url}?{query}").status_code == 400
