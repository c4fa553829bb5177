"""Visitors' pages come from the cache, and are those that would be rendered now."""

import gzip
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.cities.models import City
from apps.core.changes import watched
from apps.matching.models import Round
from config.settings import base
from tests import factories
from tests.pages.addresses import address
from tests.pages.matrix import ROWS, STARTS_A_ROUND, Row, data_for
from tests.pages.test_admin_pages import ADDED, EDITABLE, fill_in
from tests.versions import as_in_a_new_transaction, changes_by

PUBLIC = {
    row.name: row for row in ROWS if row.method == "GET" and row.answers["anonymous"] == "200"
}
NOT_KEPT = {
    "cities:city_lookup",  # suggestions
    "dashboard:replay_2020_csv",  # files
    "ledger:entries_csv",
    "ledger:entries_xlsx",
    "postings:attachment_download",
    "ledger:outside_offer",  # forms that post
    "ledger:question_ask",
}
IN_PARTS = [
    "cities:tie_list",
    "dashboard:city_list",
    "dashboard:flow_list",
    "dashboard:gap",
    "dashboard:home",
    "ledger:entry_list",
    "pairings:exchange_list",
    "pairings:pairing_list",
    "postings:library",
    "postings:posting_list",
]  # parts of which are kept for people who have signed in
TABLES = re.compile(r'(?:FROM|JOIN) "(\w+)"')
POSTS = [row for row in ROWS if row.method == "POST" and "302" in row.answers.values()]
PRIVATE = {
    "notifications:notification_read",
    "notifications:notification_read_all",
}  # what it changes, no visitor sees


@pytest.fixture(autouse=True)
def cache(settings: Any, db: None) -> Iterator[None]:
    settings.CACHES = {**settings.CACHES, "pages": base.CACHES["pages"]}
    settings.CACHED_PAGES = base.CACHED_PAGES
    caches["pages"].clear()
    as_in_a_new_transaction()
    yield
    caches["pages"].clear()


def page_of(name: str, world: Any) -> str:
    row = PUBLIC[name]
    return address(name, world[row.key] if row.key else None)


def is_rendered(browser: Any, url: str, **asked: Any) -> bool:
    """Whether the page is made now: for a kept one there is only the question for the version."""
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(url, **asked).status_code == 200
    return len(queries) != 1


def test_every_page_for_visitors_is_kept_or_named_as_not():
    assert set(PUBLIC) == base.CACHED_PAGES | NOT_KEPT


@pytest.mark.parametrize("name", sorted(base.CACHED_PAGES))
def test_second_visitor_gets_the_same_page_at_one_question(name, world, sign_in):
    url, browser = page_of(name, world), sign_in(None)
    first = browser.get(url)

    with CaptureQueriesContext(connection) as queries:
        second = browser.get(url)

    assert [query["sql"] for query in queries] == ["SELECT sum(number) FROM core_change"]
    assert (second.content, second.headers) == (first.content, first.headers)


def test_public_page_asks_only_tables_that_are_watched(world, sign_in):
    found = {model._meta.db_table for app in apps.get_app_configs() for model in watched(app)}

    with CaptureQueriesContext(connection) as queries:
        for name in base.CACHED_PAGES:
            sign_in(None).get(page_of(name, world))

    asked = {table for query in queries for table in TABLES.findall(query["sql"])}
    assert asked - found == set()


@pytest.mark.parametrize("row", POSTS, ids=str)
def test_version_rises_when_somebody_does_it(row: Row, world, sign_in):
    """By the forms of all pages, hence by every service that people call."""
    doer = next(persona for persona, answer in row.answers.items() if answer == "302")
    browser = sign_in(world.persona(doer, row.key))
    url = address(row.name, world[row.key] if row.key else None)
    if row.name in STARTS_A_ROUND:
        Round.objects.filter(state="open").update(state="cancelled")

    changes = changes_by(lambda: browser.post(url, data_for(row.name, world)))

    assert (changes == 0) == (row.name in PRIVATE)


@pytest.mark.parametrize("name", EDITABLE)
def test_version_rises_when_a_row_is_added_in_the_administration(name, world, sign_in):
    browser, url = sign_in(world.administrator), reverse(f"admin:{name}_add")

    assert changes_by(lambda: browser.post(url, fill_in(name, world))) > 0


def test_city_is_the_new_one_when_an_administrator_has_saved_it(world, sign_in):
    visitor, url = sign_in(None), world.tacoma.get_absolute_url()
    visitor.get(url)
    data = {**ADDED["cities_city"][1], "code": world.tacoma.code, "name_en": "Tacoma City"}

    sign_in(world.administrator).post(
        reverse("admin:cities_city_change", args=[world.tacoma.pk]), data
    )

    assert "Tacoma City" in visitor.get(url).text


