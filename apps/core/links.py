"""Addresses of rows for pages that name hundreds of them: `reverse` asks every pattern of the site."""

from functools import lru_cache

from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language

KEY = "9876543210"


def link(name: str, key: int | str) -> str:
    """What `reverse` gives for a page that is addressed by a number or a slug."""
    before, after = around_key(name, get_language(), get_urlconf(), get_script_prefix())
    return f"{before}{key}{after}"


@lru_cache(maxsize=500)
def around_key(
    name: str, language: str | None, urlconf: str | None, script_prefix: str
) -> tuple[str, str]:
    """What stands before and after the key; the arguments but for the name are what `reverse` heeds."""
    before, __, after = reverse(name, urlconf, args=[KEY]).partition(KEY)
    return before, after
