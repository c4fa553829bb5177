import hashlib
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from config import bootstrap
from config.bootstrap import SetupError

WORKS = "exit 0"
NO_PACKAGES = """
case "$*" in *--version*) exit 0;; esac
echo "Looking in indexes: https://example.org/simple"
echo "ERROR: Could not find a version that satisfies the requirement amqp==5.4.2"
echo "ERROR: No matching distribution found for amqp==5.4.2"
exit 1
"""
NO_UV = """case "$*" in *" uv "*) echo "error: no index"; exit 2;; esac; exit 0"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with requirements and nothing installed."""
    requirements = tmp_path / "requirements"
    requirements.mkdir()
    for group in ("run", "dev", "uv"):
        (requirements / f"{group}.txt").write_text(f"{group}==1.0\n")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "REQUIREMENTS", requirements)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / ".venv/bin/python")
    monkeypatch.setattr(bootstrap, "LOG", tmp_path / "var/install.log")
    monkeypatch.setattr(bootstrap, "NEEDED_MB", {"run": 0, "dev": 0})
    return tmp_path


@pytest.fixture
def make_python(folder: Path) -> Callable[[str], Path]:
    """make_python(script) puts a shell script where the environment's Python stands."""

    def make(script: str) -> Path:
        path = folder / ".venv/bin/python"
        path.parent.mkdir(parents=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return make


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def stamps(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (folder / ".venv").glob("installed-*")}


def test_nothing_is_installed_when_the_folder_is_fresh(folder):
    assert not bootstrap.is_installed("run")


def test_group_is_installed_when_its_stamp_fits_the_requirements(folder, make_python):
    make_python(WORKS)
    bootstrap.stamp("run").write_text(sha256(folder / "requirements/run.txt"))

    assert bootstrap.is_installed("run")
    assert not bootstrap.is_installed("dev")


def test_group_is_not_installed_when_the_requirements_have_changed(folder, make_python):
    make_python(WORKS)
    bootstrap.stamp("run").write_text(sha256(folder / "requirements/run.txt"))
    (folder / "requirements/run.txt").write_text("run==2.0\n")

    assert not bootstrap.is_installed("run")


def test_group_is_not_installed_when_the_environments_python_is_gone(folder, make_python):
    python = make_python(WORKS)
    bootstrap.stamp("run").write_text(sha256(folder / "requirements/run.txt"))
    python.unlink()
    python.symlink_to("/usr/bin/python3.0")

    assert not bootstrap.is_installed("run")


@pytest.mark.parametrize(("group", "stamped"), [("run", ["run"]), ("dev", ["dev", "run"])])
def test_install_stamps_what_it_brought_when_it_succeeds(folder, make_python, group, stamped):
    make_python(WORKS)

    bootstrap.install(group)

    wanted = {f"installed-{name}": sha256(folder / f"requirements/{name}.txt") for name in stamped}
    assert stamps(folder) == wanted


def test_install_says_each_step_when_it_goes_on(make_python, capsys):
    make_python(WORKS)

    bootstrap.install("run")

    assert capsys.readouterr().out.splitlines() == [
        "1/3  Creating the environment in .venv",
        "2/3  Installing the installer (uv)",
        "3/3  Installing the packages of requirements/run.txt, pinned by hash",
    ]


def test_install_takes_pip_when_uv_fails(folder, make_python):
    python = make_python(NO_UV)

    bootstrap.install("run")

    last = (folder / "var/install.log").read_text().splitlines()[-1]
    assert last.startswith(f"$ {python} -m pip install ")
    assert list(stamps(folder)) == ["installed-run"]


def test_install_asks_for_hashes_when_it_brings_packages(folder, make_python):
    make_python(NO_UV)

    bootstrap.install("run")

    commands = re.findall(r"^\$ .* install .*$", (folder / "var/install.log").read_text(), re.M)
    assert len(commands) == 3
    assert all("--require-hashes" in command for command in commands)


def test_failed_install_says_why_and_where_the_details_stand_when_nothing_can_be_had(
    folder, make_python
):
    make_python(NO_PACKAGES)

    with pytest.raises(SetupError) as refused:
        bootstrap.install("run")

    log = folder / "var/install.log"
    assert str(refused.value) == (
        "The packages of requirements/run.txt could not be installed: ERROR: No matching"
        " distribution found for amqp==5.4.2. Check the connection to your package index, then run"
        f" the same command again. Details: {log}"
    )
    assert "Looking in indexes" in log.read_text()
    assert stamps(folder) == {}


def test_failed_install_blames_the_disk_when_it_is_full(folder, make_python, monkeypatch):
    make_python(NO_PACKAGES)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=2**20))

    with pytest.raises(SetupError) as refused:
        bootstrap.install("run")

    assert str(refused.value) == (
        "The disk is full. Free about 1 GB and run the same command again."
    )


