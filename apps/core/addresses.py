"""Addresses of rows, which lists ask for by the hundred."""

from functools import lru_cache

from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language


def address_of(name: str, pk: int) -> str:
    """What `reverse` says of a page whose address ends in a number, at a tenth of its price."""
    return f"{stem(name, get_language(), get_script_prefix(), get_urlconf())}{pk}/"


@lru_cache(maxsize=200)
def stem(name: str, *of_the_request: str | None) -> str:
    """The address before the number; it depends on the language and on where the site stands."""
    return reverse(name, args=[0]).removesuffix("0/")
