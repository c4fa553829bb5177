"""Time zones: one by its name, and all of them to choose from."""

import logging
from collections import defaultdict
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global
from django.conf import settings
from django.utils.translation import get_language, gettext, to_locale
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


@cache
def known_zones() -> frozenset[str]:
    """The names of all zones, which stand in files of this machine."""
    return frozenset(available_timezones())


def zone_choices(kept: str = "") -> list[tuple[Any, Any]]:
    """Every zone once: UTC, those of the two countries by what people call them, all others by area.

    A zone has one name of several here; `kept` is offered whatever its name.
    """
    language = get_language() or settings.LANGUAGE_CODE
    usual = [
        (
            country,
            [
                (name, gettext("%(words)s (%(place)s)") % {"words": words, "place": place})
                for name, words in zones.items()
                for place in [place_of(name, language)]
            ],
        )
        for country, zones in USUAL.items()
    ]
    found = [
        ("UTC", gettext("Universal time (UTC)")),
        *usual,
        *((AREAS[area], rows) for area, rows in by_area(language)),
    ]
    if kept in known_zones() - offered() - {"UTC"}:
        found.insert(1, (kept, kept))
    return found


@cache
def by_area(language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """(area, zones) without those of USUAL, by their places' names."""
    usual = {name for zones in USUAL.values() for name in zones}
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in sorted(offered() - usual):
        found[name.partition("/")[0]].append((name, place_of(name, language)))
    return [(area, found[area]) for area in AREAS if found[area]]


@cache
def offered() -> frozenset[str]:
    """Of several names of a zone the one that the time zone database prefers."""
    names = known_zones() & get_global("zone_territories").keys()
    return frozenset(name for name in names if name.partition("/")[0] in AREAS)


@cache
def place_of(name: str, language: str) -> str:
    """What the Unicode locale data call the place, under any name of the zone; else its own words:
    "North Dakota/Center" of "America/North_Dakota/Center".
    """
    known = Locale.parse(to_locale(language)).time_zones
    others = (other for other, now in get_global("zone_aliases").items() if now == name)
    places = (known[one].get("city") for one in (name, *others) if one in known)
    return next(filter(None, places), name.partition("/")[2].replace("_", " "))


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name; UTC where none is stated or none of that name is known."""
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):  # no such zone, no name of a zone, a folder of zones
        logger.warning("The time zone %r is not known; UTC is used.", name)
        return ZoneInfo("UTC")
