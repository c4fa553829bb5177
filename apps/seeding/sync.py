"""Brings a table to what a file says: one row per natural key, changed only where it differs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from simple_history.utils import bulk_create_with_history

from apps.seeding.files import Row


@dataclass
class Tally:
    """What became of the rows of one file; `differences` are sentences about rows left as they are."""

    file: str
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    differences: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = f"{self.created} created, {self.updated} updated, {self.unchanged} unchanged"
        return f"{self.file}: {counts}"

    def __iadd__(self, other: "Tally") -> "Tally":
        self.created += other.created
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.differences += other.differences
        return self


def by_code(model: Any) -> dict[str, Any]:
    return {row.code: row for row in model._default_manager.all()}


def named(row: Row, tables: Mapping[str, Mapping[str, Any]]) -> Row:
    """The row with its codes replaced by the rows they name, column by column."""
    return {
        name: tables[name].get(value) if name in tables else value for name, value in row.items()
    }


def sync(
    file: str,
    model: type[models.Model],
    rows: Iterable[Row],
    *,
    key: tuple[str, ...] = ("code",),
    many: str = "",
    keep: tuple[str, ...] = (),
) -> Tally:
    """Create and update rows of `model`; none is deleted, and none that a person edited is changed.

    `many` is a many-to-many column, given as codes; `keep` are columns set only when a row is new.
    """
    tally = Tally(file)
    identity = identify(model, key)
    found = {identity(row): row for row in model._default_manager.all()}
    edited, new = edited_by_people(model), []
    for values in rows:
        wanted = model(**{name: value for name, value in values.items() if name != many})
        row = found.get(identity(wanted))
        if row is None:
            new.append((wanted, values))
        elif not (changed := differing(row, values, many, keep)):
            tally.unchanged += 1
        elif row.pk in edited:
            tally.unchanged += 1
            tally.differences.append(f"{row}: a person edited this; kept: {', '.join(changed)}.")
        else:
            change(row, changed, values, many)
            tally.updated += 1
    create(model, [row for row, __ in new])
    for row, values in new if many else []:
        link(row, many, values[many])
    tally.created = len(new)
    return tally


def edited_by_people(model: Any) -> set[int]:
    """Ids of rows with a change by somebody who was signed in, where the table keeps its history."""
    if not hasattr(model, "history"):
        return set()
    return set(model.history.exclude(history_user=None).values_list("id", flat=True))


def identify(model: Any, key: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    columns = [model._meta.get_field(name).attname for name in key]
    return lambda row: tuple(getattr(row, column) for column in columns)


def differing(row: Any, values: Row, many: str, keep: tuple[str, ...]) -> list[str]:
    """The columns in which the row is not what the file says."""
    names = [name for name in values if name not in (many, *keep)]
    changed = [name for name in names if differs(row, name, values[name])]
    if many and linked(row, many) != set(values[many]):
        changed.append(many)
    return changed


def change(row: Any, changed: list[str], values: Row, many: str) -> None:
    for name in changed:
        if name != many:
            setattr(row, name, values[name])
    row.save()
    if many in changed:
        link(row, many, values[many])


def differs(row: Any, name: str, value: Any) -> bool:
    """Compares linked rows by their ids, which needs no query."""
    stands = getattr(row, row._meta.get_field(name).attname)
    return bool(stands != (value.pk if isinstance(value, models.Model) else value))


def linked(row: Any, many: str) -> set[str]:
    return set(getattr(row, many).values_list("code", flat=True))


def link(row: Any, many: str, codes: list[str]) -> None:
    manager = getattr(row, many)
    manager.set(manager.model._default_manager.filter(code__in=codes))


def create(model: type[models.Model], rows: list[Any]) -> None:
    if hasattr(model, "history"):
        bulk_create_with_history(rows, model)
    else:
        model._default_manager.bulk_create(rows)
