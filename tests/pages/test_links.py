"""No page shows a person a link to a page that refuses that person, or is not there."""

from typing import Any

import pytest
from django.urls import reverse

from tests.pages.addresses import address
from tests.pages.html import Page
from tests.pages.matrix import PERSONAS, ROWS

PAGES = [row for row in ROWS if row.method == "GET"]
ACT = [  # twice a posting: a need, and an offer
    "/en/exchanges/new/",
    "/en/gifts/new/",
    "/en/library/new/",
    "/en/postings/new/",
    "/en/postings/new/",
]
PROPOSE = "/en/pairings/propose/"
MY_CITY, QUEUE = "/en/my/", "/en/queue/"


def own_links(response: Any) -> list[str]:
    """The paths of ours that a page leads to; a file leads nowhere."""
    if "html" not in response.headers["Content-Type"]:
        return []
    found = [link.get("href") or "" for link in Page(response.text).links]
    return [href.partition("#")[0].partition("?")[0] for href in found if href.startswith("/")]


@pytest.mark.parametrize("persona", PERSONAS)
def test_no_link_leads_to_a_refusal(persona: str, world, sign_in):
    pages: dict[tuple[Any, str], Any] = {}
    refused = []

    def get(user: Any, path: str) -> Any:
        """Each page once for each person, of whom some personas are several."""
        who = user and user.pk
        if (who, path) not in pages:
            pages[who, path] = sign_in(user).get(path)
        return pages[who, path]

    for row in PAGES:
        user = world.persona(persona, row.key)
        path = address(row.name, world[row.key] if row.key else None)
        if row.answers[persona] == "200":
            links = {link: get(user, link) for link in own_links(get(user, path))}
            refused += [
                f"{path} shows {link}, which answers {found.status_code}"
                for link, found in links.items()
                if found.status_code not in (200, 302)
            ]

    assert len(pages) > 50
    assert refused == []


@pytest.mark.parametrize(
    ("persona", "expected"),
    [
        ("anonymous", []),
        ("newcomer", [MY_CITY]),
        ("own", [*ACT, PROPOSE, MY_CITY]),
        ("coordinator", [PROPOSE, QUEUE]),
        ("serving", [*ACT, PROPOSE, MY_CITY, QUEUE]),
        ("administrator", [PROPOSE, QUEUE]),
    ],
)
def test_lists_lead_on_those_whom_the_rule_allows(persona: str, expected, world, sign_in):
    browser = sign_in(world.persona(persona))
    lists = (
        "pairings:exchange_list",
        "ledger:gift_list",
        "postings:library",
        "postings:posting_list",
        "pairings:pairing_list",
    )

    found = [
        link
        for name in lists
        for link in own_links(browser.get(reverse(name)))
        if link in (*ACT, PROPOSE)
    ]
    head = own_links(browser.get(reverse("dashboard:about")))
    found += [link for link in (MY_CITY, QUEUE) if link in head]

    assert found == expected
