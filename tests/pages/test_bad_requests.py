"""No request makes us answer with an error of our own, whatever stands in its address."""

from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve, reverse

from tests.pages.addresses import address, our_patterns
from tests.pages.html import Page
from tests.pages.matrix import ROWS, data_for
from tests.unchanged import nothing_changes

PAGED = sorted(
    name
    for name, pattern in our_patterns()
    if getattr(getattr(pattern.callback, "view_class", None), "paginate_by", None)
)
FILTERS = {
    name: list(pattern.callback.view_class.filterset_class.base_filters)
    for name, pattern in our_patterns()
    if hasattr(getattr(pattern.callback, "view_class", None), "filterset_class")
}
PAGES_THAT_ARE_NONE = ["0", "-1", "abc", str(10**20), "1.5", "\x00", "9" * 5000]
ODD = [
    "\x00",
    "a" * 10_000,
    "a" * 100_000,
    "%",
    "_",
    "[(*",
    "\\",
    "'; --",
    "nonsense",
    "1e14",
]
SLOTS = [str(10**20), str(2**63), "0", "-1", "abc", "1.0", "%00", "1%00", quote("١"), "1/../2"]
WITH_A_SLOT = sorted({row.name for row in ROWS if row.key})
POSTED = [row for row in ROWS if row.method == "POST" and "302" in row.answers.values()]


@pytest.mark.parametrize("name", PAGED)
def test_page_number_is_not_found_when_there_is_no_such_page(name, world, sign_in):
    browser, url = sign_in(world.administrator), reverse(name)

    found = {page: browser.get(url, {"page": page}).status_code for page in PAGES_THAT_ARE_NONE}

    assert found == dict.fromkeys(PAGES_THAT_ARE_NONE, 404)
    assert browser.get(url, {"page": ["7", "last"]}).status_code == 200


@pytest.mark.parametrize("name", FILTERS)
def test_filters_answer_whatever_is_asked(name, world, sign_in):
    browser, url = sign_in(world.administrator), reverse(name)

    found = [browser.get(url, dict.fromkeys(FILTERS[name], odd)).status_code for odd in ODD]
    twice = browser.get(url, {field: ["nonsense", "", "need"] for field in FILTERS[name]})

    assert {*found, twice.status_code} == {200}


@pytest.mark.parametrize("octets", ["%ff%fe", "%ed%a0%bd", "%C0%80", "%"])
def test_filter_answers_when_the_octets_are_no_text(octets, world, sign_in):
    assert sign_in(None).get(f"/en/cities/?q={octets}&level={octets}").status_code == 200


@pytest.mark.parametrize("name", FILTERS)
def test_filter_says_at_its_field_when_it_cannot_be(name, world, sign_in):
    text = (
        sign_in(world.administrator).get(reverse(name), dict.fromkeys(FILTERS[name], "\x00")).text
    )

    assert [f for f in FILTERS[name] if f'id="error_1_id_{f}"' not in text] == []


@pytest.mark.parametrize("sign", ["%", "_", "[", "("])
@pytest.mark.parametrize("name", [name for name, fields in FILTERS.items() if "q" in fields])
def test_search_takes_signs_literally(name, sign, world, sign_in):
    response = sign_in(world.administrator).get(reverse(name), {"q": sign})

    assert list(response.context["object_list"]) == []


def test_search_finds_a_city_by_its_other_name(world, sign_in):
    response = sign_in(None).get(reverse("dashboard:city_list"), {"q": "无锡"})

    assert [city.code for city in response.context["object_list"]] == ["cn-js-wuxi"]


@pytest.mark.parametrize("query", ["ordering=password", "user__email__startswith=c", "order_by=-x"])
def test_list_is_the_same_when_the_client_names_a_column(query, world, sign_in):
    browser, url = sign_in(world.administrator), reverse("dashboard:city_list")

    plain, asked = browser.get(url), browser.get(f"{url}?{query}")

    assert list(plain.context["object_list"]) == list(asked.context["object_list"])


@pytest.mark.parametrize("name", WITH_A_SLOT)
def test_row_is_not_found_when_its_number_is_none(name, world, sign_in):
    key = next(row.key for row in ROWS if row.name == name)
    there = str(address(name, world[key]))
    slot = there.split("/")[3] if name != "postings:resource_open" else str(world[key].pk)
    browser = sign_in(world.administrator)
    urls = [there.replace(f"/{slot}/", f"/{odd}/", 1) for odd in SLOTS]

    with nothing_changes():
        asked = {url: browser.get(url).status_code for url in urls}
        sent = {browser.post(url, {"reason": "x"}).status_code for url in urls}

    assert asked == dict.fromkeys(urls, 404)
    assert sent <= {404, 405}


