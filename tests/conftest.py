from datetime import datetime

import pytest
from django.utils import timezone

from apps.accounts.models import User
from tests import factories


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def coordinator(db: None) -> User:
    return factories.UserFactory(coordinator=True)


@pytest.fixture
def administrator(db: None) -> User:
    return factories.UserFactory(administrator=True)
