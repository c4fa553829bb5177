"""Every page in Chromium: axe, sideways scrolling, what moves, what the console says.

The short form opens each address once; `-m whole` opens it for each role, in both languages.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.journeys.visits import (
    Visit,
    Visitor,
    one_of_each,
    violations,
    visits,
    windows,
)
from tests.pages.world import World

pytestmark = pytest.mark.browser
LONG_SIDE = {"height": 900}
WIDTHS = {1280: "light", 390: "dark"}


def faults_of(
    found: list[Visit], window: Callable[[Visit], Visitor], language: str, rules: list[str] | None
) -> dict[str, list[str]]:
    faults = {}
    for visit in found:
        visitor = window(visit)
        page = visitor.open(visit.path, language)
        if wrong := [*visitor.faults(), *violations(page, rules)]:
            faults[f"{visit} {language}"] = wrong
    return faults


@pytest.mark.parametrize("width", WIDTHS)
def test_page_is_sound_when_it_is_opened_once(
    width: int, live: str, world: World, chromium: Browser
):
    options = {"viewport": {"width": width, **LONG_SIDE}, "color_scheme": WIDTHS[width]}
    with windows(chromium, live, world, **options) as window:
        assert faults_of(one_of_each(visits(world)), window, "en", None) == {}


def test_page_fits_when_the_window_is_as_narrow_as_at_400_percent(
    live: str, world: World, chromium: Browser
):
    with windows(chromium, live, world, viewport={"width": 320, "height": 256}) as window:
        found = one_of_each(visits(world))
        assert faults_of(found, window, "zh-hans", ["target-size"]) == {}


def test_violation_is_told_when_a_page_has_one(live: str, chromium: Browser):
    visitor = Visitor(chromium, live, None)
    page = visitor.open("/about/")
    assert list(violations(page)) == []

    page.evaluate("document.querySelector('main p').append(new Image())")

    assert list(violations(page)) == ["image-alt (critical): ['img']"]
    visitor.context.close()


@pytest.mark.whole
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_page_is_sound_for_everybody_who_may_see_it(
    language: str, scheme: str, width: int, live: str, world: World, chromium: Browser
):
    options = {"viewport": {"width": width, **LONG_SIDE}, "color_scheme": scheme}
    with windows(chromium, live, world, **options) as window:
        assert faults_of(list(visits(world)), window, language, None) == {}
