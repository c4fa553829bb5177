"""Many new rows of one table, without a model instance for each."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, TypeAlias

from django.db import connection, models

Column: TypeAlias = "models.Field[Any, Any]"


def insert_rows(pattern: models.Model, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert a copy of `pattern` for every row, which names the columns that differ: {"need_id": 7}.

    All rows name the same columns. What the pattern does not state has the default of its field;
    columns that the database numbers are left to it unless the rows name them. Signals are not
    sent. Raises IntegrityError as any other way to insert.
    """
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    columns = [field for field in pattern._meta.concrete_fields if not _is_numbered(field, first)]
    own = [field for field in columns if field.attname in first]
    same = [field for field in columns if field.attname not in first]
    common = [field.pre_save(pattern, add=True) for field in same]
    names = [field.attname for field in own]
    values = ([row[name] for name in names] for row in chain([first], rows))
    insert = _copy if connection.vendor == "postgresql" else _execute_many
    insert(pattern._meta.db_table, own, values, same, common)


def new_ids(model: type[models.Model], count: int) -> list[int]:
    """Ids for so many rows to insert in this transaction, rising."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), column, count],
            )
            return [id for (id,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
    start = last[0] + 1 if last else 1
    return list(range(start, start + count))


def _is_numbered(field: Column, row: Mapping[str, Any]) -> bool:
    return isinstance(field, models.AutoField) and field.attname not in row


def _execute_many(
    table: str,
    own: list[Column],
    values: Iterator[list[Any]],
    same: list[Column],
    common: list[Any],
) -> None:
    def prepared(fields: list[Column], row: list[Any]) -> list[Any]:
        return [
            field.get_db_prep_save(value, connection)
            for field, value in zip(fields, row, strict=True)
        ]

    shared = prepared(same, common)
    places = ", ".join(["%s"] * len(own + same))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {_into(table, own + same)} VALUES ({places})",  # noqa: S608
            [prepared(own, row) + shared for row in values],
        )


def _copy(
    table: str,
    own: list[Column],
    values: Iterator[list[Any]],
    same: list[Column],
    common: list[Any],
) -> None:
    writers = [_writer(field) for field in own]
    shared = [_writer(field)(value) for field, value in zip(same, common, strict=True)]
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {_into(table, own + same)} FROM STDIN") as copy,
    ):
        for row in values:
            copy.write_row(
                [write(value) for write, value in zip(writers, row, strict=True)] + shared
            )


def _into(table: str, fields: list[Column]) -> str:
    quote = connection.ops.quote_name
    return f"{quote(table)} ({', '.join(quote(str(field.column)) for field in fields)})"


def _writer(field: Column) -> Callable[[Any], Any]:
    if isinstance(field, models.JSONField):
        return lambda value: None if value is None else json.dumps(value, cls=field.encoder)
    return lambda value: value
