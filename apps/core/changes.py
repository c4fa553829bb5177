"""How often what the pages show has changed: counted by the database itself, whoever wrote.

Every table of ours has triggers that count a transaction which changes it. On PostgreSQL such a
transaction inserts one row, its first change does, so that no writer waits for another; the rows are
summed up now and then. SQLite has one writer, which adds one to a single row.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db import connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "core_change"
ADD_ONE = (
    f"INSERT INTO {TABLE} (id, number) VALUES (1, 1)"  # noqa: S608
    " ON CONFLICT (id) DO UPDATE SET number = number + 1"
)
COUNT_TRANSACTION = f"""
CREATE OR REPLACE FUNCTION {TABLE}_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('counterpart.counted', true) IS DISTINCT FROM 'yes' THEN
    INSERT INTO {TABLE} (number) VALUES (1);
    PERFORM set_config('counterpart.counted', 'yes', true);
  END IF;
  RETURN NULL;
END $$
"""  # noqa: S608
# The note is local to the transaction, and taken back with the savepoint that took back the row.


def data_version() -> int:
    """Of any two states of the data, the later one has the greater number."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sum(number) FROM {TABLE}")  # noqa: S608
        return int(cursor.fetchone()[0] or 0)


def sum_up() -> None:
    """Put one row in the place of many; the sum stays what it is, also while others write or sum."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH gone AS (DELETE FROM {TABLE} RETURNING number)"  # noqa: S608
                f" INSERT INTO {TABLE} (number) SELECT sum(number) FROM gone HAVING count(*) > 0"
            )


def watch_tables(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Give the tables of an app of ours their triggers, after its migrations.

    An emptied database sends the same signal without a plan; its triggers are still there.
    """
    if not sender.name.startswith("apps.") or "plan" not in kwargs:
        return
    with connections[using].cursor() as cursor:
        for model in watched(sender):
            for statement in triggers_of(model, connections[using]):
                cursor.execute(statement)


def watched(app: AppConfig) -> Iterator[type[models.Model]]:
    for model in app.get_models(include_auto_created=True):
        if model._meta.label not in settings.PAGES_NEVER_SHOW:
            yield model


def triggers_of(model: type[models.Model], database: BaseDatabaseWrapper) -> Iterator[str]:
    quote = database.ops.quote_name
    fields = model._meta.concrete_fields
    shown = [f for f in fields if f"{model._meta.label}.{f.name}" not in settings.PAGES_NEVER_SHOW]
    columns = ", ".join(quote(str(field.column)) for field in shown)
    update = "UPDATE" if len(shown) == len(fields) else f"UPDATE OF {columns}"
    table = model._meta.db_table
    if database.vendor == "postgresql":
        yield COUNT_TRANSACTION
        for name, event, each in (
            ("added", "INSERT OR TRUNCATE", "STATEMENT"),
            ("changed", f"{update} OR DELETE", "ROW"),
        ):
            yield (
                f"CREATE OR REPLACE TRIGGER {quote(f'count_{name}')} AFTER {event} ON {quote(table)}"
                f" FOR EACH {each} EXECUTE FUNCTION {TABLE}_count()"
            )
    else:
        for name, event in (("added", "INSERT"), ("changed", update), ("deleted", "DELETE")):
            trigger = quote(f"count_{table}_{name}")
            yield f"DROP TRIGGER IF EXISTS {trigger}"
            yield f"CREATE TRIGGER {trigger} AFTER {event} ON {quote(table)} BEGIN {ADD_ONE}; END"
