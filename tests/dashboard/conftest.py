import pytest

from tests import factories


@pytest.fixture
def left():
    return factories.CityFactory(name_en="Wuxi")


@pytest.fixture
def right():
    return factories.CityFactory(name_en="San Antonio")
