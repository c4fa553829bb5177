from collections.abc import Iterator
from datetime import datetime

import pytest
from django.conf import settings
from django.utils import timezone, translation

from apps.accounts.models import User
from apps.core.translations import compile_catalogues
from tests import factories


@pytest.fixture(scope="session", autouse=True)
def translations() -> None:
    """A fresh copy holds the catalogues as text only."""
    compile_catalogues(settings.ROOT / "locale")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A test that opens a Chinese page leaves no Chinese to the next one."""
    with translation.override("en"):
        yield


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def coordinator(db: None) -> User:
    return factories.UserFactory(coordinator=True)


@pytest.fixture
def administrator(db: None) -> User:
    return factories.UserFactory(administrator=True)
