"""One machine, for trying and developing: `manage.py up`."""

import secrets
import sys
from pathlib import Path

from .base import *  # noqa: F403
from .base import SECRET_KEY, STORAGES, VAR, env

DEBUG = env.bool("DEBUG", default=False)


def own_secret(path: Path) -> str:
    """A random key of this machine's own, made at first use."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(50))
        return path.read_text()
    except OSError as error:
        sys.exit(f"Nothing can be written under {path.parent}: {error}.")


SECRET_KEY = SECRET_KEY or own_secret(VAR / "secret")
ALLOWED_HOSTS = ["*"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # passkeys without https, as browsers allow on localhost
if DEBUG:  # files as they are being written; otherwise `up` collects and compresses them
    WHITENOISE_USE_FINDERS = True
    STORAGES = {
        **STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
