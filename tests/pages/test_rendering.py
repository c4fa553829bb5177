"""Every page, in both languages, for everybody who may see it, with a row in every state."""

import json
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import models
from django.template import engines
from django.urls import reverse
from django.utils import translation

from apps.deliveries import models as deliveries
from apps.ledger import models as ledger
from apps.matching import models as matching
from apps.pairings import models as pairings
from apps.postings import models as postings
from tests.pages.addresses import address
from tests.pages.html import Page
from tests.pages.matrix import PERSONAS, ROWS

LANGUAGES = {"en": "en", "zh-hans": "zh-Hans"}
DETAIL = {
    "city": "dashboard:city_detail",
    "delivery": "deliveries:delivery_detail",
    "entry": "dashboard:entry_detail",
    "exchange": "pairings:exchange_detail",
    "gift": "ledger:gift_detail",
    "liaison": "cities:liaison_detail",
    "match": "dashboard:match_detail",
    "need": "dashboard:posting_detail",
    "offer": "dashboard:posting_detail",
    "outside": "ledger:outside_offer_detail",
    "pairing": "dashboard:pairing_detail",
    "question": "ledger:question_detail",
    "round": "matching:round_detail",
}
NO_PAGE = (
    "cities:city_lookup",
    "dashboard:replay_2020_csv",
    "ledger:entries_csv",
    "ledger:entries_xlsx",
    "matching:round_progress",
    "notifications:notification_open",
    "notifications:notification_read",
    "notifications:notification_read_all",
    "pairings:agreement_download",
    "pairings:exchange_invite",
    "postings:attachment_download",
)
OTHER_PAGES = sorted(
    (row.name, row.key)
    for row in ROWS
    if row.method == "GET" and row.name not in (*DETAIL.values(), *NO_PAGE)
)
CODES = {
    value
    for module in (deliveries, ledger, matching, pairings, postings)
    for model in vars(module).values()
    if isinstance(model, type) and issubclass(model, models.Model)
    for field in model._meta.fields
    for value, __ in field.flatchoices
    if isinstance(value, str) and value
} - {"en", "zh-hans"}
RAW = re.compile(r"\b[a-z]+_[a-z_0-9]+\b|\bNone\b(?!\.| yet| of | known)|\bTrue\b|\bFalse\b")


SENTENCE = re.compile(r"(?:\b[A-Za-z]*[a-z]\b[ ,;]+){3}\b[a-z]+\b")  # four words in a row
TYPED = re.compile("A call that was cancelled|as much as flies|a list; a note")  # by people


class Undefined(str):
    """The empty text that a variable becomes which is not there; remembers whose template named it."""

    found: set[str]

    def __bool__(self) -> bool:
        """Only Django's look at a variable takes it for a text to put in the variable's place."""
        return sys._getframe(1).f_code.co_name == "resolve"

    def __contains__(self, text: str) -> bool:
        return text == "%s"

    def __mod__(self, variable: Any) -> str:
        frame = sys._getframe(1)
        while frame:
            template = frame.f_locals.get("self")
            origin = getattr(getattr(template, "origin", None), "name", "")
            if origin:
                break
            frame = frame.f_back
        if str(origin).startswith(str(settings.ROOT / "templates")):
            self.found.add(f"{origin}: {variable}")
        return ""


@pytest.fixture
def undefined(monkeypatch: pytest.MonkeyPatch) -> Undefined:
    found = Undefined()
    found.found = set()
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", found)
    return found


def faults_of(page: Page, language: str) -> Iterator[str]:
    """What is wrong with a page of ours, whatever it shows."""
    yield from page.faults
    if page.lang != LANGUAGES[language]:
        yield f"lang is {page.lang}"
    if not page.title.partition("·")[0].strip():
        yield "no title"
    if len(page.headings) != 1 or not page.headings[0].strip():
        yield f"h1: {page.headings}"
    if page.mains != 1:
        yield f"{page.mains} main"
    if page.inline:
        yield f"inline: {page.inline}"
    yield from (f"raw: {word}" for word in RAW.findall(page.words))
    if language == "zh-hans":
        yield from (f"code: {text}" for text in page.texts if text in CODES)
        yield from (f"English: {text}" for text in page.own if is_english(text))


