import socket
from pathlib import Path

import pytest
from django.core.management import CommandError
from kombu.utils.url import parse_url

from apps.core.management.commands.up import (
    broker_socket,
    environment,
    hold_lock,
    refuse_taken_port,
    site,
)


@pytest.fixture
def taken_port():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that says nothing about us."""
    for name in ("DJANGO_SETTINGS_MODULE", "BASE_URL", "BROKER_URL"):
        monkeypatch.delenv(name, raising=False)


def test_taken_port_is_refused_with_another_one_when_somebody_listens(taken_port):
    with pytest.raises(CommandError) as refused:
        refuse_taken_port("127.0.0.1", taken_port)

    assert str(refused.value) == (
        f"Port {taken_port} on 127.0.0.1 cannot be used ([Errno 98] Address already in use)."
        f" Choose another: up --port {taken_port + 1}"
    )


@pytest.mark.parametrize("port", [65536, 70000, -1])
def test_port_is_refused_with_a_usable_one_when_there_is_no_such_port(port):
    with pytest.raises(CommandError) as refused:
        refuse_taken_port("127.0.0.1", port)

    assert str(refused.value).endswith("Choose another: up --port 8000")


def test_port_is_refused_when_the_address_is_not_ours():
    with pytest.raises(CommandError, match=r"^Port 8000 on 192\.0\.2\.1 cannot be used"):
        refuse_taken_port("192.0.2.1", 8000)


def test_port_is_left_free_when_it_was_only_tried(taken_port):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]

    refuse_taken_port("127.0.0.1", free)
    refuse_taken_port("127.0.0.1", free)


def test_second_start_is_refused_when_the_first_holds_the_lock(tmp_path):
    path = tmp_path / "up.lock"
    first = hold_lock(path)

    with pytest.raises(CommandError) as refused:
        hold_lock(path)

    assert str(refused.value) == f"Counterpart is running already from this folder ({path})."
    first.close()


def test_lock_is_free_when_the_first_has_ended(tmp_path):
    hold_lock(tmp_path / "up.lock").close()

    second = hold_lock(tmp_path / "up.lock")

    assert not second.closed
    second.close()


def test_broker_socket_stands_with_the_other_files_when_their_path_is_short(settings):
    settings.VAR = Path("/srv/counterpart/var")

    assert broker_socket() == Path("/srv/counterpart/var/broker.sock")


@pytest.mark.parametrize("folder", ["/" + "x" * 90, "/home/" + "友好城市" * 10])
def test_broker_socket_stands_in_the_temporary_folder_when_the_path_is_long(settings, folder):
    settings.VAR = Path(folder)

    path = broker_socket()

    assert path != settings.VAR / "broker.sock"
    assert len(str(path).encode()) <= 100
    assert broker_socket() == path


def test_broker_sockets_differ_when_two_long_folders_do(settings):
    paths = set()
    for letter in "ab":
        settings.VAR = Path("/" + letter * 95)
        paths.add(broker_socket())

    assert len(paths) == 2


@pytest.mark.parametrize(
    "folder", ["/srv/var", "/srv/my project", "/srv/c++", "/srv/100%41", "/srv/a#b?c", "/srv/结对"]
)
def test_programs_find_the_broker_when_the_folder_has_an_odd_name(bare, settings, folder):
    settings.VAR = Path(folder)

    told = environment("127.0.0.1", 8000)

    broker = parse_url(told["BROKER_URL"].replace("redis+socket", "socket"))
    assert "/" + broker["virtual_host"] == f"{folder}/broker.sock"


def test_programs_are_told_where_they_run_when_nobody_says_otherwise(bare, settings):
    settings.VAR = Path("/srv/var")

    assert environment("127.0.0.1", 8001) == {
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "BASE_URL": "http://127.0.0.1:8001",
        "BROKER_URL": "redis+socket:///srv/var/broker.sock",
    }


def test_programs_keep_what_the_environment_says_when_it_names_a_broker(bare, monkeypatch):
    monkeypatch.setenv("BROKER_URL", "redis://elsewhere")
    monkeypatch.setenv("BASE_URL", "https://example.org")

    assert sorted(environment("127.0.0.1", 8001)) == ["DJANGO_SETTINGS_MODULE"]


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "http://127.0.0.1:8000"), ("::1", "http://[::1]:8000")],
)
def test_site_is_an_address_a_browser_takes_when_the_host_is_of_either_kind(host, address):
    assert site(host, 8000) == address
