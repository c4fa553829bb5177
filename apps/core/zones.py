"""Time zones: one by its name, and all of them to choose from."""

import logging
from collections import defaultdict
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

USUAL: dict[Any, dict[str, Any]] = {
    _("China"): {
        "Asia/Shanghai": _("Beijing time"),
        "Asia/Urumqi": _("Xinjiang time"),
    },
    _("United States"): {
        "America/New_York": _("Eastern time"),
        "America/Chicago": _("Central time"),
        "America/Denver": _("Mountain time"),
        "America/Phoenix": _("Mountain time without summer time"),
        "America/Los_Angeles": _("Pacific time"),
        "America/Anchorage": _("Alaska time"),
        "Pacific/Honolulu": _("Hawaii time"),
    },
}
AREAS = {
    "Africa": _("Africa"),
    "America": _("America"),
    "Antarctica": _("Antarctica"),
    "Arctic": _("Arctic"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic Ocean"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific Ocean"),
}
OTHER = _("Others")


@cache
def known_zones() -> frozenset[str]:
    """The names of all zones, which stand in files of this machine."""
    return frozenset(available_timezones())


def zone_choices() -> list[tuple[Any, Any]]:
    """Every zone once: UTC, those of the two countries by what people call them, all others by area."""
    usual = [
        (
            country,
            [
                (name, gettext("%(words)s (%(place)s)") % {"words": words, "place": place(name)})
                for name, words in zones.items()
            ],
        )
        for country, zones in USUAL.items()
    ]
    return [
        ("UTC", "UTC"),
        *usual,
        *((AREAS.get(area, OTHER), list(zones)) for area, zones in by_area()),
    ]


@cache
def by_area() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """(area, zones) without those of USUAL; under "" what belongs to no area, by its whole name."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    shown = {"UTC", *(name for zones in USUAL.values() for name in zones)}
    for name in sorted(known_zones() - shown):
        area = name.partition("/")[0]
        known = area in AREAS
        found[area if known else ""].append((name, place(name) if known else name))
    return tuple((area, tuple(found[area])) for area in (*AREAS, "") if found[area])


def place(name: str) -> str:
    """What comes after the area: "North Dakota/Center" of "America/North_Dakota/Center"."""
    return name.partition("/")[2].replace("_", " ")


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name; UTC where none is stated or none of that name is known."""
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):  # no such zone, no name of a zone, a folder of zones
        logger.warning("The time zone %r is not known; UTC is used.", name)
        return ZoneInfo("UTC")
