from collections.abc import Callable
from datetime import datetime

import pytest

from tests.ways import Way, make_way


@pytest.fixture
def begin(db: None, now: datetime) -> Callable[..., Way]:
    """begin(quantity=..., need={...}, offer={...}) is the way of a match that both cities accepted."""

    def make(**values: object) -> Way:
        way = make_way(now, **values)
        way.to("accepted")
        return way

    return make


@pytest.fixture
def way(begin: Callable[..., Way]) -> Way:
    """Of 100 units between a need and an offer of 1,000 each."""
    return begin()
