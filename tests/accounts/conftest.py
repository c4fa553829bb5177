from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from tests import factories

PASSWORD = "seven green rivers"


@pytest.fixture
def ana(db: None) -> User:
    """Somebody with a confirmed address."""
    person = factories.UserFactory(email="ana@example.org", name="Ana", password=PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.fixture
def enter(ana: User) -> Callable[[], Client]:
    """enter() is a browser in which Ana has just said twice that it is she, and been greeted."""

    def browser() -> Client:
        client = Client(HTTP_USER_AGENT="Firefox")
        client.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        client.get(reverse("accounts:profile"))
        return client

    return browser
