from collections.abc import Iterable
from copy import copy

from django.contrib.humanize.templatetags.humanize import intcomma

from apps.cities.models import City
from apps.matching.words import Reason, grouped_sentences, sentences
from apps.postings.models import Item

CITY_KEYS = ("city", "giver", "receiver", "partner", "paired_with")
ITEM_KEYS = ("item", "needed", "offered")


def sentences_of(reasons: Iterable[Reason], item: Item | None = None) -> list[str]:
    """Reasons as a page says them; `item` is that of a match."""
    reasons = list(reasons)
    return sentences(reasons, DatabaseNames(reasons, item))


def grouped_sentences_of(
    reasons: Iterable[Reason], item: Item | None = None
) -> dict[str, list[str]]:
    """The same by what they speak of."""
    reasons = list(reasons)
    return grouped_sentences(reasons, DatabaseNames(reasons, item))


class DatabaseNames:
    """Names of the cities and items that a set of reasons mentions, in two queries.

    Reasons of a match count in the unit of its `item` and do not name it.
    """

    def __init__(self, reasons: Iterable[Reason], item: Item | None = None) -> None:
        reasons = list(reasons)
        self.own = item
        cities = {r[key] for r in reasons for key in CITY_KEYS if isinstance(r.get(key), str)}
        items = {r[key] for r in reasons for key in ITEM_KEYS if isinstance(r.get(key), str)}
        self.cities = City.objects.in_bulk(cities, field_name="code")
        self.items = Item.objects.in_bulk(items, field_name="code")

    def about(self, item: Item) -> "DatabaseNames":
        """The same names for reasons about another item."""
        other = copy(self)
        other.own = item
        return other

    def city(self, code: str) -> str:
        return str(self.cities.get(code, code))

    def item(self, code: str) -> str:
        return str(self.items.get(code, code))

    def amount(self, quantity: int, code: str | None = None) -> str:
        item = self.items.get(code, self.own)
        return item.amount(quantity) if item else intcomma(quantity)
