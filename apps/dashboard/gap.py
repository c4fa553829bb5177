"""Need against supply, per item: what the network lacks most, or what two cities can do for each other."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum

from apps.cities.models import City
from apps.postings.models import Item, Posting, Urgency


@dataclass(frozen=True)
class Gap:
    """Open, not yet reserved units of one item, in its base unit, and how many needs lack some of
    theirs; an offer without a quantity (`unlimited`) meets any need."""

    item: Item
    needed: int
    critical: int
    offered: int
    unlimited: bool = False
    needs: int = 0

    @property
    def uncovered(self) -> int:
        return 0 if self.unlimited else max(self.needed - self.offered, 0)

    @property
    def covered_percent(self) -> int:
        """Rounded down: what lacks anything is never 100."""
        return 100 * (self.needed - self.uncovered) // self.needed


def gaps(needing: City | None = None, offering: City | None = None) -> list[Gap]:
    """Every item that is needed now, those first of which the largest share is lacking; of the
    whole network, or of what the one city needs and the other offers."""
    free = F("quantity") - F("allocated")
    need = Q(kind="need") & (Q(city=needing) if needing else Q())
    offer = Q(kind="offer") & (Q(city=offering) if offering else Q())
    rows = (
        Posting.objects.open()
        .filter(need | offer)
        .values("item")
        .annotate(
            needed=Sum(free, filter=need, default=0),
            critical=Sum(free, filter=need & Q(urgency=Urgency.CRITICAL), default=0),
            offered=Sum(free, filter=offer, default=0),
            unlimited=Count("city", filter=offer & Q(quantity=None)),
            needs=Count("city", filter=need & Q(allocated__lt=F("quantity"))),
        )
        .filter(needed__gt=0)
        .order_by()
    )
    items = Item.objects.select_related("category").in_bulk({row["item"] for row in rows})
    found = [
        Gap(
            items[row["item"]],
            row["needed"],
            row["critical"],
            row["offered"],
            row["unlimited"] > 0,
            row["needs"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda gap: (gap.covered_percent, -gap.critical, gap.item.code))


def gaps_between(one: City, other: City) -> list[tuple[City, list[Gap]]]:
    """Of each of two cities what it needs, against what the other offers."""
    return [(one, gaps(one, other)), (other, gaps(other, one))]
