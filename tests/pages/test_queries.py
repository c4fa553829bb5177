"""A page asks the database as often for three rows as for one; each under its own literal number."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from apps.matching.models import Round
from tests import factories
from tests.pages import rows
from tests.pages.conftest import count, mark

Rows = list[Any]


def urls(found: Rows, shown: Callable[[Any], Any]) -> Rows:
    return [mark(shown(row)) for row in found]


LISTS: dict[str, tuple[int, Callable[[int], Rows]]] = {
    "dashboard:city_list": (6, rows.pairing),
    "cities:tie_list": (3, lambda n: urls(rows.tie(n), lambda tie: tie.city_a)),
    "postings:posting_list": (6, lambda n: [r for r in rows.posting(n) if hasattr(r, "kind")]),
    "postings:library": (4, rows.resource),
    "ledger:entry_list": (9, rows.entry),
    "ledger:gift_list": (2, rows.gift),
    "dashboard:flow_list": (8, lambda n: [str(city) for city in rows.flow(n)]),
    "pairings:pairing_list": (4, rows.pairing),
    "pairings:exchange_list": (4, rows.exchange),
    "pairings:hubei_2020": (1, lambda n: urls(rows.support(n), lambda row: row.city)),
    "dashboard:replay_2020": (2, rows.table_of_2020),
    "dashboard:gap": (3, lambda n: [str(need.item) for need in rows.posting(n)[:n]]),
}


@pytest.mark.parametrize("name", LISTS)
def test_list_costs_the_same_at_three_rows_when_a_visitor_reads_it(name, sign_in, cost):
    expected, make = LISTS[name]

    assert cost(sign_in(None), reverse(name), make) == (expected, expected)


@pytest.mark.parametrize("name", LISTS)
def test_list_costs_the_same_at_three_hundred_rows_when_a_visitor_reads_it(name, sign_in, empty):
    expected, make = LISTS[name]
    browser, url = sign_in(None), reverse(name)
    make(300)
    browser.get(url)  # the first request of a process also fills caches

    assert count(browser, url, []) == expected


def at_many(browser: Any, url: str, make: Callable[[int], Rows], more: int) -> int:
    """How many queries the page takes when there are so many rows more than it shows."""
    make(more)
    return count(browser, url, [])


def test_home_costs_the_same_at_three_rows_when_a_visitor_reads_it(sign_in, cost):
    def make(n: int) -> Rows:
        needs = [str(need.item) for need in rows.posting(n)[:n]]
        return [*needs, *rows.pairing(n), *rows.given(n)]

    assert cost(sign_in(None), reverse("dashboard:home"), make) == (13, 13)


@pytest.fixture
def person(empty: None) -> Any:
    """An officer, with their city."""
    return factories.LiaisonFactory(city__parent=factories.StateFactory()).user


def city_of(person: Any) -> Any:
    return person.liaisons.get().city


def test_matches_cost_the_same_at_three_rows_when_an_officer_reads_them(sign_in, cost, person):
    own = city_of(person)

    def make(n: int) -> Rows:
        return rows.match(n, own, state="approved") + rows.match(n, None, own, state="accepted")

    browser, url = sign_in(person), reverse("matching:match_list")
    assert cost(browser, url, make) == (6, 6)
    assert at_many(browser, url, make, 150) == 6


def test_postings_cost_the_same_at_three_rows_when_an_officer_reads_them(sign_in, cost, person):
    def make(n: int) -> Rows:
        return [row for row in rows.posting(n, city=city_of(person)) if hasattr(row, "kind")]

    browser, url = sign_in(person), reverse("postings:posting_list")
    assert cost(browser, url, make) == (10, 10)
    assert at_many(browser, url, make, 300) == 10


def test_my_city_costs_the_same_at_three_rows(sign_in, cost, person):
    own, counterpart = city_of(person), factories.CityFactory()
    party = factories.PartyFactory(city=own)
    pairing = factories.PairingFactory(left=own, right=counterpart, state="active")

    def make(n: int) -> Rows:
        ending = rows.posting(n, city=own, expires_on=rows.in_days(1))
        factories.MessageFactory.create_batch(n, pairing=pairing, city=None)
        sent = rows.match(n, own, None, state="accepted")
        return [
            *[row for row in ending if hasattr(row, "kind")],
            *rows.match(n, own, state="approved"),
            *rows.match(n, None, own, state="accepted"),
            *[row for match in sent for row in rows.delivery(1, match)],
            *rows.gift(n, receiver=party),
            *rows.exchange(n, [own, counterpart]),
            *rows.posting(n, city=counterpart)[:n],
            *rows.delivery(n, rows.match(1, own, None, state="completed")[0], "received"),
            *urls(rows.liaison(n, user=person, state="removed"), lambda row: row),
        ]

    browser, url = sign_in(person), reverse("dashboard:my_city")
    assert cost(browser, url, make) == (21, 21)
    assert at_many(browser, url, make, 30) == 21


def test_news_costs_the_same_at_three_rows_of_each_subject(sign_in, cost, empty):
    coordinator = factories.UserFactory(coordinator=True)

    def make(n: int) -> Rows:
        rows.news(n, coordinator)
        return [str(told.pk) for told in coordinator.notifications.all()]

    browser, url = sign_in(coordinator), reverse("notifications:notification_list")
    assert cost(browser, url, make) == (18, 18)
    rows.news(40, coordinator)
    assert coordinator.notifications.count() >= 300
    assert count(browser, url, []) <= 18  # a page of the latest is about fewer kinds of subjects


def test_queue_costs_the_same_at_three_rows(sign_in, cost, empty):
    def make(n: int) -> Rows:
        held = rows.posting(n, state="held")
        return [
            *rows.liaison(n, state="requested"),
            *rows.match(n),
            *rows.pairing(n, "proposed"),
            *[row for row in held if hasattr(row, "kind")],
        ]

    browser, url = sign_in(factories.UserFactory(coordinator=True)), reverse("dashboard:queue")
    assert cost(browser, url, make) == (25, 25)
    assert at_many(browser, url, make, 75) <= 25  # 25 rows of 300 may be of fewer kinds


def test_questions_cost_the_same_at_three_rows(sign_in, cost, empty):
    browser = sign_in(factories.UserFactory(coordinator=True))

    assert cost(browser, reverse("ledger:question_list"), rows.question) == (6, 6)


def test_offers_from_outside_cost_the_same_at_three_rows(sign_in, cost, empty):
    browser = sign_in(factories.UserFactory(coordinator=True))

    assert cost(browser, reverse("ledger:outside_offer_list"), rows.outside_offer) == (6, 6)


def test_entry_costs_the_same_at_three_questions(sign_in, cost, empty):
    line = rows.entry(1)[0]

    def make(n: int) -> Rows:
        return [q.text for q in rows.question(n, entry=line, state="answered")]

    assert cost(sign_in(None), line.get_absolute_url(), make) == (5, 5)


def test_rounds_cost_the_same_at_three_rows(sign_in, cost, empty):
    browser = sign_in(factories.UserFactory(coordinator=True))

    assert cost(browser, reverse("matching:round_list"), rows.round_) == (6, 6)
    assert at_many(browser, reverse("matching:round_list"), rows.round_, 300) == 6


@pytest.mark.parametrize("name", LISTS)
def test_public_list_costs_an_officer_the_same_at_three_hundred_rows(name, sign_in, person):
    """What an officer's page asks besides is the same whatever it lists."""
    __, make = LISTS[name]
    browser, url = sign_in(person), reverse(name)
    make(3)
    browser.get(url)
    few = count(browser, url, [])
    make(297)

    assert count(browser, url, []) == few


