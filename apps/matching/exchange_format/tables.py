"""Cities, needs and offers from CSV tables with a header of field names, UTF-8.

An empty cell leaves the field out (or says None where it has no default); lists are divided by
semicolons. Faults are named by file, row and column; the header is row 1.
"""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from typing import Any, get_type_hints

from apps.matching.engine.faults import Fault, Faults
from apps.matching.engine.problem import City, Need, Offer

KINDS: dict[str, type] = {"cities": City, "needs": Need, "offers": Offer}
INTEGER = re.compile(r"[+-]?[0-9]+")
PLACE = re.compile(r"(cities|needs|offers)\[(\d+)\](?:\.(\w+))?")
MOST_DIGITS = 30


def read_table(name: str, data: bytes, faults: Faults) -> list[dict[str, Any]]:
    """The rows of the table `name` as plain values, to be judged like those of a JSON problem."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        faults.add(name, "not_utf8", f"byte {error.start}")
        return []
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        faults.add(name, "not_csv", str(error))
        return []
    header = [cell.strip() for cell in rows[0]] if rows else []
    columns = _columns(name, header, faults)
    found = []
    for i, row in enumerate(rows[1:]):
        if len(row) > len(header):
            faults.add(f"{name}[{i}]", "row_too_long", len(row))
        cells = zip(header, row, strict=False)
        values = {
            column: columns[column](cell.strip()) for column, cell in cells if column in columns
        }
        for column, read in columns.items():
            values.setdefault(column, read(""))
        found.append({column: value for column, value in values.items() if value is not MISSING})
    return found


def locate(fault: Fault, files: Mapping[str, str]) -> str:
    """Where a fault is, in words: file, row and column if its table came as a file, else its path."""
    place = PLACE.match(fault.path)
    if place and place[1] in files:
        column = f", column {place[3]}" if place[3] else ""
        return f"{files[place[1]]}, row {int(place[2]) + 2}{column}"
    return files.get(fault.path, fault.path) or "the whole text"


def _columns(name: str, header: list[str], faults: Faults) -> dict[str, Any]:
    """A reader of cells for every column that is a field."""
    known = {field.name: field for field in fields(KINDS[name])}
    for column in header:
        if column not in known:
            faults.add(name, "unknown_field", column)
        elif header.count(column) > 1:
            faults.add(name, "duplicate_name", column)
    for field in known.values():
        if field.name not in header and _is_required(field):
            faults.add(name, "missing_field", field.name)
    hints = get_type_hints(KINDS[name])
    return {
        column: _reader(known[column], str(hints[column])) for column in header if column in known
    }


def _is_required(field: "Field[Any]") -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _reader(field: "Field[Any]", hint: str) -> Any:
    """What turns a cell into a plain value; one that is no integer stays a text, and is refused."""
    empty = None if _is_required(field) else MISSING

    def read(cell: str) -> Any:
        if not cell:
            return empty
        if hint.startswith("tuple"):
            return [part.strip() for part in cell.split(";")]
        is_integer = "int" in hint and INTEGER.fullmatch(cell) and len(cell) <= MOST_DIGITS
        return int(cell) if is_integer else cell

    return read
