"""One list of one order out of several tables, of which only the rows asked for are read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple, TypeVar, cast

from django.core.cache import caches
from django.db.models import F, QuerySet

from apps.core.page_cache import fragment_key
from apps.core.pages import LongListPaginator

Kept = TypeVar("Kept")
NO_DAY = date.max
ORDER = ("tier", F("day").asc(nulls_last=True), "since", "-size", "pk")


class Row(NamedTuple):
    kind: str
    pk: int
    tier: int
    day: date
    since: date
    size: int

    def place(self) -> tuple[Any, ...]:
        return self.tier, self.day, self.since, -self.size, self.kind, self.pk


@dataclass(frozen=True)
class Stream:
    """Rows of one table, and where they stand in the list; `day` may be null."""

    rows: QuerySet[Any]
    tier: Any
    day: Any
    since: Any
    size: Any

    def of_tier(self, tier: int | None) -> QuerySet[Any]:
        return self.rows if tier is None else self.rows.annotate(tier=self.tier).filter(tier=tier)

    def first(self, kind: str, most: int | None, tier: int | None) -> Iterator[Row]:
        """In order; no other row of this kind can stand among the first `most` of all."""
        rows = self.of_tier(tier).annotate(
            tier=self.tier, day=self.day, since=self.since, size=self.size
        )
        columns = ("pk", "tier", "day", "since", "size")
        for pk, of_tier, day, since, size in rows.order_by(*ORDER).values_list(*columns)[:most]:
            yield Row(kind, pk, of_tier, day or NO_DAY, since, size)


@dataclass(frozen=True)
class Streams:
    """The rows of all kinds in one order; of one tier, if that is given.

    What was read is kept until the data change: `question` tells one list from another, and `kinds`
    are asked for their streams only if there is something to read.
    """

    question: tuple[Any, ...]
    kinds: dict[str, Callable[[], Stream]]
    tier: int | None = None

    def __getitem__(self, wanted: slice) -> list[Row]:
        return self.kept(f"{wanted.start}-{wanted.stop}", lambda: self.read(wanted))

    def __iter__(self) -> Iterator[Row]:
        return iter(self.read(slice(None)))

    def count_up_to(self, most: int) -> int:
        """No further than `most`."""
        return self.kept(f"{most}", lambda: min(most, sum(self.counts(most))))

    def counts(self, most: int) -> Iterator[int]:
        return (stream().of_tier(self.tier)[:most].count() for stream in self.kinds.values())

    def read(self, wanted: slice) -> list[Row]:
        each = (stream().first(kind, wanted.stop, self.tier) for kind, stream in self.kinds.items())
        return list(islice(merge(*each, key=Row.place), wanted.start, wanted.stop))

    def kept(self, part: str, read: Callable[[], Kept]) -> Kept:
        return cast(Kept, caches["pages"].get_or_set(f"{self.key}.{part}", read))

    @cached_property
    def key(self) -> str:
        return fragment_key("streams", *self.question)


class StreamsPaginator(LongListPaginator):
    object_list: Any  # Streams

    @cached_property
    def count(self) -> int:
        return self.object_list.count_up_to(self.most + 1)
