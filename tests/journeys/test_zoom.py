"""At 200 % in a window of 1280 px, 640 remain, each drawn with two: nothing is cut off or covered."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.visits import Visit, Visitor, one_of_each, visits, windows
from tests.pages.world import World

pytestmark = pytest.mark.browser
CUT = """() => {
  const found = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const parent = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !parent.checkVisibility({ visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    const boxes = [...range.getClientRects()].filter(({ right }) => right > 0); // the rest is for readers of the screen
    for (let box = parent; box; box = box.parentElement) {
      const { overflowX, clip } = getComputedStyle(box);
      if (clip !== "auto" || overflowX === "auto" || overflowX === "scroll") break; // hidden on purpose, or reached by scrolling
      const { left, right } = box === document.documentElement ? { left: 0, right: innerWidth } : box.getBoundingClientRect();
      const cuts = overflowX !== "visible" || box === document.documentElement;
      if (cuts && boxes.some((each) => each.left < left - 1 || each.right > right + 1)) {
        found.add(texts.currentNode.data.trim());
        break;
      }
    }
  }
  return [...found];
}"""


ZOOMED = {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2}
MAIN = {
    "account_signup",
    "dashboard:approve_chosen",
    "dashboard:city_detail",
    "dashboard:city_list",
    "dashboard:entry_detail",
    "dashboard:flow_list",
    "dashboard:gap",
    "dashboard:home",
    "dashboard:match_detail",
    "dashboard:my_city",
    "dashboard:pairing_detail",
    "dashboard:posting_detail",
    "dashboard:queue",
    "dashboard:replay_2020",
    "dashboard:styleguide",
    "ledger:entry_list",
    "matching:round_detail",
    "matching:round_list",
    "notifications:notification_list",
    "postings:posting_create",
    "postings:posting_list",
}


def cut_off(found: Iterable[Visit], window: Callable[[Visit], Visitor], language: str) -> Any:
    faults = {}
    for visit in found:
        visitor = window(visit)
        page = visitor.open(visit.path, language)
        if wrong := [*visitor.faults(), *page.evaluate(CUT)]:
            faults[str(visit)] = wrong
    return faults


def test_main_pages_are_whole_when_they_are_magnified_twice(
    live: str, world: World, chromium: Browser
):
    found = [visit for visit in one_of_each(visits(world)) if visit.name in MAIN]
    assert {visit.name for visit in found} == MAIN

    with windows(chromium, live, world, **ZOOMED) as window:
        assert cut_off(found, window, "en") == {}


@pytest.mark.whole
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_is_whole_when_it_is_magnified_twice(
    language: str, live: str, world: World, chromium: Browser
):
    with windows(chromium, live, world, **ZOOMED) as window:
        assert cut_off(visits(world), window, language) == {}


def test_text_that_is_cut_off_is_found(live: str, chromium: Browser):
    page = Visitor(chromium, live, None, **ZOOMED).open("/about/")

    assert page.evaluate(CUT) == []
    page.evaluate("""() => {
      Object.assign(document.querySelector("h1").style, { width: "2em", overflow: "hidden", whiteSpace: "nowrap" });
      document.querySelector("main p").style.marginInlineStart = "40rem";
    }""")

    heading, sentence = page.locator("h1"), page.locator("main p").first
    assert set(page.evaluate(CUT)) >= {heading.inner_text(), sentence.inner_text()}
    page.context.close()


def test_menu_leads_on_when_it_is_magnified_twice(live: str, chromium: Browser):
    page = Visitor(chromium, live, None, **ZOOMED).open("/")
    link = page.get_by_role("link", name="Ledger", exact=True)
    expect(link).to_be_hidden()

    page.get_by_role("button", name="Menu").press("Enter")
    link.click()

    expect(page.locator("h1")).to_contain_text("Ledger")
    page.context.close()
