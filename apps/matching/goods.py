"""What a snapshot takes of the postings, as bare rows: which take part, and what the engine is told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.matching.engine import problem
from apps.postings.models import Item, Kind, Posting

COLUMNS = (
    "pk",
    "kind",
    "version",
    "quantity",
    "allocated",
    "smallest_lot",
    "urgency",
    "needed_by",
    "available_from",
    "available_until",
    "item_id",
    "city_id",
    "city__code",
    "city__acts",
    "pack__units",
    "pack__item_id",
)


@dataclass(frozen=True)
class Goods:
    """Usable postings as rows of COLUMNS, with what they name: items by id, and for each posting the
    ids of the items it accepts instead and the codes of the cities it excludes. `left_out` says of
    postings why they take no part, or with less than they say."""

    rows: list[Any]
    left_out: dict[int, str]
    items: Mapping[int, Item]
    substitutes: Mapping[int, list[int]]
    excluded: Mapping[int, list[str]]

    def needs(self) -> tuple[problem.Need, ...]:
        return tuple(
            problem.Need(
                id=row.pk,
                city=row.city__code,
                item=self.items[row.item_id].code,
                quantity=free(row),
                tier=row.urgency or 4,
                needed_by=row.needed_by,
                smallest_lot=smallest_lot(row),
                accepts=tuple(self.items[pk].code for pk in self.substitutes[row.pk]),
            )
            for row in self.rows
            if row.kind == Kind.NEED
        )

    def offers(self) -> tuple[problem.Offer, ...]:
        return tuple(
            problem.Offer(
                id=row.pk,
                city=row.city__code,
                item=self.items[row.item_id].code,
                quantity=free(row),
                available_from=row.available_from,
                available_until=row.available_until,
                smallest_lot=smallest_lot(row),
                excluded=tuple(self.excluded[row.pk]),
                pack=row.pack__units or 1,
            )
            for row in self.rows
            if row.kind == Kind.OFFER
        )

    def item_rows(self) -> tuple[problem.Item, ...]:
        """Every item that is posted or accepted instead of one; remote help takes no transport."""
        used = {pk for row in self.rows for pk in (row.item_id, *self.substitutes[row.pk])}
        return tuple(
            problem.Item(item.code, item.transport_days, remote=False)
            if item.category.is_material
            else problem.Item(item.code, remote=True)
            for item in sorted((self.items[pk] for pk in used), key=lambda item: item.code)
        )

    def topics(self) -> Mapping[str, set[str]]:
        """By city, the categories of what it posts that is not goods."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self.rows:
            category = self.items[row.item_id].category
            if not category.is_material:
                found[row.city__code].add(category.code)
        return found


def take_goods(today: date) -> Goods:
    """Open postings with something free, in four queries; those that contradict themselves are named."""
    postings = Posting.objects.open().with_free()
    ids = postings.values("pk")
    items = Item.objects.select_related("category").in_bulk()
    stated = by_posting(
        Posting.objects.filter(pk__in=ids, substitutes__isnull=False).values_list(
            "pk", "substitutes"
        )
    )
    usable, left_out, substitutes = [], {}, defaultdict(list)
    for row in postings.order_by("pk").values_list(*COLUMNS, named=True):
        if why := fault_of(row, today):
            left_out[row.pk] = why
            continue
        usable.append(row)
        others = [pk for pk in stated[row.pk] if pk != row.item_id]
        fitting = [pk for pk in others if items[pk].unit == items[row.item_id].unit]
        substitutes[row.pk] = fitting
        if fitting != others:
            left_out[row.pk] = "substitute_has_another_unit"
    return Goods(
        usable,
        left_out,
        items,
        substitutes,
        excluded=by_posting(
            Posting.objects.filter(pk__in=ids, excluded_cities__isnull=False).values_list(
                "pk", "excluded_cities__code"
            )
        ),
    )


def by_posting(pairs: Iterable[tuple[int, Any]]) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for posting, value in pairs:
        found[posting].append(value)
    return found


def fault_of(row: Any, today: date) -> str:
    """Why a posting cannot take part, as a word for the round's record; empty if it can."""
    if not row.city__acts:
        return "city_does_not_act"
    if row.kind == Kind.NEED and row.needed_by and row.needed_by < today:
        return "needed_by_is_past"
    if row.available_until and row.available_until < today:
        return "available_until_is_past"
    if row.pack__item_id not in (None, row.item_id):
        return "pack_is_of_another_item"
    units = free(row)
    if units is not None and units < smallest_lot(row):
        return "less_is_free_than_its_smallest_lot"
    return ""


def free(row: Any) -> int | None:
    return None if row.quantity is None else row.quantity - row.allocated


def smallest_lot(row: Any) -> int:
    """Offers are sent in whole packs."""
    pack = row.pack__units if row.kind == Kind.OFFER else None
    return max(row.smallest_lot, pack or 1)
