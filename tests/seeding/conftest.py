import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from apps.seeding.demo import Demo, load_demo
from apps.seeding.facts import load_facts
from apps.seeding.files import FIXTURES
from apps.seeding.story import Told, read_script, tell_story
from apps.seeding.sync import Tally

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def facts(db: None, now: datetime) -> list[Tally]:
    return load_facts(now=now)


@pytest.fixture
def demo(facts: list[Tally], now: datetime) -> Demo:
    return load_demo(now)


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: Any) -> Iterator[Told]:
    """The demo and its story, told once for the tests of a module, each of which undoes its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_facts(now=NOW)
        load_demo(NOW)
        told = tell_story(read_script(), now=NOW)
        assert told is not None
        yield told
        transaction.set_rollback(True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the fixtures, to be spoilt."""
    return Path(shutil.copytree(FIXTURES, tmp_path / "fixtures"))


@pytest.fixture
def edit(folder: Path) -> Callable[..., int]:
    """edit(file, key, column=value ...) changes the first row of that key and answers with its number.

    A value of ... removes the column.
    """

    def change(file: str, key: str, **values: Any) -> int:
        path = folder / file
        rows = json.loads(path.read_text(encoding="utf-8"))
        place = next(n for n, row in enumerate(rows) if next(iter(row.values())) == key)
        row = rows[place] | values
        rows[place] = {name: value for name, value in row.items() if value is not ...}
        path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        return place + 1

    return change
