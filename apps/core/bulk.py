"""Many new rows of one table, without a model instance for each."""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
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
    write = _for_copy if connection.vendor == "postgresql" else _for_execute
    writers = [(field.attname, write(field)) for field in own]
    shared = [write(field)(field.pre_save(pattern, add=True)) for field in same]
    values = ([to(row[name]) for name, to in writers] + shared for row in chain([first], rows))
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in own + same)
    into = f"{quote(pattern._meta.db_table)} ({names})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for value in values:
                    copy.write_row(value)
        else:
            places = ", ".join(["%s"] * len(own + same))
            cursor.executemany(f"INSERT INTO {into} VALUES ({places})", list(values))  # noqa: S608


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


def _for_execute(field: Column) -> Callable[[Any], Any]:
    return partial(field.get_db_prep_save, connection=connection)


def _for_copy(field: Column) -> Callable[[Any], Any]:
    if isinstance(field, models.JSONField):
        return lambda value: None if value is None else json.dumps(value, cls=field.encoder)
    return lambda value: value
