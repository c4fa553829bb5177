from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone, translation

from apps.accounts.models import User
from apps.core.translations import compile_catalogues
from tests import factories


@pytest.fixture(scope="session", autouse=True)
def translations() -> None:
    """A fresh copy holds the catalogues as text only."""
    compile_catalogues(settings.ROOT / "locale")


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_keepdb: bool,
    django_db_createdb: bool,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """The database of the tests, always: pytest-django leaves the real one in its place when only
    fixtures of a module ask, as those do that fill it once for many tests."""
    with django_db_blocker.unblock():
        keep = django_db_keepdb and not django_db_createdb
        made = setup_databases(verbosity=0, interactive=False, keepdb=keep)
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


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
