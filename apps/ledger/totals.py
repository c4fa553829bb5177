"""What the ledger adds up to. Only `countable` entries are added; unknown quantities are counted apart."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, Sum

from apps.ledger.models import EntryKind
from apps.ledger.querysets import LedgerQuerySet
from apps.postings.models import Item


@dataclass(frozen=True)
class Total:
    """Of one item in one direction: units pledged, sent and received, the entries in force, and how
    many of them are without a number.
    """

    item: Item
    giver_country: str
    receiver_country: str
    pledged: int
    sent: int
    received: int
    entries: int
    unknown: int


def totals(entries: LedgerQuerySet, *, with_demo: bool = False) -> list[Total]:
    """One row per item and direction; demo entries only where a page of the demo asks for them."""
    return [total for __, total in added_up(entries, with_demo=with_demo)]


def totals_by_giver(entries: LedgerQuerySet, *, with_demo: bool = False) -> dict[int, list[Total]]:
    """The same by the city that gave, as its id."""
    found: dict[int, list[Total]] = defaultdict(list)
    for row, total in added_up(entries, "giver__city", with_demo=with_demo):
        found[row["giver__city"]].append(total)
    return found


def added_up(
    entries: LedgerQuerySet, *columns: str, with_demo: bool
) -> list[tuple[dict[str, Any], Total]]:
    """Totals in the order of the catalogue, each beside the columns by which it is further divided."""
    in_force = Q(reverses=None, reversed_by=None)
    rows = (
        entries.countable(with_demo=with_demo)
        .values(
            "item",
            *columns,
            giver_country=F("giver__country"),
            receiver_country=F("receiver__country"),
        )
        .annotate(
            pledged=Sum("quantity", filter=Q(kind=EntryKind.PLEDGED), default=0),
            sent=Sum("quantity", filter=Q(kind=EntryKind.SENT), default=0),
            received=Sum("quantity", filter=Q(kind=EntryKind.RECEIVED), default=0),
            entries=Count("pk", filter=in_force),
            unknown=Count("pk", filter=in_force & Q(quantity=None)),
        )
    )
    items = Item.objects.select_related("category").in_bulk({row["item"] for row in rows})
    found = []
    for row in rows:
        beside = {column: row.pop(column) for column in columns}
        found.append((beside, Total(item=items[row.pop("item")], **row)))
    return sorted(found, key=lambda one: in_catalogue_order(one[1]))


def in_catalogue_order(total: Total) -> tuple[Any, ...]:
    item = total.item
    return (item.category.rank, item.code, total.giver_country, total.receiver_country)


def both_ways(entries: LedgerQuerySet, city_id: int) -> dict[str, list[Total]]:
    """The totals of one city's entries, split into what it gave and what it received."""
    return {
        "given": totals(entries.filter(giver__city=city_id)),
        "received": totals(entries.filter(receiver__city=city_id)),
    }
