"""Reads fixture files. What is wrong with one is said in sentences, all of them at once."""

import json
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation

FIXTURES: Path = settings.ROOT / "fixtures"

Row = dict[str, Any]
Rows = Mapping[int, Row]
Known = Mapping[str, Container[str]]
Fault = tuple[int, str, str]


class FixtureError(Exception):
    """A file cannot be used. Each of `faults` is a sentence that names file, row, column and value."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Value:
    """A column that holds what the given field of a table accepts; null where it is not known."""

    field: Any
    optional: bool


@dataclass(frozen=True)
class Code:
    """A column that names a row of one of the given files by its code; `many`: a list of them."""

    files: tuple[str, ...]
    optional: bool = False
    many: bool = False


def no_check(rows: Rows, known: Known) -> Iterator[Fault]:
    """For a file whose columns say it all."""
    yield from ()


@dataclass(frozen=True)
class Sheet:
    """What one file holds. `check` looks at whole rows, by number: those whose columns are right."""

    file: str
    key: tuple[str, ...]
    columns: Mapping[str, Value | Code]
    check: Callable[[Rows, Known], Iterator[Fault]] = no_check


def fields(
    model: type[models.Model], names: str, *, needed: str = "", optional: str = ""
) -> dict[str, Value]:
    """Columns named like the fields they fill; `needed` and `optional` override the table's word."""
    found: dict[str, Any] = {
        name: model._meta.get_field(name) for name in f"{names} {needed} {optional}".split()
    }
    return {
        name: Value(field, name in optional.split() or (field.blank and name not in needed.split()))
        for name, field in found.items()
    }


def read_sheet(sheet: Sheet, folder: Path, known: Known) -> list[Row]:
    """The rows of a file, every value as its table takes it. Raises FixtureError with all its faults.

    `known` holds the codes of the files read before, by file name.
    """
    rows = read_rows(folder / sheet.file)
    known = {**known, sheet.file: codes(sheet, rows)}
    faults: list[Fault] = []
    good: dict[int, Row] = {}
    for number, row in enumerate(rows, start=1):
        cleaned, wrong = clean_row(sheet, number, row, known)
        faults.extend(wrong)
        if not wrong:
            good[number] = cleaned
    faults.extend(twice(sheet, good))
    faults.extend(sheet.check(good, known))
    if faults:
        raise FixtureError([sentence(sheet, rows, fault) for fault in sorted(faults)])
    return list(good.values())


def read_rows(path: Path) -> list[Any]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except FileNotFoundError:
        raise FixtureError([f"{path.name}: the file is missing."]) from None
    except UnicodeDecodeError:
        raise FixtureError([f"{path.name}: this is not UTF-8 text."]) from None
    except json.JSONDecodeError as error:
        where = f"{path.name}, line {error.lineno}"
        raise FixtureError([f"{where}: this is not JSON ({error.msg})."]) from None
    if not isinstance(rows, list):
        raise FixtureError([f"{path.name}: this is not a list of rows."])
    return rows


def codes(sheet: Sheet, rows: list[Any]) -> set[str]:
    found = (row.get(sheet.key[0]) for row in rows if isinstance(row, dict))
    return {code for code in found if isinstance(code, str)}


def clean_row(sheet: Sheet, number: int, row: Any, known: Known) -> tuple[Row, list[Fault]]:
    if not isinstance(row, dict):
        return {}, [(number, "", "A row is an object with named columns.")]
    faults = [(number, name, "No such column.") for name in row if name not in sheet.columns]
    cleaned: Row = {}
    for name, column in sheet.columns.items():
        if name not in row:
            faults.append(
                (number, name, "The column is missing; write null for what is not known.")
            )
            continue
        try:
            cleaned[name] = clean(column, row[name], known)
        except ValueError as error:
            faults.append((number, name, str(error)))
    return cleaned, faults


def clean(column: Value | Code, value: Any, known: Known) -> Any:
    """Raises ValueError with a sentence."""
    if isinstance(column, Code):
        return clean_code(column, value, known)
    if value is None:
        if not column.optional:
            raise ValueError("This must not be empty.")
        return None if column.field.null else ""
    kinds, words = json_kinds(column.field)
    if type(value) not in kinds:
        raise ValueError(f"This is not {words}.")
    try:
        with translation.override("en"):
            return clean_once(column.field, value)
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from None


def clean_code(column: Code, value: Any, known: Known) -> Any:
    if value is None and column.optional:
        return None
    wanted = value if column.many else [value]
    if not isinstance(wanted, list):
        raise ValueError("This is not a list of codes.")
    for code in wanted:
        if not isinstance(code, str) or not any(code in known[file] for file in column.files):
            raise ValueError(f"No row of {' or '.join(column.files)} has the code {shown(code)}.")
    return value


@lru_cache(maxsize=4096, typed=True)
def clean_once(field: Any, value: Any) -> Any:
    """Many rows share a value, and some checks are slow: that of a time zone reads a folder."""
    return field.clean(value, None)


def json_kinds(field: Any) -> tuple[tuple[type, ...], str]:
    if isinstance(field, models.BooleanField):
        return (bool,), "true or false"
    if isinstance(field, models.IntegerField):
        return (int,), "a whole number"
    if isinstance(field, models.DecimalField):
        return (int, Decimal), "a number"
    return (str,), "text in quotation marks"


def twice(sheet: Sheet, rows: Rows) -> Iterator[Fault]:
    first: dict[tuple[Any, ...], int] = {}
    for number, row in rows.items():
        key = tuple(row[name] for name in sheet.key)
        if key in first:
            yield number, sheet.key[-1], f"Row {first[key]} is about the same."
        first.setdefault(key, number)


def sentence(sheet: Sheet, rows: list[Any], fault: Fault) -> str:
    number, column, what = fault
    row = rows[number - 1]
    place = f"{sheet.file}, row {number}"
    if column:
        place += f', column "{column}"'
        place += f", value {shown(row[column])}" if column in row else ""
    return f"{place}: {what}"


def shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=float)
