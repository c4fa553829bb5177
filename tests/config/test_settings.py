import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from config.celery import app
from config.settings.local import own_secret

ROOT = Path(__file__).resolve().parents[2]
PATHS = "from config.settings import base as b; print(b.DATABASES['default']['NAME']); print(b.EMAIL_FILE_PATH)"


def test_secret_is_random_and_kept_for_this_account_when_it_is_first_used(tmp_path):
    first, second = tmp_path / "a" / "secret", tmp_path / "b" / "secret"

    made = own_secret(first)

    assert len(made) >= 50
    assert own_secret(first) == made
    assert own_secret(second) != made
    assert first.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["my project", "c++", "100%41", "a#b?c", "结对"])
def test_files_stand_in_the_folder_when_its_name_is_odd(tmp_path, name):
    folder = tmp_path / name

    done = subprocess.run(
        [sys.executable, "-c", PATHS],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(folder), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.splitlines() == [f"{folder}/counterpart.sqlite3", f"{folder}/mail"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="asks SQLite")
@pytest.mark.parametrize(("pragma", "value"), [("foreign_keys", 1), ("synchronous", 1)])
def test_sqlite_keeps_its_promises_when_a_connection_is_open(db, pragma, value):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        assert cursor.fetchone() == (value,)


def test_every_job_of_the_timetable_is_a_task_when_beat_rings():
    app.loader.import_default_modules()

    wanted = {job["task"] for job in settings.CELERY_BEAT_SCHEDULE.values()}
    assert wanted <= set(app.tasks)


def test_rings_are_dropped_when_the_next_one_is_due():
    for job in settings.CELERY_BEAT_SCHEDULE.values():
        assert job["options"]["expires"] <= job["schedule"]


def test_broker_hands_no_task_out_twice_when_it_runs_long():
    wait = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]

    assert wait > settings.CELERY_TASK_TIME_LIMIT
