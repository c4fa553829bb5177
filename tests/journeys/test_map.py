"""The map as it is used: by mouse, by keyboard alone, and not at all."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.person import Person

pytestmark = pytest.mark.browser


def focused(page: Page) -> str:
    return str(
        page.evaluate("document.activeElement.ariaLabel || document.activeElement.innerText")
    )


def test_map_is_read_by_keyboard_alone_when_a_city_stands_by_itself(
    person: Callable[..., Person],
) -> None:
    reader = person("en")
    page = reader.page
    reader.go("/cities/?view=map&q=Honolulu")
    page.get_by_role("button", name="Honolulu").focus()

    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup")).to_be_visible()
    opened = focused(page)
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)

    assert (opened, focused(page)) == ("Honolulu", "Honolulu")


def test_places_close_to_each_other_come_apart_when_the_reader_goes_nearer(
    person: Callable[..., Person],
) -> None:
    reader = person("zh-hans", 390)
    page = reader.page
    reader.go("/cities/?view=map&within=cn-js")
    expect(page.locator(".map-cluster").first).to_be_visible()
    marks = page.locator(".map .leaflet-marker-icon")
    before = marks.count()

    page.locator(".map-cluster").first.press("Enter")

    expect(marks.nth(before)).to_be_attached()


def test_a_city_stands_on_its_map_with_its_ties_and_is_read_by_keyboard(
    person: Callable[..., Person],
) -> None:
    reader = person("en")
    page = reader.page
    reader.go("/cities/cn-sh-shanghai/")
    box = page.locator(".map")
    before = box.bounding_box()
    page.get_by_role("button", name="Shanghai").focus()

    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup-content")).to_have_text("Shanghai")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="San Francisco").press("Enter")

    expect(page.locator(".leaflet-popup-content a")).to_have_text("San Francisco")
    expect(page.locator("path.map-tie")).to_have_count(3 * 2 * 2)  # halves and ends of three ties
    assert box.bounding_box() == before  # nothing has moved


def test_list_stands_alone_when_no_script_runs(site: Site, chromium: Browser) -> None:
    page = chromium.new_context(java_script_enabled=False).new_page()

    page.goto(f"{site.url}/en/cities/?view=map&q=Xinwu")
    page.locator(".map-list summary").click()

    expect(page.locator(".map")).to_be_hidden()
    expect(page.locator(".map-list li")).to_have_text("Xinwu (position not known to us)")
