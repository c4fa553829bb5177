from typing import Any

import django_filters
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from apps.cities.models import City, Confidence, Level, SisterTie, TieStatus


def present_countries() -> list[tuple[str, str]]:
    codes = City.objects.order_by("country").values_list("country", flat=True).distinct()
    return [(code, countries.name(code)) for code in codes]


class CityFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Name"), method="search", max_length=100)
    country = django_filters.ChoiceFilter(
        label=_("Country"), choices=present_countries, empty_label=_("all")
    )
    level = django_filters.ChoiceFilter(
        label=_("Level"), choices=Level.choices[:2], empty_label=_("all")
    )
    has_tie = django_filters.ChoiceFilter(
        label=_("Sister tie"),
        choices=[("yes", _("with one")), ("no", _("without"))],
        method="with_tie",
        empty_label=_("all"),
    )

    class Meta:
        model = City
        fields = ["q", "country", "level", "has_tie"]

    def search(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value)

    def with_tie(self, queryset: models.QuerySet[City], name: str, value: str) -> Any:
        ties = SisterTie.objects.filter(Q(city_a=OuterRef("pk")) | Q(city_b=OuterRef("pk")))
        return queryset.filter(Exists(ties) if value == "yes" else ~Exists(ties))


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
