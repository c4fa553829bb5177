from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from apps.cities.models import City, Confidence, SisterTie, TieStatus


def present_countries() -> list[tuple[str, str]]:
    codes = City.objects.order_by("country").values_list("country", flat=True).distinct()
    return [(code, countries.name(code)) for code in codes]


class TieFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Name"), method="search", max_length=100)
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=TieStatus.choices, empty_label=_("all")
    )
    confidence = django_filters.ChoiceFilter(
        label=_("Confidence"), choices=Confidence.choices, empty_label=_("all")
    )

    class Meta:
        model = SisterTie
        fields = ["q", "status", "confidence"]

    def search(self, queryset: Any, name: str, value: str) -> Any:
        found = City.objects.search(value).values("pk")
        return queryset.filter(Q(city_a__in=found) | Q(city_b__in=found))
