"""What every sentence is made of: names, numbers, days."""

from collections.abc import Callable
from typing import Any, Protocol

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext

Reason = dict[str, Any]


class Names(Protocol):
    """How cities, items and quantities are called."""

    def city(self, code: str) -> str: ...

    def item(self, code: str) -> str: ...

    def amount(self, quantity: int, code: str | None = None) -> str:
        """With the unit of the item; without a code, of the item that the reasons are about."""
        ...


Say = Callable[[Reason, Names], str]


def two(first: str, second: str) -> str:
    """Two sentences, one after the other; Chinese puts no space between them."""
    return gettext("%(first)s %(second)s") % {"first": first, "second": second}


def percent(millionths: int) -> int:
    return round(millionths / 10_000)


def day(text: str | None) -> str:
    parsed = parse_date(text) if text else None
    return date_format(parsed) if parsed else ""


def between(text: Any) -> Say:
    """A sentence about giver and receiver."""
    return lambda r, names: (
        text
        % {
            "giver": names.city(r["giver"]),
            "receiver": names.city(r["receiver"]),
        }
    )


def counted(text: Any) -> Say:
    """A sentence about quantities, each said with its unit."""
    return lambda r, names: (
        text % {key: names.amount(value) for key, value in r.items() if isinstance(value, int)}
    )


def plain(text: Any) -> Say:
    """A sentence whose numbers count things."""
    return lambda r, names: (
        text % {key: intcomma(v) if isinstance(v, int) else v for key, v in r.items()}
    )