def test_city_costs_the_same_at_three_rows_of_everything(sign_in, cost, empty):
    place = factories.CityFactory(parent=factories.StateFactory())
    factories.PairingFactory(state="active", left=place)

    def make(n: int) -> Rows:
        return [
            *[row for row in rows.posting(n, city=place) if hasattr(row, "kind")],
            *urls(rows.tie(n, place), lambda tie: tie.other(place)),
            *rows.entry(n, place)[1::2],
            *rows.exchange(n, [place, factories.CityFactory()]),
            *[factories.CityFactory(parent=place) for _ in range(n)],
        ]

    assert cost(sign_in(None), place.get_absolute_url(), make) == (12, 12)


def test_posting_costs_the_same_at_three_rows_of_everything(sign_in, cost, person):
    need = factories.NeedFactory(city=city_of(person))
    pack = factories.PackFactory(item=need.item)

    def make(n: int) -> Rows:
        offers = [factories.OfferFactory(item=need.item, pack=pack) for _ in range(n)]
        items = [factories.ItemFactory() for _ in range(n)]
        need.substitutes.add(*items)
        rows.history(n, need)
        found = [
            factories.MatchFactory(need=need, offer=offer, state="approved") for offer in offers
        ]
        return [*found, *map(str, items)]

    assert cost(sign_in(person), need.get_absolute_url(), make) == (13, 13)


