"""What the pages say about the server, the data and the readers is so."""

import re
from http.cookies import Morsel

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.views.defaults import server_error

from tests.pages.html import Page

COOKIES = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages"}


def test_licences_name_every_package_that_is_vendored(client):
    folder = settings.ROOT / "static/vendor"
    page = Page(client.get(reverse("dashboard:licences")).text)

    table = (folder / "README.md").read_text()
    rows = re.findall(r"^\| (\S+) \| ([\w-]+).* \| ([\d.]+) \| ([\w.-]+) \|$", table, re.MULTILINE)

    assert {row[0] for row in rows} == {path.name for path in folder.iterdir() if path.is_dir()}
    assert [row for row in rows if not set(row[1:]) <= set(page.texts)] == []


@pytest.mark.django_db
def test_cookies_are_those_the_page_names_when_somebody_signs_up_in(client):
    person = {"name": "Ana", "email": "a@b.example"}
    password = {"password1": "seven green rivers", "password2": "seven green rivers"}
    browser = Client(enforce_csrf_checks=False)
    page = Page(client.get(reverse("dashboard:privacy")).text)

    browser.get(reverse("account_login"))
    browser.post(reverse("account_signup"), {**person, **password})

    found: dict[str, Morsel] = dict(browser.cookies)
    assert set(found) == COOKIES
    assert set(page.texts) >= COOKIES
    assert settings.SESSION_COOKIE_AGE == 12 * 60 * 60


@pytest.mark.parametrize(
    ("name", "address", "said"),
    [
        ("", "", "Whoever runs this server has not said yet who they are."),
        ("Sister Cities Office", "", "Sister Cities Office"),
        ("", "aid@example.org", "aid@example.org"),
    ],
)
@pytest.mark.parametrize("page", ["dashboard:about", "dashboard:privacy"])
def test_page_says_who_runs_the_server_when_they_have_said_so(
    page, name, address, said, client, settings
):
    settings.OPERATOR_NAME, settings.OPERATOR_EMAIL = name, address

    text = client.get(reverse(page)).text

    assert said in text
    assert ("mailto:" in text) is bool(address)


def test_page_of_a_fault_of_ours_needs_nothing_and_says_it_in_both_languages(rf):
    response = server_error(rf.get("/en/"))

    page = Page(response.content.decode())
    folder = settings.ROOT / "static"
    styles = re.findall(r'href="/static/([^"]+)"', response.content.decode())
    assert (response.status_code, page.faults, page.inline) == (500, [], [])
    assert len(styles) == 2
    assert all((folder / style).is_file() for style in styles)
    assert "Something went wrong on our side" in page.words
    assert "服务器出错" in page.words
