import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from apps.core.management.commands.check_all import DEPLOY, MANAGE, STATIC, Command


@pytest.fixture
def out() -> StringIO:
    return StringIO()


def python(source: str) -> list[str]:
    return [sys.executable, "-c", source]


def without_times(text: str) -> str:
    return re.sub(r"\([0-9.]+ s\)", "(s)", text)


def test_step_says_ok_and_nothing_more_when_it_passes(out):
    passed = Command(stdout=out).step("lint", python("print('no news')"))

    assert passed
    assert without_times(out.getvalue()) == "ok     lint (s)\n"


def test_step_shows_what_the_check_said_when_it_fails(out):
    noise = "import sys; print('line 3 is too long'); print('and more', file=sys.stderr); exit(1)"

    passed = Command(stdout=out).step("lint", python(noise))

    assert not passed
    assert without_times(out.getvalue()) == ("FAILED lint (s)\nline 3 is too long\nand more\n")


def test_step_fails_when_the_check_is_killed(out):
    passed = Command(stdout=out).step("types", python("import os; os.kill(os.getpid(), 9)"))

    assert not passed
    assert without_times(out.getvalue()).splitlines()[0] == "FAILED types (s)"


def test_step_runs_in_the_project_with_more_environment_when_it_is_given(out, settings):
    source = f"import os; assert os.getcwd() == {str(settings.ROOT)!r}; assert os.environ['A'] == 'b'; assert os.environ['PATH']"

    passed = Command(stdout=out).step("production settings", python(source), env={"A": "b"})

    assert passed, out.getvalue()


def test_browser_is_missed_aloud_when_there_is_none(out, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    Command(stdout=out).say_browser()

    assert "the browser journeys are NOT run" in out.getvalue()


def test_browser_is_not_mentioned_when_there_is_one(out, monkeypatch, tmp_path):
    browser = tmp_path / "chromium"
    browser.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    Command(stdout=out).say_browser()

    assert out.getvalue() == ""


def test_every_check_names_a_program_that_exists_when_it_is_listed():
    programs = {command[0] for command in STATIC.values()}

    assert all(os.access(program, os.X_OK) for program in programs)


def test_production_settings_pass_djangos_own_check_when_they_are_complete(out):
    deploy = [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"]

    passed = Command(stdout=out).step("production settings", deploy, env=DEPLOY)

    assert passed, out.getvalue()


def test_server_of_the_tests_locks_nothing_that_another_account_may_hold(tmp_path):
    source = (
        "from pathlib import Path;"
        "from apps.core.management.commands.check_all import import_pgserver;"
        f"package = import_pgserver(Path({str(tmp_path)!r}));"
        "print(package.PostgresServer.lock_path)"
    )

    done = subprocess.run(python(source), capture_output=True, text=True, check=True)

    assert Path(done.stdout.strip()).is_relative_to(tmp_path)
