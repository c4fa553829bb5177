from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.cities.models import City
from apps.matching.models import Match
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
        found = City.objects.search(value).values("pk")
        return queryset.filter(Q(need__city__in=found) | Q(offer__city__in=found))