def test_pairing_costs_the_same_at_three_rows_of_everything(sign_in, cost, person):
    left, right = city_of(person), factories.CityFactory()
    pairing = rows.pairing(1, left=left, right=right)[0]

    def make(n: int) -> Rows:
        sent = rows.match(n, left, right, state="accepted")
        rows.history(n, pairing)
        return [
            *rows.match(n, right, left, state="approved"),
            *[row for match in sent for row in rows.delivery(1, match)],
            *rows.entry(n, left, right),
            *rows.exchange(n, [left, right], pairing=pairing),
            *[row for row in rows.posting(n, city=left) if hasattr(row, "kind")],
        ]

    assert cost(sign_in(person), pairing.get_absolute_url(), make) == (36, 36)


def test_match_costs_the_same_at_three_rows_of_everything(sign_in, cost, person):
    match = rows.match(1, city_of(person), state="accepted")[0]

    def make(n: int) -> Rows:
        officers = rows.liaison(n, city=match.offer.city)
        rows.history(n, match)
        return [*rows.delivery(n, match), *[officer.office_email for officer in officers]]

    assert cost(sign_in(person), match.get_absolute_url(), make) == (15, 15)


def test_delivery_costs_the_same_at_three_rows_of_everything(sign_in, cost, person):
    delivery = rows.delivery(1, rows.match(1, city_of(person), state="accepted")[0])[0]
    type(delivery).objects.filter(pk=delivery.pk).update(state="received", received_quantity=10)

    def make(n: int) -> Rows:
        return [str(one.recipient) for one in rows.hold(n, delivery)[n:]]

    assert cost(sign_in(person), delivery.get_absolute_url(), make) == (11, 11)


def test_round_costs_the_same_at_three_rows_of_everything(sign_in, cost, empty):
    round_ = factories.RoundFactory(summary={**rows.SUMMARY, "left_out": []})

    def make(n: int) -> Rows:
        matches = [rows.one_match(None, None, round=round_) for _ in range(n)]
        pairings = rows.pairing(n, "proposed")
        round_.pairing_proposals.model.objects.update(round=round_)
        asked_by = factories.UserFactory(administrator=True)
        for _ in range(n):
            round_.replays.create(asked_by=asked_by, state="same")
        left = [factories.NeedFactory() for _ in range(n)]
        for need in left:
            round_.summary["left_out"].append({"posting": need.pk, "why": "needed_by_is_past"})
        Round.objects.filter(pk=round_.pk).update(summary=round_.summary)
        return [*matches, *pairings, *left]

    browser = sign_in(factories.UserFactory(coordinator=True))
    assert cost(browser, round_.get_absolute_url(), make) == (16, 16)


def test_entry_costs_the_same_at_three_purchases(sign_in, cost, empty):
    money = rows.entry(1)[0]

    def make(n: int) -> Rows:
        return [goods for _ in range(n) for goods in rows.one_entry(money=money)[1:]]

    assert cost(sign_in(None), money.get_absolute_url(), make) == (5, 5)


FORMS: dict[str, tuple[int, Callable[[int], Rows]]] = {
    "postings:posting_create": (9, lambda n: [str(item) for item in rows.item(n)]),
    "postings:resource_share": (5, lambda n: [str(item) for item in rows.knowledge(n)]),
    "ledger:gift_create": (6, lambda n: [str(item) for item in rows.item(n)]),
    "ledger:outside_offer": (4, lambda n: [str(item) for item in rows.item(n)]),
}


@pytest.mark.parametrize("name", FORMS)
def test_form_costs_the_same_at_three_choices(name, sign_in, cost, person):
    expected, make = FORMS[name]

    assert cost(sign_in(person), reverse(name), make) == (expected, expected)
