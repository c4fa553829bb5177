"""For tests of refusals: whatever was refused, no row of ours may be another one afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models

from apps.core.models import Change


def fingerprint() -> dict[str, list[dict[str, Any]]]:
    """Every column of every row of every model of ours."""
    return {model._meta.label: rows_of(model) for model in our_models()}


def our_models() -> list[type[models.Model]]:
    """Without the count of all changes, which says nothing of its own."""
    return [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("apps.")
        for model in config.get_models(include_auto_created=True)
        if model is not Change
    ]


def rows_of(model: type[models.Model]) -> list[dict[str, Any]]:
    return list(model._base_manager.order_by("pk").values())


def stored() -> list[list[tuple[Any, ...]]]:
    """The same as it stands in the database, ten times as fast."""
    tables = []
    with connection.cursor() as cursor:
        for query in queries():
            cursor.execute(*query)
            tables.append(cursor.fetchall())
    return tables


@cache
def queries() -> list[tuple[str, tuple[Any, ...]]]:
    rows = [model._base_manager.order_by("pk").values_list() for model in our_models()]
    return [values.query.sql_with_params() for values in rows]


@contextmanager
def nothing_changes() -> Iterator[None]:
    before = stored()
    yield
    assert stored() == before
