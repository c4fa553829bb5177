from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.dashboard.replay2020.facts import Facts, read_facts
from apps.dashboard.replay2020.replay import Replay, replay_of
from apps.dashboard.replay2020.table import Flow, Place, Table, table_of
from apps.ledger.models import LedgerEntry
from apps.seeding.facts import load_facts


@pytest.fixture(scope="package")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The facts of the fixtures, committed once for all tests of the replay; then swept away."""
    with django_db_blocker.unblock():
        load_facts(now=timezone.now())
    yield
    with django_db_blocker.unblock():
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def facts(loaded: None, db: None) -> Facts:
    found = read_facts()
    assert found is not None
    return found


@pytest.fixture
def empty_ledger(db: None) -> None:
    """Whatever other tests of the replay have committed is not there in this one."""
    LedgerEntry.objects.all()._raw_delete(using="default")


@pytest.fixture
def replay(facts: Facts) -> Replay:
    return replay_of(facts.table)


def small_table(gifts: list[tuple[str, str, str, int]], ties=(), people=None) -> Table:
    """Gifts are (item, giver, receiver, quantity); a place has 100 people unless it is said."""
    counts = people or {}
    codes = {code for __, *pair, __ in gifts for code in pair}
    places = {code: Place(code, "city", counts.get(code, 100)) for code in codes}
    return table_of(date(2020, 5, 26), [Flow(*gift) for gift in gifts], places, ties)
