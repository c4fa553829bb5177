from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.core.templatetags.ui import demo
from apps.dashboard.map import Place

register = template.Library()


@register.simple_tag
def map_rows(places: Iterable[Place]) -> SafeString:
    """One item a place: hundreds on a page, more than a loop of the template renders at leisure."""
    words = {
        "counterpart": _("counterpart"),
        "needs": _("needs"),
        "offers": _("offers"),
        "no_point": _("position not known to us"),
    }
    return format_html_join("\n", "{}", ((map_row(place, words),) for place in places))


def map_row(place: Place, words: dict[str, str]) -> SafeString:
    city: Any = place.city  # with what `taking_part` or `with_open` counted
    point = place.point
    open_postings = ((words["needs"], city.open_needs), (words["offers"], city.open_offers))
    return format_html(
        '<li{} data-side="{}"{}><a href="{}">{}</a>{}{}{}</li>',
        format_html(' data-point="{}"', point) if point else "",
        place.side,
        bond(place),
        city.get_absolute_url(),
        city,
        counterpart(place, words["counterpart"]),
        "".join(f"; {word}: {number}" for word, number in open_postings if number),
        "" if point else f" ({words['no_point']})",
    )


def bond(place: Place) -> SafeString | str:
    """By this the map draws its line."""
    if not place.counterpart:
        return ""
    return format_html(' data-code="{}" data-with="{}"', place.city.code, place.counterpart.code)


def counterpart(place: Place, word: str) -> SafeString | str:
    if not place.pairing:
        return ""
    link = (place.pairing.get_absolute_url(), word, place.counterpart)
    return format_html('; <a href="{}">{}: {}</a> {}', *link, demo(place.pairing))
