"""With the keyboard alone: everything is reached, in order, and one sees where one is."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests import factories
from tests.journeys.visits import Visitor
from tests.ways import make_way

pytestmark = pytest.mark.browser
FOCUSED = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const box = node.closest(".ts-control") || node;
  const look = getComputedStyle(box);
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => numbers(colour).slice(0, 3).reduce((sum, value, at) => {
    const part = value / 255;
    return sum + [0.2126, 0.7152, 0.0722][at] * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  }, 0);
  const ground = (part) => {
    const { backgroundColor } = getComputedStyle(part);
    return numbers(backgroundColor)[3] === 0 && part.parentElement ? ground(part.parentElement) : backgroundColor;
  };
  const [dark, bright] = [light(look.outlineColor), light(ground(box.parentElement))].sort((a, b) => a - b);
  return {
    place: [...document.querySelectorAll("*")].indexOf(node),
    name: (node.innerText || node.name || node.id).trim(),
    kind: node.type || node.localName,
    seen: look.outlineStyle === "solid" && parseFloat(look.outlineWidth) >= 2 && (bright + 0.05) / (dark + 0.05) >= 3,
    hidden: node.getBoundingClientRect().width === 0,
  };
}"""
KINDS = {"a", "submit", "button", "text", "radio", "checkbox", "select-one", "textarea", "summary"}
PATHS = ["/", "/cities/", "/postings/", "/ledger/", "/gap/"]


@pytest.fixture(scope="module")
def visitor(live: str, chromium: Browser) -> Iterator[Visitor]:
    found = Visitor(chromium, live, None)
    yield found
    found.context.close()


def unseen(found: list[dict[str, Any]]) -> list[str]:
    """Where the focus has no line of two pixels that stands out three to one from what is behind it."""
    return [
        f"{stop['name']} ({stop['kind']})" for stop in found if stop["hidden"] or not stop["seen"]
    ]


def stops(page: Page) -> Iterator[dict[str, Any]]:
    """What has the focus after each press of Tab, until it leaves the page or begins anew."""
    first = last = None
    for _ in range(400):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found is None or found["place"] == first:
            return
        first = found["place"] if first is None else first
        if found["place"] != last:  # a date has a stop for each of its parts
            yield found
        last = found["place"]
    raise AssertionError("The focus never leaves the page.")


@pytest.mark.parametrize("path", PATHS)
def test_focus_goes_down_the_page_and_is_seen(path: str, visitor: Visitor):
    found = list(stops(visitor.open(path)))

    places = [stop["place"] for stop in found]
    back = [(a["name"], b["name"]) for a, b in pairwise(found) if b["place"] <= a["place"]]
    assert (back, len(places)) == ([], len(set(places)))
    assert unseen(found) == []
    assert len(found) > 10


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_focus_is_seen_on_whatever_can_have_it(scheme: str, live: str, chromium: Browser):
    make_way(timezone.now())
    staff = factories.UserFactory(administrator=True)
    visitor = Visitor(chromium, live, staff, color_scheme=scheme)

    found = [
        stop
        for path in ("/styleguide/", "/queue/?kind=match")
        for stop in stops(visitor.open(path))
    ]

    assert unseen(found) == []
    assert {stop["kind"] for stop in found} >= KINDS
    visitor.context.close()


def test_first_stop_leads_past_the_head_of_the_page(visitor: Visitor):
    page = visitor.open("/cities/")

    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["name"] == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def tab_to(page: Page, name: str) -> None:
    for stop in stops(page):
        if stop["name"] == name:
            return
    raise AssertionError(f"“{name}” is not reached.")


def test_officer_accepts_a_match_without_a_mouse(live: str, chromium: Browser):
    way = make_way(timezone.now())
    match = way.to("approved")
    officer = Visitor(chromium, live, way.giver)
    page = officer.open(f"/matches/{match.pk}/")

    tab_to(page, "Accept")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, "Accept for my city")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert match.sides.filter(answer="accepted").count() == 1
    officer.context.close()


def test_focus_is_on_the_summary_when_a_form_has_faults(live: str, chromium: Browser):
    way = make_way(timezone.now())
    coordinator = Visitor(chromium, live, way.coordinator)
    page = coordinator.open(f"/matches/{way.match.pk}/reject/")

    page.eval_on_selector("main form", "form => { form.noValidate = true; }")
    page.locator("main form [type=submit], main form button").last.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.locator(".error-summary")).to_be_focused()
    assert page.title().startswith("Error:")
    coordinator.context.close()
