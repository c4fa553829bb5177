"""What the record says beyond the ledger's own lines: their sources, and what became of what arrived."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from apps.deliveries.models import Delivery, Distribution
from apps.deliveries.states import DeliveryState
from apps.ledger.models import EntryKind, Gift, LedgerEntry
from apps.matching.models import Match
from apps.postings.models import Item

SOURCES: dict[str, tuple[type[Any], Any]] = {
    "delivery": (Delivery, _("delivery")),
    "gift": (Gift, _("gift")),
    "match": (Match, _("match")),
}


@dataclass(frozen=True)
class Source:
    """In words, with the address where the reader may see it."""

    words: Any
    number: str
    url: str


def source_of(entry: LedgerEntry, user: Any) -> Source:
    if entry.source_text or entry.source_kind not in SOURCES:
        return Source(entry.source_text or entry.source_kind, "", "")
    model, words = SOURCES[entry.source_kind]
    row = model.objects.visible_to(user).filter(pk=entry.source_id).first()
    return Source(words, entry.source_id, row.get_absolute_url() if row else "")


@dataclass(frozen=True)
class Whereabouts:
    """Of what deliveries brought: units received, of them noted as handed on, and the rest."""

    item: Item
    received: int
    distributed: int

    @property
    def rest(self) -> int:
        return self.received - self.distributed


def whereabouts_of(entry: LedgerEntry) -> Whereabouts | None:
    """Only an entry of what a delivery brought has any."""
    if (entry.source_kind, entry.kind) != ("delivery", EntryKind.RECEIVED):
        return None
    if entry.reverses_id or not entry.quantity:
        return None
    noted = Distribution.objects.filter(delivery=int(entry.source_id))
    return Whereabouts(
        entry.item, entry.quantity, noted.aggregate(sum=Sum("quantity", default=0))["sum"]
    )


def whereabouts() -> list[Whereabouts]:
    """Item by item in the order of the catalogue, without the demonstration."""
    arrived = Delivery.objects.filter(state=DeliveryState.RECEIVED, match__is_demo=False)
    received = by_item(arrived, "match__offer__item", "received_quantity")
    noted = Distribution.objects.filter(delivery__in=arrived)
    distributed = by_item(noted, "delivery__match__offer__item", "quantity")
    items = Item.objects.filter(pk__in=received).order_by("category__rank", "code")
    return [Whereabouts(item, received[item.pk], distributed.get(item.pk, 0)) for item in items]


def by_item(rows: QuerySet[Any], item: str, quantity: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(item).annotate(sum=Sum(quantity, default=0)))
