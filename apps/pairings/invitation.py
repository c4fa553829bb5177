"""An exchange as one event of an iCalendar file (RFC 5545), written by hand: it is a page of text."""

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from apps.pairings.models import Exchange
from apps.pairings.states import ExchangeState

LONGEST_LINE = 75  # octets, without the line's end


def invitation(exchange: Exchange, *, host: str) -> str:
    """The file for an exchange with a date; times in UTC, without a time the whole day.

    The identifier stays the same, so that a calendar replaces what it has by what is new.
    """
    cities = ", ".join(str(city) for city in exchange.cities.all())
    about = [_("Cities: %(cities)s") % {"cities": cities}, exchange.participants, exchange.link]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Counterpart//Exchanges//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:exchange-{exchange.pk}@{host}",
        f"DTSTAMP:{in_utc(exchange.updated_at)}",
        *when(exchange),
        f"SUMMARY:{escaped(exchange.subject)}",
        f"DESCRIPTION:{escaped(chr(10).join(line for line in about if line))}",
        *([f"URL:{exchange.link}"] if exchange.link else []),
        f"STATUS:{'CANCELLED' if exchange.state == ExchangeState.CANCELLED else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def when(exchange: Exchange) -> list[str]:
    if exchange.starts_at:
        start = f"DTSTART:{in_utc(exchange.starts_at)}"
        return [start, f"DTEND:{in_utc(exchange.ends_at)}"] if exchange.ends_at else [start]
    if exchange.takes_place_on is None:
        return []
    next_day = exchange.takes_place_on + timedelta(days=1)
    return [
        f"DTSTART;VALUE=DATE:{exchange.takes_place_on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{next_day:%Y%m%d}",
    ]


def in_utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def folded(line: str) -> str:
    """The line in pieces of at most LONGEST_LINE octets, no sign torn, each further one indented."""
    pieces, size = [""], 0
    for sign in line:
        width = len(sign.encode())
        if size + width > LONGEST_LINE:
            pieces.append(" ")
            size = 1
        pieces[-1] += sign
        size += width
    return "\r\n".join(pieces)
