"""For tests of the version of the data, each of which is one transaction itself."""

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from apps.core.changes import data_version


def changes_by(write: Callable[[], Any]) -> int:
    """How much greater the version is after `write`, done as if in a transaction of its own."""
    before = data_version()
    as_in_a_new_transaction()
    write()
    return data_version() - before


def as_in_a_new_transaction() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL counterpart.counted = ''")


def undone(write: Callable[[], Any]) -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
