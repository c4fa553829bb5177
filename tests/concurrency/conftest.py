from pathlib import Path

import pytest
from django.conf import settings

WHY = (
    "Races are proved on PostgreSQL: SQLite has one writer and hides them."
    " Set DATABASE_URL to a PostgreSQL server to run this."
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
        return
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.skip(reason=WHY))


@pytest.fixture(autouse=True)
def commits(transactional_db: None) -> None:
    """Every test here commits, from several connections at once."""
