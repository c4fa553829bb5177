"""For tests of what the database holds: which rule stands in the way, told alike by both databases."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction

from tests.unchanged import nothing_changes


@contextmanager
def refused_by(constraint: str, columns: str = "") -> Iterator[None]:
    """The statement inside fails by `constraint`; SQLite names the columns of a unique one instead."""
    name = columns if columns and connection.vendor == "sqlite" else constraint
    with nothing_changes(), pytest.raises(IntegrityError, match=name), transaction.atomic():
        yield
