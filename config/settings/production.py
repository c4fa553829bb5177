"""A public server. Refuses to start without its secrets; every setting comes from the environment."""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import BASE_URL, env

REQUIRED = (
    "SECRET_KEY",
    "DATABASE_URL",
    "BROKER_URL",
    "ALLOWED_HOSTS",
    "BASE_URL",
    "EMAIL_URL",
)
missing = [name for name in REQUIRED if not env(name, default="")]
if missing:
    raise ImproperlyConfigured(
        f"Production does not start without {', '.join(missing)}: set them in the environment or in .env."
    )
if len(env("SECRET_KEY")) < 50:
    raise ImproperlyConfigured("SECRET_KEY is shorter than 50 characters: make a new, random one.")
if env.bool("DEBUG", default=False):
    raise ImproperlyConfigured(
        "DEBUG must not be on in production: remove it from the environment."
    )

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [BASE_URL]
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1)
