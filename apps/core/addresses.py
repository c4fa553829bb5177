"""Addresses of pages, resolved once a language: a list of 25 rows asks for 50 of them."""

from functools import lru_cache

from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language

KEY = "9876543210"


def address_of(name: str, key: int | str = "") -> str:
    """What `reverse` gives for the page of that name, of the row with that key if it takes one."""
    before, after = around_key(name, bool(key), get_language(), get_script_prefix())
    return f"{before}{key}{after}"


@lru_cache(maxsize=1000)
def around_key(name: str, takes_key: bool, language: str | None, prefix: str) -> tuple[str, str]:
    if not takes_key:
        return reverse(name), ""
    before, after = reverse(name, args=[KEY]).split(KEY)
    return before, after