def is_english(text: str) -> bool:
    return bool(SENTENCE.search(TYPED.sub("", text)))


def faults_of_language_link(page: Page, url: str, language: str) -> Iterator[str]:
    other = next(code for code in LANGUAGES if code != language)
    links = [link["href"] for link in page.links if link.get("hreflang")]
    if links != [url.replace(f"/{language}/", f"/{other}/", 1)]:
        yield f"language link: {links}"


def look(browser: Any, url: str, language: str) -> Iterator[str]:
    response = browser.get(url)
    if response.status_code == 200:
        page = Page(response.text)
        yield from (f"{url} {fault}" for fault in faults_of(page, language))
        yield from (f"{url} {fault}" for fault in faults_of_language_link(page, url, language))
    elif response.status_code not in (302, 403, 404):
        yield f"{url} answers {response.status_code}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("noun", DETAIL)
def test_page_of_a_row_is_whole_in_every_state(noun, language, world, sign_in, undefined):
    keys = [key for key in world.rows if key.partition(".")[0] == noun]

    with translation.override(language):
        faults = {
            fault
            for key in keys
            for persona in PERSONAS
            for fault in look(
                sign_in(world.persona(persona, key)), address(DETAIL[noun], world[key]), language
            )
        }

    assert (faults, undefined.found) == (set(), set())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "key"), OTHER_PAGES)
def test_page_is_whole_when_it_lists_or_asks(name, key, language, world, sign_in, undefined):
    row = world[key] if key else None

    with translation.override(language):
        faults = {
            fault
            for persona in PERSONAS
            for fault in look(sign_in(world.persona(persona, key)), address(name, row), language)
        }

    assert (faults, undefined.found) == (set(), set())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("persona", "path", "status"),
    [
        ("anonymous", "nothing/here/", 404),
        ("anonymous", "pairings/987654/", 404),
        ("own", "pairings/987654/", 404),
        ("own", "queue/", 403),
    ],
)
def test_page_of_a_refusal_is_whole_and_leads_on(
    persona, path, status, language, world, sign_in, undefined
):
    url = f"/{language}/{path}"

    response = sign_in(world.persona(persona)).get(url)

    page = Page(response.text)
    links = {link.get("href") for link in page.links}
    sign_in_link = f"{reverse('account_login')}?next={url}".replace("/en/", f"/{language}/", 1)
    assert response.status_code == status
    assert (list(faults_of(page, language)), undefined.found) == ([], set())
    assert (sign_in_link in links) is (persona == "anonymous")
    assert f"/{language}/" in links


def test_progress_is_a_part_while_a_round_runs_and_asks_for_the_page_when_it_has_ended(
    world, sign_in, undefined
):
    browser = sign_in(world.coordinator)

    running = browser.get(address("matching:round_progress", world["round.running"]))
    finished = browser.get(address("matching:round_progress", world["round.finished"]))

    assert (Page(running.text).faults, undefined.found) == ([], set())
    assert "finding the reasons, 30 %" in Page(running.text).words
    assert finished.text == ""
    assert json.loads(finished.headers["HX-Location"]) == {
        "path": world["round.finished"].get_absolute_url(),
        "target": "#content",
        "select": "#content",
        "swap": "outerHTML",
        "push": "false",
    }


def test_what_people_typed_is_shown_as_text_everywhere(world, sign_in):
    keys = ["need.open", "pairing.declined", "match.declined", "gift.recorded", "liaison.requested"]
    browser = sign_in(world.coordinator)

    pages = {
        key: browser.get(address(DETAIL[key.partition(".")[0]], world[key])).text for key in keys
    }

    assert [key for key, text in pages.items() if re.search("<(script>|b>)", text)] == []
    assert [key for key, text in pages.items() if not re.search("&lt;(script|b)&gt;", text)] == []
