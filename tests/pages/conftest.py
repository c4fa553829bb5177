from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.client import ClientHandler
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import User
from tests.pages.world import World

Rows = list[Any]
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Committed once for all tests of the pages, each of which is rolled back; then swept away."""
    with django_db_blocker.unblock():
        made = World(timezone.now())
    yield made
    with django_db_blocker.unblock():
        call_command("flush", verbosity=0, interactive=False)


@cache
def handler_of(enforce_csrf_checks: bool) -> ClientHandler:
    """Loading the middleware anew for every browser takes longer than most pages."""
    return ClientHandler(enforce_csrf_checks)


@pytest.fixture
def sign_in(db: None) -> Callable[[User | None], Client]:
    """A browser in which the person is signed in, without the hashing of a password."""

    def browser(user: User | None, **kwargs: Any) -> Client:
        client = Client(raise_request_exception=False, **kwargs)
        client.handler = handler_of(client.handler.enforce_csrf_checks)
        if user is not None:
            session = SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = BACKEND
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.save()
            client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        return client

    return browser


@pytest.fixture
def empty(db: None) -> None:
    """Whatever other tests of the pages have committed is not there in this one."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in ("contenttypes", "auth"):
            model._base_manager.all()._raw_delete(using="default")


@pytest.fixture
def cost(empty: None) -> Callable[..., tuple[int, int]]:
    """How many queries a page takes at one row, and at three; all rows must stand on the page."""

    def of(browser: Any, url: str, make: Callable[[int], Rows]) -> tuple[int, int]:
        found = make(1)
        browser.get(url)  # the first request of a process also fills caches
        first = count(browser, url, found)
        return first, count(browser, url, [*found, *make(2)])

    return of


def count(browser: Any, url: str, wanted: Rows) -> int:
    with CaptureQueriesContext(connection) as queries:
        response = browser.get(url)
    missing = [row for row in wanted if mark(row) not in response.text]
    assert (response.status_code, missing) == (200, [])
    return len(queries)


def mark(row: Any) -> str:
    """What stands on a page that shows the row."""
    return row if isinstance(row, str) else row.get_absolute_url()
