from collections.abc import Callable
from datetime import date, datetime
from itertools import count

import pytest

from apps.cities.models import City
from apps.ledger.models import EntryKind, LedgerEntry, Party
from apps.ledger.services import party_of, record_entry
from apps.postings.models import Item
from tests import factories

Enter = Callable[..., LedgerEntry]


@pytest.fixture
def wuxi(db: None) -> City:
    return factories.CityFactory(chinese=True)


@pytest.fixture
def san_antonio(db: None) -> City:
    return factories.CityFactory()


@pytest.fixture
def giver(wuxi: City) -> Party:
    return party_of(wuxi)


@pytest.fixture
def receiver(san_antonio: City) -> Party:
    return party_of(san_antonio)


@pytest.fixture
def masks(db: None) -> Item:
    return factories.ItemFactory()


@pytest.fixture
def enter(giver: Party, receiver: Party, masks: Item, now: datetime) -> Enter:
    """enter(quantity=..., kind=..., ...) appends an entry, each of a source of its own."""
    sources = count(1)

    def append(**values: object) -> LedgerEntry:
        wanted = {
            "kind": EntryKind.SENT,
            "giver": giver,
            "receiver": receiver,
            "item": masks,
            "quantity": 100,
            "source": ("test", next(sources)),
            "by": None,
            "now": now,
            "occurred_on": date(2020, 3, 1),
        }
        return record_entry(**(wanted | values))

    return append
