import os
import subprocess
import sys
from pathlib import Path

import pytest

from apps.core.management.commands.check_all import DEPLOY

ROOT = Path(__file__).resolve().parents[2]
COMPLETE = {name: value for name, value in DEPLOY.items() if name != "DJANGO_SETTINGS_MODULE"}
SHOW = "from config.settings import production as p; print(p.BASE_URL, p.CSRF_TRUSTED_ORIGINS, p.DEBUG, p.SESSION_COOKIE_SECURE)"


def load(**env: str) -> subprocess.CompletedProcess[str]:
    """The production settings in a process that knows nothing but `env`."""
    return subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **env},
        capture_output=True,
        text=True,
        check=False,
    )


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    return done.stderr.strip().splitlines()[-1]


def test_production_starts_when_everything_is_set():
    done = load(**COMPLETE)

    assert done.stderr == ""
    assert done.stdout == "https://example.org ['https://example.org'] False True\n"


@pytest.mark.parametrize("empty", [True, False], ids=["empty", "missing"])
@pytest.mark.parametrize("name", COMPLETE)
def test_production_does_not_start_when_a_value_is_missing(name, empty):
    rest = {other: value for other, value in COMPLETE.items() if other != name}

    done = load(**rest, **({name: ""} if empty else {}))

    assert done.returncode == 1
    assert last_line(done) == (
        "django.core.exceptions.ImproperlyConfigured: Production does not start without"
        f" {name}: set them in the environment or in .env."
    )


def test_production_names_everything_that_is_missing_when_nothing_is_set():
    done = load()

    assert done.returncode == 1
    assert ", ".join(COMPLETE) in last_line(done)


def test_production_does_not_start_when_the_secret_is_short():
    done = load(**{**COMPLETE, "SECRET_KEY": "k" * 49})

    assert done.returncode == 1
    assert last_line(done) == (
        "django.core.exceptions.ImproperlyConfigured: SECRET_KEY is shorter than 50 characters:"
        " make a new, random one."
    )


@pytest.mark.parametrize("on", ["1", "true", "yes", "on"])
def test_production_does_not_start_when_debug_is_on(on):
    done = load(**COMPLETE, DEBUG=on)

    assert done.returncode == 1
    assert last_line(done) == (
        "django.core.exceptions.ImproperlyConfigured: DEBUG must not be on in production: remove"
        " it from the environment."
    )


def test_production_ends_addresses_of_mails_once_when_the_site_is_given_with_a_slash():
    done = load(**{**COMPLETE, "BASE_URL": "https://example.org/"})

    assert done.stdout == "https://example.org ['https://example.org'] False True\n"
