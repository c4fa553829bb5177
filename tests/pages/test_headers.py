"""What every answer carries, and what no page of ours may hold."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from tests.pages.addresses import address
from tests.pages.html import Page, text_of
from tests.pages.matrix import ROWS

POLICY = {
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
}
ASKING = ("ledger:outside_offer", "ledger:question_ask")  # forms that visitors may send
PUBLIC = [
    row
    for row in ROWS
    if row.method == "GET" and row.answers["anonymous"] in ("200", "302") and row.name not in ASKING
]
SIGN_IN = [
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_email",
    "account_change_password",
    "account_logout",
    "mfa_index",
]
TEMPLATES = sorted((Path(settings.ROOT) / "templates").rglob("*.html"))
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\s(?:src=|type=\"application/json\"))",
    re.IGNORECASE,
)


def pages(world: Any) -> list[str]:
    return [
        address(row.name, world[row.key] if row.key else None)
        for row in ROWS
        if row.method == "GET"
    ]


@pytest.mark.parametrize("persona", ["anonymous", "own", "administrator"])
def test_every_answer_carries_the_same_strict_headers(persona, world, sign_in):
    browser = sign_in(world.persona(persona))
    urls = [*pages(world), "/en/nowhere/", "/en/admin/", *(reverse(name) for name in SIGN_IN)]

    found = {url: browser.get(url).headers for url in urls}

    policies = [set(h["Content-Security-Policy"].split("; ")) for h in found.values()]
    assert [policy for policy in policies if policy != POLICY] == []
    assert {h["X-Frame-Options"] for h in found.values()} == {"DENY"}
    assert {h["X-Content-Type-Options"] for h in found.values()} == {"nosniff"}
    assert {h["Referrer-Policy"] for h in found.values()} == {"same-origin"}
    assert {h["Cross-Origin-Opener-Policy"] for h in found.values()} == {"same-origin"}


@pytest.mark.parametrize("persona", ["newcomer", "own", "coordinator", "administrator"])
def test_no_cache_keeps_what_a_signed_in_person_sees(persona, world, sign_in):
    browser = sign_in(world.persona(persona))
    urls = [*pages(world), "/en/nowhere/", "/en/admin/", *(reverse(name) for name in SIGN_IN)]

    lax = [url for url in urls if "no-store" not in browser.get(url).headers["Cache-Control"]]

    assert lax == []


@pytest.mark.parametrize("row", PUBLIC, ids=str)
def test_public_page_sets_no_cookie_and_asks_for_nothing_for_a_visitor(row, world, sign_in):
    response = sign_in(None).get(address(row.name, world[row.key] if row.key else None))

    text = text_of(response)
    forms = [form.get("method") for form in Page(text).forms]
    assert (dict(response.cookies), forms.count("post")) == ({}, 0)
    assert "csrfmiddlewaretoken" not in text


def test_visitor_gets_a_page_of_a_hidden_row_without_a_cookie(world, sign_in):
    response = sign_in(None).get(world["pairing.proposed"].get_absolute_url())

    assert (response.status_code, dict(response.cookies)) == (404, {})


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_holds_nothing_inline(path):
    assert INLINE.findall(path.read_text()) == []


def test_session_cookie_is_shut_to_scripts_and_other_sites(world, sign_in):
    world.newcomer.emailaddress_set.create(email=world.newcomer.email, verified=True, primary=True)

    response = sign_in(None).post(
        reverse("account_login"), {"login": world.newcomer.email, "password": "a long password"}
    )

    cookie = response.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", SIGN_IN)
def test_page_of_the_sign_in_is_whole(name, language, world, sign_in):
    url = reverse(name).replace("/en/", f"/{language}/", 1)
    persona = "anonymous" if name in SIGN_IN[:3] else "newcomer"

    page = Page(sign_in(world.persona(persona)).get(url, follow=True).text)

    assert (page.faults, page.mains, len(page.headings), page.inline) == ([], 1, 1, [])
    assert page.title.partition("·")[0].strip() != ""
    assert page.lang == {"en": "en", "zh-hans": "zh-Hans"}[language]