def test_library_counts_on_when_somebody_opens_a_resource(world, sign_in):
    visitor, url = sign_in(None), reverse("postings:library")
    visitor.get(url)

    visitor.get(reverse("postings:resource_open", args=[world["resource"].pk]))

    assert is_rendered(visitor, url)


def test_page_is_rendered_anew_when_a_day_has_passed(world, sign_in):
    visitor, url = sign_in(None), reverse("postings:posting_list")
    visitor.get(url)

    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert is_rendered(visitor, url)
    assert not is_rendered(visitor, url)


OTHERS = {
    "a session": {"cookies": {"sessionid": "x"}},
    "a message": {"cookies": {"messages": "x"}},
    "a part of the page": {"headers": {"HX-Request": "true"}},
    "another query": {"query_params": {"q": "wuxi"}},
    "a query without end": {"query_params": {"q": "x" * 500}},
}


@pytest.mark.parametrize("what", OTHERS)
def test_page_is_rendered_when_the_request_has(what, world, sign_in):
    visitor, url = sign_in(None), reverse("dashboard:city_list")
    visitor.get(url)
    asked = dict(OTHERS[what])
    visitor.cookies.load(asked.pop("cookies", {}))

    assert is_rendered(visitor, url, **asked)


def test_signed_in_person_neither_gets_nor_leaves_a_kept_page(world, sign_in):
    url, officer = reverse("dashboard:home"), sign_in(world.officers[world.wuxi.pk])

    own = officer.get(url)
    visitors = sign_in(None).get(url)

    assert "Person cn-js-wuxi" in own.text
    assert "Person cn-js-wuxi" not in visitors.text
    assert "Person cn-js-wuxi" in officer.get(url).text


@pytest.mark.parametrize("name", ["account_login", "account_signup"])
def test_page_with_a_form_is_never_kept(name, world, sign_in):
    first, second = (sign_in(None).get(reverse(name)).text for _ in range(2))

    assert first != second  # the masked token


def test_page_is_not_kept_when_it_is_not_found(world, sign_in):
    url = reverse("dashboard:city_detail", args=["later"])
    assert sign_in(None).get(url).status_code == 404

    factories.CityFactory(code="later")
    as_in_a_new_transaction()

    assert sign_in(None).get(url).status_code == 200


def test_compressed_page_goes_only_to_who_can_read_it(world, sign_in):
    visitor, url = sign_in(None), reverse("dashboard:home")

    zipped = [visitor.get(url, headers={"Accept-Encoding": "br, gzip"}) for _ in range(2)]
    plain = [visitor.get(url) for _ in range(2)]

    assert [page["Content-Encoding"] for page in zipped] == ["gzip", "gzip"]
    assert [page.has_header("Content-Encoding") for page in plain] == [False, False]
    assert gzip.decompress(zipped[1].content) == plain[1].content
    assert {"Accept-Encoding", "Cookie"} <= set(zipped[1]["Vary"].split(", "))


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_browser_is_told_that_nothing_changed_when_it_has_the_page(encoding, world, sign_in):
    visitor, url = sign_in(None), reverse("dashboard:city_list")
    headers = {"Accept-Encoding": encoding}
    tag = visitor.get(url, headers=headers)["ETag"]

    again = visitor.get(url, headers={**headers, "If-None-Match": tag})
    City.objects.filter(pk=world.wuxi.pk).update(name_en="Wuxi City")
    changed = visitor.get(url, headers={**headers, "If-None-Match": tag})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert (changed.status_code, changed["ETag"] != tag) == (200, True)


def test_foreign_host_is_refused_when_the_page_is_kept(world, sign_in):
    visitor, url = sign_in(None), reverse("dashboard:home")
    visitor.get(url)

    assert visitor.get(url, headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("persona", ["anonymous", "newcomer", "own", "coordinator"])
@pytest.mark.parametrize("reader", ["own", "coordinator"])
@pytest.mark.parametrize("name", IN_PARTS)
def test_kept_parts_of_a_page_are_those_of_each_reader(name, reader, persona, world, sign_in):
    """Whoever read it before, and in which time zone: what may differ is outside of the parts."""
    url = page_of(name, world)
    User.objects.filter(pk=world.coordinator.pk).update(time_zone="America/Chicago")
    User.objects.filter(pk=world.persona("own").pk).update(time_zone="Asia/Shanghai")
    Round.objects.filter(state="finished").update(finished_at=timezone.now())
    as_in_a_new_transaction()
    alone = sign_in(world.persona(persona)).get(url).content
    caches["pages"].clear()
    sign_in(world.persona(reader)).get(url)

    assert sign_in(world.persona(persona)).get(url).content == alone
