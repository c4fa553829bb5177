"""What two cities gave each other, month by month.

One item at a time: units of different items are never added.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils.formats import date_format

from apps.cities.models import City
from apps.core import charts
from apps.ledger.models import DatePrecision, EntryKind, LedgerEntry
from apps.postings.models import Item

SHOWN = 12
"""So many months at most, the latest ones; those without an entry are left out."""


@dataclass(frozen=True)
class Month:
    """Units of one item, each by who gave: the left city, the right one."""

    first: date
    sent: tuple[int, int]
    received: tuple[int, int]

    @property
    def label(self) -> str:
        return date_format(self.first, "YEAR_MONTH_FORMAT")


@dataclass(frozen=True)
class OverTime:
    """`item` is the one that is shown of `items`, the most often moved first.

    `apart` counts its entries that no bar shows: their quantity or their month is not known.
    `consignments` are those of all items that the left and the right city sent and that stand.
    """

    items: list[Item]
    item: Item
    months: list[Month]
    apart: int
    consignments: tuple[int, int]

    @property
    def chart(self) -> charts.Chart:
        """What was sent; a reversal that exceeds its month has no length."""
        return charts.counted(
            [(month.label, [max(units, 0) for units in month.sent]) for month in self.months]
        )


def over_time(left: City, right: City, *, code: str = "", with_demo: bool) -> OverTime | None:
    """Of the item with that code, or of the one most often moved; None if nothing moved."""
    rows = list(
        LedgerEntry.objects.between(left, right)
        .countable(with_demo=with_demo)
        .filter(kind__in=[EntryKind.SENT, EntryKind.RECEIVED])
        .annotate(month=TruncMonth("occurred_on"))
        .values("item", "giver__city", "kind", "month", "precision")
        .annotate(units=Sum("quantity"), entries=Count("pk"), known=Count("quantity"))
        .annotate(standing=Count("pk", filter=Q(reverses=None, reversed_by=None)))
        .order_by()
    )
    moved: Counter[int] = Counter()
    for row in rows:
        moved[row["item"]] += row["entries"]
    found = Item.objects.filter(pk__in=moved)
    items = sorted(found, key=lambda item: (-moved[item.pk], item.code))
    if not items:
        return None
    item = next((item for item in items if item.code == code), items[0])
    of_item = [row for row in rows if row["item"] == item.pk]
    dated = [row for row in of_item if is_dated(row)]
    months = sorted({row["month"] for row in dated})[-SHOWN:]
    return OverTime(
        items,
        item,
        [month_of(month, dated, (left, right)) for month in months],
        sum(row["entries"] - (row["known"] if is_dated(row) else 0) for row in of_item),
        (sent_by(left, rows), sent_by(right, rows)),
    )


def sent_by(giver: City, rows: Iterable[dict[str, Any]]) -> int:
    return sum(
        row["standing"]
        for row in rows
        if row["kind"] == EntryKind.SENT and row["giver__city"] == giver.pk
    )


def is_dated(row: dict[str, Any]) -> bool:
    return row["precision"] in (DatePrecision.DAY, DatePrecision.MONTH) and bool(row["known"])


def month_of(month: date, rows: Iterable[dict[str, Any]], givers: tuple[City, City]) -> Month:
    units: Counter[tuple[str, int]] = Counter()
    for row in rows:
        if row["month"] == month:
            units[row["kind"], row["giver__city"]] += row["units"]
    sent, received = (
        (units[kind, givers[0].pk], units[kind, givers[1].pk])
        for kind in (EntryKind.SENT, EntryKind.RECEIVED)
    )
    return Month(month, sent, received)
