from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.cities.filters import present_countries
from apps.cities.models import City
from apps.postings.models import Category, Item, Kind, Posting, Urgency


class PostingFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(
        label=_("Needs or offers"), choices=Kind.choices, empty_label=_("both")
    )
    category = django_filters.ModelChoiceFilter(
        label=_("Category"),
        field_name="item__category",
        queryset=lambda request: Category.objects.order_by("rank", "pk"),
        empty_label=_("all"),
    )
    item = django_filters.ModelChoiceFilter(
        label=_("Item"),
        queryset=lambda request: Item.objects.filter(is_listed=True).order_by("name"),
        empty_label=_("all"),
    )
    urgency = django_filters.ChoiceFilter(
        label=_("Urgency"), choices=Urgency.choices, empty_label=_("all")
    )
    country = django_filters.ChoiceFilter(
        label=_("Country"),
        field_name="city__country",
        choices=present_countries,
        empty_label=_("all"),
    )
    q = django_filters.CharFilter(label=_("City"), method="search", max_length=100)

    class Meta:
        model = Posting
        fields = ["kind", "category", "item", "urgency", "country", "q"]

    def search(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(city__in=City.objects.search(value).values("pk"))
