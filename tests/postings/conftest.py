from datetime import UTC, datetime

import pytest

from apps.accounts.models import User
from apps.cities.models import City
from apps.postings.models import Item
from tests import factories

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)  # the same day, 2 March, in Chicago and in Shanghai


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def city(db: None) -> City:
    return factories.CityFactory(name_en="San Antonio")


@pytest.fixture
def officer(city: City) -> User:
    return factories.LiaisonFactory(city=city).user


@pytest.fixture
def masks(db: None) -> Item:
    return factories.ItemFactory(name_en="Masks", usual_quantity=1_000_000)


@pytest.fixture
def manual(db: None) -> Item:
    return factories.ItemFactory(name_en="Manual", unit="document", is_knowledge=True)
