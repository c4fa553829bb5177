"""Rows of a spreadsheet, pasted as text, become lines of the form on which a city posts."""

import csv
import re
from collections.abc import Iterator
from functools import cache

from django.conf import settings
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from apps.postings.forms.catalogue import Catalogue, folded
from apps.postings.forms.sheet import LINE, MOST_LINES
from apps.postings.models import Item, Kind, Unit, Urgency
from apps.postings.models.catalogue import ONE

LONGEST = 10_000
DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")


def add_pasted(data: QueryDict, kind: Kind) -> str:
    """Put the rows of `data["pasted"]` behind the lines in use; or say why none of them was read.

    A row is: item, quantity, unit or pack, date, urgency; what is not known stays as it was pasted, so
    that the field can name it.
    """
    text = str(data["pasted"])
    if len(text) > LONGEST:
        return _("This is too long: paste at most %(most)d rows.") % {"most": MOST_LINES}
    rows = list(rows_of(text))
    used = drop_empty_lines(data)
    if not rows:
        return _("Paste at least one row: item, quantity, unit, date, urgency.")
    if len(used) + len(rows) > MOST_LINES:
        return _("A page holds at most %(most)d lines.") % {"most": MOST_LINES}
    catalogue = Catalogue()
    for number, row in enumerate(rows, max(used, default=-1) + 1):
        for name, value in line_of(row, kind, catalogue).items():
            data[f"line-{number}-{name}"] = value
    return ""


def rows_of(text: str) -> Iterator[list[str]]:
    """The cells of every row, headings left out: tabs as a spreadsheet copies them, or commas."""
    lines = [line for line in text.splitlines() if line.strip()]
    delimiter = "\t" if any("\t" in line for line in lines) else ","
    if delimiter == ",":
        lines = [line.replace("，", ",") for line in lines]
    for number, cells in enumerate(csv.reader(lines, delimiter=delimiter, skipinitialspace=True)):
        is_heading = number == 0 and not re.search(r"\d", "".join(cells[1:2]))
        if not is_heading or len(lines) == 1:
            yield [cell.strip() for cell in cells]


def drop_empty_lines(data: QueryDict) -> list[int]:
    """The numbers of the lines in use; the others are taken out of `data`."""
    used = []
    for name in [name for name in data if LINE.fullmatch(name)]:
        number = int(name.split("-")[1])
        if data[name] or data.get(f"line-{number}-quantity"):
            used.append(number)
        else:
            del data[name]
    return used


def line_of(row: list[str], kind: Kind, catalogue: Catalogue) -> dict[str, str]:
    name, quantity, unit, day, urgency = [*row, "", "", "", "", ""][:5]
    item = catalogue.find_item(name)
    found = {
        "item": str(item.pk) if item else name,
        "quantity": quantity,
        "pack": pack_of(unit, item, catalogue),
        "needed_by" if kind == Kind.NEED else "available_until": day_of(day),
    }
    if kind == Kind.NEED:
        found["urgency"] = urgencies().get(folded(urgency), urgency)
    return found


def pack_of(unit: str, item: Item | None, catalogue: Catalogue) -> str:
    """Nothing for the item's own unit."""
    if item is None or folded(unit) in {"", *units()[item.unit]}:
        return ""
    pack = catalogue.find_pack(item, unit)
    return str(pack.pk) if pack else unit


def day_of(text: str) -> str:
    if match := DAY.fullmatch(text):
        year, month, day = match.groups()
        return f"{year}-{month:0>2}-{day:0>2}"
    return text


@cache
def units() -> dict[str, set[str]]:
    """What a unit is called, for one and for several, in every language."""
    return {
        unit: {
            folded(name)
            for code, __ in settings.LANGUAGES
            for name in in_language(code, unit.label, ONE.get(unit, unit.label))
        }
        for unit in Unit
    }


@cache
def urgencies() -> dict[str, str]:
    return {
        folded(name): str(tier.value)
        for tier in Urgency
        for code, __ in settings.LANGUAGES
        for name in in_language(code, tier.label)
    } | {str(tier.value): str(tier.value) for tier in Urgency}


def in_language(code: str, *words: object) -> list[str]:
    with translation.override(code):
        return [str(word) for word in words]
