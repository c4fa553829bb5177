"""The addresses of our own pages, from the resolver itself."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from apps.cities.models import City
from apps.ledger.models import LedgerEntry


def our_patterns(
    patterns: list[Any] | None = None, prefix: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """(name, pattern) of every address except those of the admin and of allauth, which have no app of ours."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            inner = f"{prefix}{one.namespace}:" if one.namespace else prefix
            yield from our_patterns(one.url_patterns, inner)
        elif prefix and not prefix.startswith("admin:"):
            yield f"{prefix}{one.name}", one


def address(name: str, row: models.Model | None = None) -> str:
    return reverse(name, args=[] if row is None else [slot(row)])


def slot(row: models.Model) -> Any:
    """What stands in the address for a row."""
    if isinstance(row, City):
        return row.code
    return row.number if isinstance(row, LedgerEntry) else row.pk
