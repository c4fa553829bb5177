from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.forms import BoundField
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_countries import countries

from apps.core.addresses import address_of

register = template.Library()

TONES = {
    "exchange.held": "success",
    "open": "success",
    "active": "success",
    "confirmed": "success",
    "answered": "success",
    "adopted": "success",
    "accepted": "success",
    "received": "success",
    "completed": "success",
    "fulfilled": "success",
    "finished": "success",
    "same": "success",
    "held": "warning",
    "proposed": "info",
    "approved": "info",
    "requested": "info",
    "recorded": "warning",
    "asked": "warning",
    "offered": "warning",
    "running": "info",
    "dispatched": "info",
    "planned": "info",
    "suspended": "warning",
    "failed": "danger",
    "different": "danger",
    "lost": "danger",
    "declined": "danger",
    "rejected": "danger",
}


ICONS = {
    "success": "check-circle",
    "info": "hourglass-split",
    "warning": "pause-circle",
    "danger": "x-circle",
    "secondary": "dash-circle",
}
URGENCY = {1: ("danger", "exclamation-octagon"), 2: ("warning", "exclamation-triangle")}


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A drawing that only repeats the word beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("img/icons.svg"),
        name,
    )


@lru_cache(maxsize=1000)
def badge(tone: str, picture: str, word: str) -> SafeString:
    return format_html('<span class="badge tone-{}">{}{}</span>', tone, icon(picture), word)


@register.simple_tag
def state(subject: Any) -> SafeString:
    """The state of a row as a badge with its word."""
    own = f"{subject._meta.model_name}.{subject.state}"
    tone = TONES.get(own, TONES.get(subject.state, "secondary"))
    return badge(tone, ICONS[tone], subject.get_state_display())


@register.simple_tag
def urgency(posting: Any) -> SafeString | str:
    """How urgent a need is, as a badge with its word; offers have no urgency."""
    if not posting.urgency:
        return "–"
    tone, picture = URGENCY.get(posting.urgency, ("secondary", "clock"))
    return badge(tone, picture, posting.get_urgency_display())


@register.simple_tag
def demo(subject: Any) -> SafeString:
    """The mark of everything that belongs to the reconstruction of 2020."""
    if not subject.is_demo:
        return SafeString("")
    title = _(
        "Demonstration: a reconstruction of spring 2020, not a fact; left out of public totals."
    )
    return format_html(
        '<abbr class="badge text-bg-light border demo" title="{}">{}</abbr>',
        title,
        _("reconstruction"),
    )


@register.filter
def amount(quantity: int | None, item: Any) -> str:
    """A quantity with its unit; an unknown one says so and is never 0."""
    if quantity is None:
        return _("not stated")
    return item.amount(quantity)


@register.filter
def dated(day: date | None, precision: str) -> str:
    """A date, no more exact than it is known."""
    if day is None:
        return _("not stated")
    if precision in ("year", "month"):
        return date_format(day, {"year": "Y", "month": "YEAR_MONTH_FORMAT"}[precision])
    text = date_format(day)
    return _("listed %(day)s") % {"day": text} if precision == "as_of" else text


@register.filter
def in_its_zone(moment: datetime) -> str:
    """A moment as it is told where it was put into a time zone, with the zone's short name."""
    text = date_format(moment.replace(tzinfo=None), "DATETIME_FORMAT")
    return f"{text} {moment.tzname()}"


@register.filter
def or_not_stated(value: Any) -> Any:
    return _("not stated") if value in (None, "") else value


@register.filter
def translated(text: str) -> str:
    """A reason that the system gave, in the reader's language; what a person wrote stays."""
    return text and _(text)


@register.filter
def country_name(code: str) -> str:
    """A party without a country stands in several, or its source does not say."""
    return countries.name(code) or _("several or not stated")


@register.filter
def focused_id(field: BoundField) -> str:
    """The id of the element of a field that takes the focus: of several buttons, the first."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.simple_tag(takes_context=True)
def leads_to(context: dict[str, Any], name: str) -> SafeString:
    """The address of a page in the head of the site, and whether the reader is there or beneath it."""
    address, path = address_of(name), context["request"].path
    if not path.startswith(address):
        return format_html('href="{}"', address)
    return format_html(
        'href="{}" aria-current="{}"', address, "page" if path == address else "true"
    )


@register.simple_tag(takes_context=True)
def languages(context: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(code, name, address of this page) of every language."""
    request: HttpRequest = context["request"]
    root = get_script_prefix()
    path = request.get_full_path().removeprefix(root).removeprefix(f"{get_language()}/")
    return [(code, name, f"{root}{code}/{path}") for code, name in settings.LANGUAGES]


@register.simple_tag
def undo_seconds() -> int:
    return settings.UNDO_SECONDS


@register.filter
def percent(part: int | None, whole: int | None) -> int:
    return round(100 * (part or 0) / whole) if whole else 0


@register.filter
def grouped(number: int) -> str:
    return intcomma(number)
