"""Who asks for less motion gets none: nothing fades or slides, and the map is where it goes at once."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import factories
from tests.journeys.conftest import Site
from tests.journeys.visits import Visitor

pytestmark = pytest.mark.browser
MOVING = """() => [...document.querySelectorAll("*")].flatMap((node) =>
  [null, "::before", "::after"].map((part) => getComputedStyle(node, part))
    .filter((look) => `${look.transitionDuration},${look.animationDuration}`.split(",").some((time) => parseFloat(time) > 0.001))
    .map(() => node.outerHTML.slice(0, 80)))"""
WATCH = """() => {
  const pane = document.querySelector(".leaflet-map-pane");
  window.places = new Set();
  window.animated = new Set();
  (function look() {
    window.places.add(pane.style.transform);
    for (const one of document.getAnimations()) {
      if (one.effect.getTiming().duration > 1) window.animated.add(one.effect.target.className);
    }
    requestAnimationFrame(look);
  })();
}"""
MOTIONS = ["reduce", "no-preference"]


@pytest.mark.parametrize("path", ["/styleguide/", "/queue/", "/cities/", "/postings/new/"])
def test_nothing_takes_time_to_change_when_less_motion_is_asked_for(
    path: str, live: str, chromium: Browser
):
    staff = factories.UserFactory(administrator=True)
    factories.LiaisonFactory(user=staff)
    found = {}

    for motion in MOTIONS:
        visitor = Visitor(chromium, live, staff, reduced_motion=motion)
        found[motion] = visitor.open(path).evaluate(MOVING)
        visitor.context.close()

    assert found["reduce"] == []
    assert found["no-preference"] != []


@pytest.mark.parametrize("motion", MOTIONS)
def test_map_is_there_at_once_when_less_motion_is_asked_for(
    motion: str, site: Site, chromium: Browser
):
    page = Visitor(chromium, site.url, None, reduced_motion=motion).open("/cities/?view=map")
    expect(page.locator(".map-cluster").first).to_be_visible()
    page.evaluate(WATCH)

    acts = [open_highest, step_right, go_nearer]
    for act in acts:
        act(page)
        page.wait_for_timeout(400)  # longer than what moves takes

    flew = page.evaluate("places.size > 4 || animated.size > 0")
    assert flew == (motion == "no-preference"), page.evaluate("[...animated, ...places]")
    page.context.close()


def open_highest(page: Page) -> None:
    """The popup of a place at the upper edge: the map makes room for it."""
    page.evaluate("""() => {
      const top = (mark) => mark.getBoundingClientRect().top;
      [...document.querySelectorAll(".map-mark")].sort((a, b) => top(a) - top(b))[0].focus();
    }""")
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup")).to_be_visible()


def step_right(page: Page) -> None:
    page.keyboard.press("Escape")
    page.locator(".map").focus()
    page.keyboard.press("ArrowRight")


def go_nearer(page: Page) -> None:
    page.get_by_role("button", name="Zoom in").click()
