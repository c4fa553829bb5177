from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.cities.models import City
from apps.matching.models import Match, MatchSide
from apps.matching.states import MatchState


class MatchFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("City"), method="search", max_length=100)
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=MatchState.choices, empty_label=_("all")
    )

    class Meta:
        model = Match
        fields = ["q", "state"]

    def search(self, queryset: Any, name: str, value: str) -> Any:
        sides = MatchSide.objects.filter(city__in=City.objects.search(value))
        return queryset.filter(pk__in=sides.values("match"))
