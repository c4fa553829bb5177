"""Choosing from the catalogue: read once for a page, however many lines it has."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.postings.models import Item, Pack, Synonym

Choices = list[tuple[Any, Any]]


class ItemsByCategory(forms.models.ModelChoiceIterator):
    """Items under their category's name, so that a long list can be read."""

    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        for category, items in groupby(self.queryset, key=lambda item: item.category):
            yield (str(category), [self.choice(item) for item in items])


class ItemField(forms.ModelChoiceField):
    iterator = ItemsByCategory

    def label_from_instance(self, item: Any) -> str:
        return label_of(item)


def label_of(item: Item) -> str:
    return f"{item} ({item.get_unit_display()})"


def in_catalogue_order(items: QuerySet[Item]) -> QuerySet[Item]:
    return items.select_related("category").order_by("category__rank", "category_id", "name")


def listed_items() -> QuerySet[Item]:
    return in_catalogue_order(Item.objects.filter(is_listed=True))


class Catalogue:
    """Every item that can be chosen, with its packs and names; `also` keeps one that no longer can."""

    def __init__(self, also: int | None = None) -> None:
        found = in_catalogue_order(Item.objects.filter(Q(is_listed=True) | Q(pk=also)))
        self.items: dict[int, Item] = {item.pk: item for item in found}
        packs = Pack.objects.order_by("item_id", "units")
        self.packs: dict[int, Pack] = {
            pack.pk: pack for pack in packs if pack.item_id in self.items
        }
        self.packs_of: dict[int, list[Pack]] = defaultdict(list)
        for pack in self.packs.values():
            pack.item = self.items[pack.item_id]
            self.packs_of[pack.item_id].append(pack)

    @cached_property
    def item_choices(self) -> Choices:
        groups = groupby(self.items.values(), key=lambda item: item.category)
        return [
            (str(category), [(item.pk, label_of(item)) for item in items])
            for category, items in groups
        ]

    @cached_property
    def pack_choices(self) -> Choices:
        return [
            (str(item), self.packs_for(item.pk))
            for item in self.items.values()
            if item.pk in self.packs_of
        ]

    def packs_for(self, item: int) -> Choices:
        """The packs of one item: "box (50 pieces)"."""
        return [
            (pack.pk, f"{pack} ({pack.item.amount(pack.units)})")
            for pack in self.packs_of.get(item, ())
        ]

    @cached_property
    def names(self) -> dict[int, list[str]]:
        """All that an item is called, in every language."""
        found = {
            item.pk: [*names_of(item), item.code.replace("_", " ")] for item in self.items.values()
        }
        for item, text in Synonym.objects.filter(item__in=self.items).values_list("item", "text"):
            found[item].append(text)
        return found

    def find_item(self, name: str) -> Item | None:
        """By any of its names; None where no item or several are called so."""
        wanted = folded(name)
        found = [pk for pk, names in self.names.items() if wanted in map(folded, names)]
        return self.items[found[0]] if len(found) == 1 else None

    def find_pack(self, item: Item, name: str) -> Pack | None:
        wanted = folded(name)
        for pack in self.packs_of.get(item.pk, ()):
            if wanted in map(folded, [*names_of(pack), pack.code]):
                return pack
        return None

    def for_script(self) -> dict[int, dict[str, Any]]:
        """What the page's script needs to know of every item."""
        return {
            pk: {
                "unit": str(item.get_unit_display()),
                "names": " ".join(self.names[pk]),
                "packs": [[pack.pk, str(pack), pack.units] for pack in self.packs_of.get(pk, ())],
            }
            for pk, item in self.items.items()
        }


def names_of(row: Item | Pack) -> list[str]:
    """Its name in every language that has one."""
    columns = [f"name_{code.replace('-', '_')}" for code, __ in settings.LANGUAGES]
    return [name for column in columns if (name := getattr(row, column))]


def folded(name: str) -> str:
    """A name without case and spacing, as two people would write it alike."""
    return " ".join(name.casefold().split())


def one_of(rows: Mapping[int, Any]) -> Callable[[str], Any]:
    """What a choice field makes of a key."""

    def row(key: str) -> Any:
        try:
            return rows[int(key)]
        except KeyError:
            raise ValueError(key) from None

    return row


class ItemChoice(forms.TypedChoiceField):
    """An item of a catalogue that was read before."""

    default_error_messages = {
        "required": _("Choose an item."),
        "invalid_choice": _("“%(value)s” is not in the list: choose an item."),
    }

    widget = forms.Select({"class": "item-select"})

    def offer(self, catalogue: Catalogue) -> None:
        self.choices = [("", _("choose")), *catalogue.item_choices]
        self.coerce = one_of(catalogue.items)
        self.empty_value = None


class ItemsChoice(forms.TypedMultipleChoiceField):
    def offer(self, catalogue: Catalogue) -> None:
        self.choices = catalogue.item_choices
        self.coerce = one_of(catalogue.items)


class PackChoice(forms.TypedChoiceField):
    """A pack of any item, of which only those of the chosen item are shown."""

    default_error_messages = {
        "invalid_choice": _("“%(value)s” is no pack of this item: choose another unit.")
    }

    def offer(self, catalogue: Catalogue, item: str) -> None:
        empty = ("", _("the item's own unit"))
        self.choices = [empty, *catalogue.pack_choices]
        self.coerce = one_of(catalogue.packs)
        self.empty_value = None
        if item.isdecimal() and int(item) in catalogue.items:
            chosen = catalogue.items[int(item)]
            unit = ("", chosen.get_unit_display())
            self.widget.choices = [unit, *catalogue.packs_for(chosen.pk)]
