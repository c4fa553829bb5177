import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.core import processes
from apps.core.processes import Programs, broker_command, broker_server, wait_for

STUBBORN = """
import os, pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
time.sleep(60)
"""
POLITE = """
import pathlib, signal, sys, time
def stop(*_):
    with open(sys.argv[1], "a") as file:
        file.write(sys.argv[2])
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
pathlib.Path(sys.argv[1] + sys.argv[2]).touch()
time.sleep(60)
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Programs]:
    monkeypatch.setattr(processes, "PATIENCE", 0.5)
    group = Programs(tmp_path / "log", {"GREETING": "good morning"})
    yield group
    group.stop()


def python(source: str, *arguments: object) -> list[str]:
    return [sys.executable, "-c", source, *map(str, arguments)]


def runs(pid: int) -> bool:
    """Whether a program of that number lives and is not merely waiting to be buried."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(") ")[2][0] != "Z"


def until(condition, seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not condition():
        time.sleep(0.01)
    return condition()


def test_program_gets_the_environment_and_a_log_when_it_starts(programs):
    programs.start("hello", python("import os; print(os.environ['GREETING'])"))

    programs.running["hello"].wait(10)

    assert programs.last_words("hello") == "good morning"


def test_log_is_kept_when_a_program_starts_again(programs):
    for word in ("first", "second"):
        programs.start("hello", python(f"print('{word}')"))
        programs.running["hello"].wait(10)

    assert programs.last_words("hello") == "first\nsecond"


def test_last_words_are_the_last_lines_when_the_log_is_long(programs):
    programs.start("many", python("for n in range(30): print(n)"))
    programs.running["many"].wait(10)

    assert programs.last_words("many", lines=3) == "27\n28\n29"


def test_last_words_can_be_read_when_the_log_is_not_text(programs):
    programs.start("raw", python("import os; os.write(1, b'\\xff\\xfe bad')"))
    programs.running["raw"].wait(10)

    assert programs.last_words("raw") == "\ufffd\ufffd bad"


def test_nobody_has_ended_when_all_run(programs):
    programs.start("one", python("import time; time.sleep(60)"))

    assert programs.ended() is None


def test_ended_names_the_program_when_one_of_two_is_gone(programs):
    programs.start("long", python("import time; time.sleep(60)"))
    programs.start("short", python("raise SystemExit(3)"))
    programs.running["short"].wait(10)

    assert programs.ended() == "short"


def test_stop_asks_the_last_started_first_when_several_run(programs, tmp_path):
    order = tmp_path / "order"
    for name in "abc":
        programs.start(name, python(POLITE, order, name))
        assert until(Path(f"{order}{name}").exists)

    programs.stop()

    assert order.read_text() == "cba"
    assert programs.running == {}


def test_stop_kills_a_program_and_its_children_when_it_does_not_listen(programs, tmp_path):
    note = tmp_path / "child"
    programs.start("stubborn", python(STUBBORN, note))
    assert until(lambda: note.exists() and note.read_text())
    pids = [programs.running["stubborn"].pid, int(note.read_text())]
    assert [runs(pid) for pid in pids] == [True, True]

    programs.stop()

    assert until(lambda: not any(runs(pid) for pid in pids))


def test_stop_does_nothing_when_the_program_has_ended(programs):
    programs.start("short", python("pass"))
    programs.running["short"].wait(10)

    programs.stop()

    assert programs.running == {}


def test_program_has_a_session_of_its_own_when_it_starts(programs):
    programs.start("one", python("import time; time.sleep(60)"))

    assert os.getsid(programs.running["one"].pid) != os.getsid(0)


def test_wait_for_answers_yes_when_the_file_appears(programs, tmp_path):
    ready = tmp_path / "ready"
    source = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(60)"
    programs.start("one", python(source, ready))

    assert wait_for(ready, programs)


def test_wait_for_answers_no_at_once_when_the_program_ends(programs, tmp_path):
    programs.start("one", python("raise SystemExit(1)"))
    start = time.monotonic()

    assert not wait_for(tmp_path / "never", programs, seconds=30)
    assert time.monotonic() - start < 10


def test_wait_for_answers_no_when_the_time_is_up(programs, tmp_path):
    programs.start("one", python("import time; time.sleep(60)"))

    assert not wait_for(tmp_path / "never", programs, seconds=0.05)


@pytest.mark.skipif(broker_server() is None, reason="no broker on this machine")
def test_broker_opens_a_socket_for_this_account_only_when_it_starts(programs, tmp_path):
    socket = tmp_path / "broker.sock"

    programs.start("broker", broker_command(broker_server(), socket, tmp_path / "data"))

    assert wait_for(socket, programs), programs.last_words("broker")
    assert socket.stat().st_mode & 0o777 == 0o700
    assert until((tmp_path / "data" / "appendonlydir").exists)
