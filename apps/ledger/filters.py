from typing import Any, ClassVar

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.cities.filters import present_countries
from apps.cities.models import City
from apps.core.forms import DateField
from apps.ledger.models import EntryKind, LedgerEntry
from apps.postings.models import Category, Item

ORIGINS = [
    ("report", _("historic, from the report of 2020")),
    ("platform", _("made on the platform")),
    ("demo", _("demonstration")),
]


class DayFilter(django_filters.DateFilter):
    field_class = DateField


def category_filter() -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(
        label=_("Category"),
        field_name="item__category",
        queryset=lambda request: Category.objects.order_by("rank", "pk"),
        empty_label=_("all"),
    )


def item_filter() -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(
        label=_("Item"),
        queryset=lambda request: Item.objects.order_by("name"),
        empty_label=_("all"),
    )


class LedgerFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Giver or receiver"), method="search", max_length=100)
    category = category_filter()
    item = item_filter()
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=EntryKind.choices, empty_label=_("all")
    )
    since = DayFilter(label=_("From this day on"), field_name="occurred_on", lookup_expr="gte")
    until = DayFilter(label=_("Up to this day"), field_name="occurred_on", lookup_expr="lte")
    giver_country = django_filters.ChoiceFilter(
        label=_("Country of the giver"),
        field_name="giver__country",
        choices=present_countries,
        empty_label=_("all"),
    )
    receiver_country = django_filters.ChoiceFilter(
        label=_("Country of the receiver"),
        field_name="receiver__country",
        choices=present_countries,
        empty_label=_("all"),
    )
    origin = django_filters.ChoiceFilter(
        label=_("Origin"), choices=ORIGINS, method="by_origin", empty_label=_("all")
    )

    class Meta:
        model = LedgerEntry
        fields: ClassVar[list[str]] = []

    def search(self, queryset: Any, name: str, value: str) -> Any:
        cities = City.objects.search(value).values("pk")
        return queryset.filter(
            Q(giver__name_en__icontains=value, giver__may_be_named=True)
            | Q(receiver__name_en__icontains=value, receiver__may_be_named=True)
            | Q(giver__name_zh_hans__icontains=value, giver__may_be_named=True)
            | Q(receiver__name_zh_hans__icontains=value, receiver__may_be_named=True)
            | Q(giver__city__in=cities)
            | Q(receiver__city__in=cities)
        )

    def by_origin(self, queryset: Any, name: str, value: str) -> Any:
        if value == "report":
            return queryset.filter(source_kind="report")
        if value == "demo":
            return queryset.filter(is_demo=True)
        return queryset.filter(is_demo=False).exclude(source_kind="report")


class FlowFilter(django_filters.FilterSet):
    """Of one kind at a time: what was sent and then received would count twice."""

    kind = django_filters.ChoiceFilter(
        label=_("Kind"),
        choices=[(kind, kind.label) for kind in (EntryKind.PLEDGED, EntryKind.RECEIVED)],
        empty_label=EntryKind.SENT.label,
    )
    category = category_filter()
    item = item_filter()
    since = DayFilter(label=_("From this day on"), field_name="occurred_on", lookup_expr="gte")
    until = DayFilter(label=_("Up to this day"), field_name="occurred_on", lookup_expr="lte")

    class Meta:
        model = LedgerEntry
        fields: ClassVar[list[str]] = []

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        """Also where nothing is asked, a kind is chosen."""
        super().__init__({} if data is None else data, *args, **kwargs)

    def filter_queryset(self, queryset: Any) -> Any:
        chosen = super().filter_queryset(queryset)
        return chosen if self.form.cleaned_data.get("kind") else chosen.filter(kind=EntryKind.SENT)

    @property
    def chosen_item(self) -> Item | None:
        """Units are added of one item only."""
        return self.form.cleaned_data.get("item") if self.form.is_valid() else None
