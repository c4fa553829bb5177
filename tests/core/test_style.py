"""The colours of our pages can be read in both schemes: WCAG 2.2 AA."""

import re
from itertools import chain

import pytest
from django.conf import settings

CSS = (settings.ROOT / "static/css/site.css").read_text()
BOOTSTRAP = (settings.ROOT / "static/vendor/bootstrap/bootstrap.min.css").read_text()
TOKEN = re.compile(r"(--[a-z0-9-]+): ?(#[0-9a-f]{3,6})[;}]")
TEXT, GRAPHIC = 4.5, 3.0
ON_PAGE = ["body-color", "emphasis-color", "link-color", "link-hover-color", "code-color"]
TONES = ["success", "info", "warning", "neutral"]
ALERTS = ["success", "warning", "danger", "light"]


def tokens(scheme: str) -> dict[str, str]:
    """Those of Bootstrap, then ours, then ours of the scheme."""
    light, __, rest = CSS.partition("@media (prefers-color-scheme: dark)")
    own = light + rest if scheme == "dark" else light
    root = re.search(r":root,\[data-bs-theme=light\]{([^}]*)}", BOOTSTRAP)
    assert root
    return dict(chain(TOKEN.findall(root[1]), TOKEN.findall(own)))


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * sign for sign in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_stand_out_from_what_is_behind_them(scheme):
    found = tokens(scheme)
    page = found["--bs-body-bg"]
    pairs = {f"--bs-{name}": (page, TEXT) for name in ON_PAGE}
    pairs |= {f"--side-{side}": (page, TEXT) for side in ("left", "right")}
    pairs |= {f"--series-{series}": (page, GRAPHIC) for series in "abc"}
    pairs |= {
        f"--bs-{name}-text-emphasis": (found[f"--bs-{name}-bg-subtle"], TEXT) for name in ALERTS
    }

    pairs |= {f"--cp-{tone}": (found[f"--cp-{tone}-bg"], TEXT) for tone in TONES}
    pairs |= {"--cp-danger-text": (found["--cp-danger-bg"], TEXT)}
    pairs |= {
        f"--cp-{name}": (found["--cp-on-accent"], TEXT)
        for name in ("accent", "accent-strong", "danger", "danger-strong")
    }

    weak = {
        name: round(contrast(found[name], behind), 2)
        for name, (behind, least) in pairs.items()
        if contrast(found[name], behind) < least
    }

    assert weak == {}


def test_dark_page_is_dark():
    assert (
        luminance(tokens("dark")["--bs-body-bg"])
        < 0.02
        < luminance(tokens("dark")["--bs-body-color"])
    )
    assert "color-scheme: light dark" in CSS
