"""Pictures of every page, for looking at: `python -m pytest -m whole tests/journeys/test_screenshots.py`.

They lie in var/screenshots/<language>-<width>-<scheme>/<role>_<address>_<row>.png.
"""

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from tests.journeys.visits import visits, windows
from tests.pages.world import World

pytestmark = [pytest.mark.browser, pytest.mark.whole]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_is_pictured_and_sound(
    language: str, width: int, scheme: str, live: str, world: World, chromium: Browser
):
    folder = settings.ROOT / "var" / "screenshots" / f"{language}-{width}-{scheme}"
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    faults = {}
    with windows(chromium, live, world, **options) as window:
        for visit in visits(world):
            visitor = window(visit)
            page = visitor.open(visit.path, language)
            page.screenshot(path=folder / f"{visit.file_name}.png", full_page=True)
            if wrong := list(visitor.faults()):
                faults[str(visit)] = wrong

    assert faults == {}