def test_install_is_refused_before_it_starts_when_space_is_short(folder, monkeypatch):
    monkeypatch.setattr(bootstrap, "NEEDED_MB", {"run": 700})
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=2**20 * 699))

    with pytest.raises(SetupError) as refused:
        bootstrap.install("run")

    assert str(refused.value) == (
        f"Not enough disk space: 699 MB are free in {folder}, about 700 MB are needed for the"
        " packages. Free some space and run the same command again."
    )
    assert sorted(path.name for path in folder.iterdir()) == ["requirements"]


def test_install_names_the_package_when_python_cannot_make_environments(
    folder, make_python, monkeypatch
):
    broken = make_python("exit 1")
    monkeypatch.setattr(sys, "executable", str(broken))

    with pytest.raises(SetupError) as refused:
        bootstrap.install("run")

    assert str(refused.value) == (
        "Python could not create a virtual environment. On Debian and Ubuntu install the package"
        f" python3-venv, then run the same command again. Details: {folder / 'var/install.log'}"
    )
    assert stamps(folder) == {}


def test_install_is_refused_when_python_is_too_old(folder, monkeypatch):
    version = sys.version.split()[0]
    with monkeypatch.context() as old:
        old.setattr(sys, "version_info", (3, 10, 0))
        with pytest.raises(SetupError) as refused:
            bootstrap.install("run")

    assert str(refused.value) == f"Python 3.11 or newer is needed; this is {version}."


@pytest.mark.parametrize("argv", [["manage.py"], ["manage.py", "check"], ["manage.py", "shell"]])
def test_nothing_is_set_up_when_another_command_finds_django(folder, argv):
    bootstrap.ensure_environment(argv)

    assert sorted(path.name for path in folder.iterdir()) == ["requirements"]


@pytest.mark.parametrize(("command", "group"), [("up", "run"), ("check_all", "dev")])
def test_command_goes_on_in_the_environment_when_it_is_installed(
    folder, make_python, monkeypatch, command, group
):
    python = make_python(WORKS)
    bootstrap.stamp(group).write_text(sha256(folder / f"requirements/{group}.txt"))
    taken_over = []
    monkeypatch.setattr(os, "execv", lambda path, argv: taken_over.append((path, argv)))

    bootstrap.ensure_environment(["manage.py", command, "--help"])

    assert taken_over == [(python, [str(python), "manage.py", command, "--help"])]


def test_command_ends_with_one_message_when_the_set_up_fails(folder, monkeypatch):
    monkeypatch.setattr(bootstrap, "NEEDED_MB", {"run": 10**9})

    with pytest.raises(SystemExit) as ended:
        bootstrap.ensure_environment(["manage.py", "up"])

    assert str(ended.value.code).startswith("Not enough disk space: ")


def test_command_ends_with_one_message_when_the_folder_cannot_be_written(folder):
    (folder / "var").write_text("a file where a folder should be")

    with pytest.raises(SystemExit) as ended:
        bootstrap.ensure_environment(["manage.py", "up"])

    assert str(ended.value.code).startswith("The environment in .venv cannot be prepared: ")
