"""Need against supply, per item: what the network lacks most."""

from dataclasses import dataclass

from django.db.models import F, Q, Sum

from apps.postings.models import Item, Posting


@dataclass(frozen=True)
class Gap:
    """Open, not yet matched units of one item, in its base unit."""

    item: Item
    needed: int
    critical: int
    offered: int

    @property
    def uncovered(self) -> int:
        return max(self.needed - self.offered, 0)


def gaps() -> list[Gap]:
    """Every item that is needed now, the most critical and least covered first."""
    free = F("quantity") - F("allocated")
    rows = (
        Posting.objects.open()
        .values("item")
        .annotate(
            needed=Sum(free, filter=Q(kind="need"), default=0),
            critical=Sum(free, filter=Q(kind="need", urgency=1), default=0),
            offered=Sum(free, filter=Q(kind="offer"), default=0),
        )
        .order_by()
    )
    items = Item.objects.in_bulk({row["item"] for row in rows})
    found = [Gap(item=items[row.pop("item")], **row) for row in rows if row["needed"]]
    return sorted(found, key=lambda gap: (-gap.critical, -gap.uncovered, gap.item.code))
