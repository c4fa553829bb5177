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
        return self


def by_code(model: type[models.Model]) -> dict[str, Any]:
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
    """Create and update rows of `model`; none is deleted.

    `many` is a many-to-many column, given as codes; `keep` are columns set only when a row is new.
    """
    tally = Tally(file)
    identity = identify(model, key)
    found = {identity(row): row for row in model._default_manager.all()}
    new: list[tuple[Any, list[str]]] = []
    for values in rows:
        plain = {name: value for name, value in values.items() if name != many}
        linked = values[many] if many else []
        wanted = model(**plain)
        row = found.get(identity(wanted))
        if row is None:
            new.append((wanted, linked))
        elif any([bring(row, plain, keep), many and link(row, many, linked)]):
            tally.updated += 1
        else:
            tally.unchanged += 1
    create(model, [row for row, __ in new])
    for row, linked in new if many else []:
        link(row, many, linked)
    tally.created = len(new)
    return tally


def identify(model: type[models.Model], key: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    columns = [model._meta.get_field(name).attname for name in key]
    return lambda row: tuple(getattr(row, column) for column in columns)


def bring(row: Any, values: Row, keep: tuple[str, ...]) -> bool:
    """Save the row if a value differs."""
    changed = [
        name for name, value in values.items() if name not in keep and differs(row, name, value)
    ]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save()
    return bool(changed)


def differs(row: Any, name: str, value: Any) -> bool:
    """Compares linked rows by their ids, which needs no query."""
    stands = getattr(row, row._meta.get_field(name).attname)
    return bool(stands != (value.pk if isinstance(value, models.Model) else value))


def link(row: Any, many: str, wanted: list[str]) -> bool:
    """Set the rows it is linked to, given by code, if they differ."""
    manager = getattr(row, many)
    if set(manager.values_list("code", flat=True)) == set(wanted):
        return False
    manager.set(manager.model._default_manager.filter(code__in=wanted))
    return True


def create(model: type[models.Model], rows: list[Any]) -> None:
    if hasattr(model, "history"):
        bulk_create_with_history(rows, model)
    else:
        model._default_manager.bulk_create(rows)