@pytest.mark.parametrize("row", POSTED, ids=str)
def test_form_is_refused_with_a_page_when_it_carries_no_token(row, world, sign_in):
    persona = next(persona for persona, status in row.answers.items() if status == "302")
    browser = sign_in(world.persona(persona, row.key), enforce_csrf_checks=True)
    url = address(row.name, world[row.key] if row.key else None)

    with nothing_changes():
        response = browser.post(url, data_for(row.name, world))

    page = Page(response.text)
    assert (response.status_code, page.faults, page.mains) == (403, [], 1)
    assert page.headings == ["Please go back and try again"]


def test_refusal_without_a_token_is_in_the_language_of_the_page(world, sign_in):
    browser = sign_in(world.newcomer, enforce_csrf_checks=True)

    response = browser.post("/zh-hans/notifications/read/")

    assert (response.status_code, Page(response.text).lang) == (403, "zh-Hans")


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
@pytest.mark.parametrize("path", ["/en/", "/en/ledger/verify/", "/en/cities/cn-js-wuxi/"])
def test_method_is_not_allowed_where_a_page_is_only_read(method, path, world, sign_in):
    browser = sign_in(world.administrator)

    with nothing_changes():
        response = getattr(browser, method)(path)

    assert response.status_code == 405


@pytest.mark.parametrize("method", ["head", "options"])
def test_nothing_changes_when_a_verb_is_only_looked_at(method, world, sign_in):
    rows = [row for row in POSTED if row.answers["administrator"] == "302"]
    browser = sign_in(world.administrator)

    with nothing_changes():
        found = {
            getattr(browser, method)(
                address(row.name, world[row.key] if row.key else None)
            ).status_code
            for row in rows
        }

    assert found <= {200, 405}


@pytest.mark.parametrize(
    "path", ["/xx/", "/en-us/cities/", "/zh/", "/" + "a" * 5000 + "/", "/en//"]
)
def test_address_is_not_found_when_its_language_is_none(path, db, world):
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize(
    "header",
    ["a" * 10_000, "zh;q=x,*", "\x01", "zh-hans" * 500, "en;q=" + "9" * 400],
)
def test_first_page_leads_on_whatever_language_the_browser_names(header, db, world):
    response = Client().get("/", headers={"accept-language": header})

    assert (response.status_code, response.headers["Location"]) == (302, "/en/")


@pytest.mark.parametrize(("asked", "led"), [("zh-CN,zh;q=0.9", "/zh-hans/"), ("de", "/en/")])
def test_first_page_is_in_the_browsers_language_when_there_is_one(asked, led, db, world):
    assert Client().get("/", headers={"accept-language": asked}).headers["Location"] == led


def test_host_is_refused_when_it_is_not_ours(db, world):
    assert Client().get("/en/", headers={"host": "evil.example"}).status_code == 400


def test_form_is_refused_when_it_has_too_many_fields(world, sign_in):
    browser = sign_in(world.officers[world.wuxi.pk])
    many = {f"field-{n}": "x" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}

    with nothing_changes():
        response = browser.post(reverse("postings:posting_create"), many)

    assert response.status_code == 400


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example/", "javascript:alert(1)"]
)
def test_sign_in_leads_home_when_the_target_is_elsewhere(target, world, sign_in):
    world.newcomer.emailaddress_set.create(email=world.newcomer.email, verified=True, primary=True)

    response = Client().post(
        reverse("account_login"),
        {"login": world.newcomer.email, "password": "a long password", "next": target},
    )

    assert response.headers["Location"] == reverse("dashboard:my_city")


def test_form_shows_what_the_address_asks_as_text(world, sign_in):
    response = sign_in(world.officers[world.wuxi.pk]).get(
        reverse("postings:posting_create"), {"kind": "\"><script>alert('x')</script>"}
    )

    assert (response.status_code, "<script>alert" in response.text) == (200, False)


def test_every_address_of_ours_resolves_to_itself(db: None, world: Any):
    addresses = [address(row.name, world[row.key] if row.key else None) for row in ROWS]

    assert [resolve(url).view_name for url in addresses] == [row.name for row in ROWS]
