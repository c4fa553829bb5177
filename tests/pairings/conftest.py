from collections.abc import Callable
from datetime import datetime

import pytest

from apps.accounts.models import User
from apps.cities.models import City
from apps.pairings.models import Pairing
from tests import factories
from tests.personas import People, make_serve, people_of


@pytest.fixture
def wuxi(db: None) -> City:
    state = factories.StateFactory(country="CN", code="cn-js")
    return factories.CityFactory(chinese=True, parent=state)


@pytest.fixture
def san_antonio(db: None) -> City:
    return factories.CityFactory()


@pytest.fixture
def people(wuxi: City, san_antonio: City) -> People:
    return people_of(wuxi, san_antonio)


@pytest.fixture
def coordinator(people: People) -> User:
    return people["coordinator"]


@pytest.fixture
def administrator(people: People) -> User:
    return people["administrator"]


@pytest.fixture
def serve(wuxi: City, san_antonio: City, now: datetime) -> Callable[[User, str], None]:
    """serve(person, how) makes the person serve a place as the personas say."""
    return lambda person, how: make_serve(person, how, wuxi, san_antonio, now=now)


@pytest.fixture
def pairing(wuxi: City, san_antonio: City) -> Callable[..., Pairing]:
    """pairing("active") is the pairing of the two cities in that state."""

    def make(state: str = "proposed", **values: object) -> Pairing:
        return factories.PairingFactory(left=wuxi, right=san_antonio, state=state, **values)

    return make
