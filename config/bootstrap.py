"""Makes the project's own environment in .venv before Django exists: standard library only.

`up` and `check_all` always run in .venv, brought to the hash-pinned requirements; every other command
uses the Python that called it if that one has Django, and .venv otherwise.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements"
LOG = ROOT / "var" / "install.log"
OWN_ENVIRONMENT = {"up": "run", "check_all": "dev"}
NEEDED_MB = {"run": 700, "dev": 1500}


class SetupError(Exception):
    """One sentence that says what stands in the way and what to do."""


def ensure_environment(argv: Sequence[str]) -> None:
    """Return if this process can run the command; otherwise replace it by one in .venv that can."""
    command = argv[1] if len(argv) > 1 else ""
    group = OWN_ENVIRONMENT.get(command)
    if group is None:
        if importlib.util.find_spec("django") or running_in_venv():
            return
        group = "run"
    try:
        if not is_installed(group):
            install(group)
        if not running_in_venv():
            os.execv(PYTHON, [str(PYTHON), *argv])
    except SetupError as error:
        sys.exit(f"{error}")
    except OSError as error:
        sys.exit(f"The environment in .venv cannot be prepared: {error}.")
    except KeyboardInterrupt:
        sys.exit("Stopped while setting up; the same command goes on from here.")


def running_in_venv() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def is_installed(group: str) -> bool:
    is_there = PYTHON.exists() and stamp(group).is_file()
    return is_there and stamp(group).read_text() == digest(group)


def stamp(group: str) -> Path:
    return VENV / f"installed-{group}"


def digest(group: str) -> str:
    return hashlib.sha256((REQUIREMENTS / f"{group}.txt").read_bytes()).hexdigest()


def install(group: str) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 (an older Python reaches this line first)
        raise SetupError(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    check_space(group)
    LOG.parent.mkdir(exist_ok=True)
    LOG.write_text("")
    create_venv()
    say("2/3  Installing the installer (uv)")
    uv = [str(PYTHON), "-m", "uv", "pip", "install", "--python", str(PYTHON), "--compile-bytecode"]
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    has_uv = run([*pip, "--quiet", "--require-hashes", "-r", str(REQUIREMENTS / "uv.txt")])
    say(f"3/3  Installing the packages of requirements/{group}.txt, pinned by hash")
    packages = ["--require-hashes", "-r", str(REQUIREMENTS / f"{group}.txt")]
    # uv does not read pip's own configuration (mirrors, extra indexes): pip is the second try.
    if not (has_uv and run([*uv, *packages])) and not run([*pip, *packages]):
        raise SetupError(why_installation_failed(group))
    for done in ("run", "dev") if group == "dev" else ("run",):
        stamp(done).write_text(digest(done))


def check_space(group: str) -> None:
    free = shutil.disk_usage(ROOT).free // 2**20
    if free < NEEDED_MB[group]:
        raise SetupError(
            f"Not enough disk space: {free} MB are free in {ROOT}, about {NEEDED_MB[group]} MB are"
            " needed for the packages. Free some space and run the same command again."
        )


def create_venv() -> None:
    say("1/3  Creating the environment in .venv")
    works = PYTHON.exists() and run([str(PYTHON), "-m", "pip", "--version"], show=False)
    if not works and not run([sys.executable, "-m", "venv", "--clear", str(VENV)], show=False):
        raise SetupError(
            "Python could not create a virtual environment. On Debian and Ubuntu install the package"
            f" python3-venv, then run the same command again. Details: {LOG}"
        )


def run(command: Sequence[str], *, show: bool = True) -> bool:
    """Run, with the output on the screen as it comes and in the log; True if it succeeded."""
    with LOG.open("a") as log:
        log.write(f"$ {' '.join(command)}\n")
        log.flush()
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT
        )
        assert process.stdout is not None
        for line in process.stdout:
            log.write(line)
            if show and line.startswith(PROGRESS):
                say(f"     {line.rstrip()[:100]}")
        return process.wait() == 0


PROGRESS = (
    "Resolved",
    "Prepared",
    "Installed",
    "Bytecode",
    "Downloading",
    "Downloaded",
    "Collecting",
)


def why_installation_failed(group: str) -> str:
    if shutil.disk_usage(ROOT).free < 2**20 * 20:
        return "The disk is full. Free about 1 GB and run the same command again."
    lines = [line.strip() for line in LOG.read_text().splitlines() if line.strip()]
    causes = [
        line
        for line in lines
        if any(word in line.lower() for word in ("error", "no matching", "×"))
    ]
    cause = (causes or lines)[-1].rstrip(".")
    return (
        f"The packages of requirements/{group}.txt could not be installed: {cause}."
        f" Check the connection to your package index, then run the same command again. Details: {LOG}"
    )


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 (there is no logging yet)
