"""For tests of what the database itself holds, and of what only its keeper could do to it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, models, transaction


@contextmanager
def refused_by(model: type[models.Model], name: str) -> Iterator[None]:
    """The statement within fails by the model's constraint of that name, and by no other.

    SQLite names a unique constraint by its columns.
    """
    constraint = next(each for each in model._meta.constraints if each.name == name)
    words = name
    if connection.vendor == "sqlite" and isinstance(constraint, models.UniqueConstraint):
        columns = [model._meta.get_field(field).column for field in constraint.fields]
        words = ", ".join(f"{model._meta.db_table}.{column}" for column in columns)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        yield
    assert words in str(refusal.value)


def names_of(*found: type[models.Model]) -> set[str]:
    return {constraint.name for model in found for constraint in model._meta.constraints}


def by_sql(row: models.Model, **values: object) -> None:
    """Change a row past every service, as somebody with access to the database could."""
    type(row)._base_manager.filter(pk=row.pk).update(**values)
