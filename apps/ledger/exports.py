"""The ledger as a table to take away: one row per entry, columns in English, names in both languages.

What is not known is an empty cell, never 0; `quantity_known` and `date_precision` say which.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from apps.ledger.querysets import LedgerQuerySet

LARGEST = {"csv": 100_000, "xlsx": 10_000}
"""Rows of a file: a workbook is built whole before its first byte leaves."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
PARTIES = ("giver", "receiver", "intermediary")
OF_A_PARTY = ("code", "en", "zh_hans", "kind", "country", "place")
HEADER = (
    *("number", "kind", "reverses", "item", "item_en", "item_zh_hans", "category"),
    *("quantity", "quantity_known", "qualifier", "unit", "occurred_on", "date_precision"),
    *(f"{party}_{column}" for party in PARTIES for column in OF_A_PARTY),
    *("confirmed_by_receiver", "source", "source_id", "source_text", "as_printed"),
    *("reading_open", "note", "purchased_with", "is_demonstration", "recorded_at", "hash"),
)

Cell = str | int


def rows(entries: LedgerQuerySet) -> Iterator[list[Cell]]:
    """Few at a time, in the order of their numbers."""
    described = entries.with_confirmation().select_related(
        *(f"{party}__city" for party in PARTIES),
        *("item__category", "purchased_with", "reverses"),
    )
    for entry in described.order_by("number").iterator(chunk_size=500):
        yield [guarded(cell) for cell in cells(entry)]


def cells(entry: Any) -> list[Cell]:
    item = entry.item
    return [
        *(entry.number, entry.kind, entry.reverses.number if entry.reverses else ""),
        *(item.code, item.name_en, item.name_zh_hans, item.category.code),
        *("" if entry.quantity is None else entry.quantity, yes_or_no(entry.quantity is not None)),
        *(entry.qualifier, item.unit),
        *(entry.occurred_on.isoformat() if entry.occurred_on else "", entry.precision),
        *(cell for name in PARTIES for cell in of_a_party(getattr(entry, name))),
        *(yes_or_no(entry.is_confirmed), entry.source_kind, entry.source_id),
        *(entry.source_text, entry.as_printed, yes_or_no(entry.is_ambiguous), entry.note),
        entry.purchased_with.number if entry.purchased_with else "",
        *(yes_or_no(entry.is_demo), entry.recorded_at.isoformat(timespec="seconds"), entry.hash),
    ]


def of_a_party(party: Any) -> list[Cell]:
    """Of who did not agree to be named neither name nor code, which is made of the name."""
    if party is None:
        return [""] * len(OF_A_PARTY)
    named = [party.code, party.name_en, party.name_zh_hans or ""]
    return [
        *(named if party.may_be_named else ["", "", ""]),
        *(party.kind, str(party.country), party.city.code if party.city else ""),
    ]


def guarded(cell: Any) -> Cell:
    """A text that a spreadsheet would take for a formula is marked as text."""
    if isinstance(cell, int):
        return cell
    text = ILLEGAL_CHARACTERS_RE.sub("", cell or "")
    return f"'{text}" if text.startswith(FORMULA) else text


def yes_or_no(truth: bool) -> str:
    return "yes" if truth else "no"


def csv_lines(entries: LedgerQuerySet) -> Iterator[str]:
    """With a byte order mark, without which spreadsheets garble Chinese names."""
    yield "\ufeff"
    for row in table(entries):
        line = io.StringIO()
        csv.writer(line).writerow(row)
        yield line.getvalue()


def xlsx_file(entries: LedgerQuerySet) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("ledger")
    sheet.freeze_panes = "B2"
    for row in table(entries):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def table(entries: LedgerQuerySet) -> Iterable[Iterable[Cell]]:
    yield HEADER
    yield from rows(entries)
