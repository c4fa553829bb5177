"""The whole of Counterpart as its users meet it: `manage.py up` in a folder of its own, and Chromium."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.journeys.person import Person
from tests.pages.world import World

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Site:
    url: str
    var: Path
    env: dict[str, str]

    def manage(self, *words: str, **env: str) -> str:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command, cwd=ROOT, env={**self.env, **env}, capture_output=True, text=True, check=True
        )
        return done.stdout

    @contextmanager
    def without_broker(self) -> Iterator[None]:
        """The broker hangs meanwhile: it takes connections and never answers."""
        broker = self.broker()
        os.kill(broker, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(broker, signal.SIGCONT)

    def broker(self) -> int:
        socket = str(self.var / "broker.sock").encode()
        for command in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                if socket in command.read_bytes():
                    return int(command.parent.name)
        raise AssertionError("There is no broker.")

    def log(self, name: str) -> str:
        return (self.var / "log" / f"{name}.log").read_text()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running Counterpart with the facts and nobody in it."""
    var = tmp_path_factory.mktemp("var")
    port = free_port()
    env = {**os.environ, "VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings.local"}
    server = env.pop("DATABASE_URL", "")
    if server.startswith("postgres"):
        env["DATABASE_URL"] = new_database(server)
    log = (var / "up.txt").open("w+")
    command = [sys.executable, "manage.py", "up", "--empty", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
    try:
        wait_until(lambda: "is running" in (var / "up.txt").read_text(), process, var)
        yield Site(f"http://127.0.0.1:{port}", var, env)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        log.close()


def new_database(server: str) -> str:
    """The address of an empty database for this process of the suite alone."""
    name = f"site_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], var: Path) -> None:
    end = time.monotonic() + 180
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            pytest.fail(f"up did not start:\n{(var / 'up.txt').read_text()}")
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """After the database: Playwright keeps an event loop in this thread, in which Django refuses to ask."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("No Chromium: on CI the browser journeys must run.")
        pytest.skip("NO CHROMIUM: the browser journeys are not run. Install the package chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def person(site: Site, chromium: Browser) -> Iterator[Callable[..., Person]]:
    """person("en") opens a browser of somebody's own; what it complains of fails the test."""
    people: list[Person] = []

    def arrive(language: str, width: int = 1280) -> Person:
        context = chromium.new_context(viewport={"width": width, "height": 900})
        people.append(Person(context.new_page(), site.url, language, site.var / "mail"))
        return people[-1]

    yield arrive
    for each in people:
        each.page.context.close()
    assert [line for each in people for line in each.complaints] == []


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """What a module writes stays until its end: the server that Chromium reads shares the database."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield
        call_command("flush", verbosity=0, interactive=False)
        connections.close_all()  # Django has opened others beside the event loop


@pytest.fixture(scope="module")
def world(rows: None) -> World:
    """One of everything."""
    return World(timezone.now())


@pytest.fixture(scope="module")
def live(rows: None) -> Iterator[str]:
    """The address of a server that shows what the tests of a module write."""
    server = LiveServer("localhost")
    yield server.url
    server.stop()
