from typing import Any

import django_filters
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.cities.filters import present_countries
from apps.cities.models import City, Level
from apps.dashboard.cities import has_open, has_tie, is_paired

YES_NO = [("yes", _("with")), ("no", _("without"))]
ORDERS = {
    "population": F("population").desc(nulls_last=True),
    "ties": F("tie_count").desc(),
    "needs": F("open_needs").desc(),
    "offers": F("open_offers").desc(),
}


class CityFilter(django_filters.FilterSet):
    """Over cities `with_counts`."""

    q = django_filters.CharFilter(label=_("Name"), method="search", max_length=100)
    country = django_filters.ChoiceFilter(
        label=_("Country"), choices=present_countries, empty_label=_("all")
    )
    within = django_filters.ModelChoiceFilter(
        label=_("Province or state"),
        queryset=lambda request: (
            City.objects.filter(level=Level.STATE).only("code", "name").by_name()
        ),
        to_field_name="code",
        method="lie_within",
        empty_label=_("all"),
    )
    level = django_filters.ChoiceFilter(
        label=_("Level"), choices=Level.choices[:2], empty_label=_("all")
    )
    has_tie = django_filters.ChoiceFilter(
        label=_("Sister tie"), choices=YES_NO, method="by_question", empty_label=_("all")
    )
    paired = django_filters.ChoiceFilter(
        label=_("Counterpart"), choices=YES_NO, method="by_question", empty_label=_("all")
    )
    needs = django_filters.ChoiceFilter(
        label=_("Open needs"), choices=YES_NO, method="by_question", empty_label=_("all")
    )
    offers = django_filters.ChoiceFilter(
        label=_("Open offers"), choices=YES_NO, method="by_question", empty_label=_("all")
    )
    sort = django_filters.ChoiceFilter(
        label=_("Sort by"),
        choices=[
            ("population", _("population, the largest first")),
            ("ties", _("sister ties, the most first")),
            ("needs", _("open needs, the most first")),
            ("offers", _("open offers, the most first")),
        ],
        method="in_order",
        empty_label=_("by name"),
    )

    class Meta:
        model = City
        fields = ["q", "country", "within", "level"]

    def search(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value)

    def lie_within(self, queryset: Any, name: str, value: City) -> Any:
        return queryset.filter(Q(pk=value.pk) | Q(parent=value) | Q(parent__parent=value))

    def by_question(self, queryset: Any, name: str, value: str) -> Any:
        questions: dict[str, Any] = {
            "has_tie": has_tie,
            "paired": is_paired,
            "needs": lambda: has_open("need"),
            "offers": lambda: has_open("offer"),
        }
        answer = questions[name]()
        return queryset.filter(answer if value == "yes" else ~answer)

    def in_order(self, queryset: models.QuerySet[City], name: str, value: str) -> Any:
        return queryset.order_by(ORDERS[value], "name_en", "pk")
