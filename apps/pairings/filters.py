from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.cities.models import City
from apps.pairings.models import Exchange, ExchangeKind, Pairing
from apps.pairings.states import PairingState


class PairingFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("City"), method="search", max_length=100)
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=PairingState.choices, empty_label=_("all")
    )

    class Meta:
        model = Pairing
        fields = ["q", "state"]

    def search(self, queryset: Any, name: str, value: str) -> Any:
        found = City.objects.search(value).values("pk")
        return queryset.filter(pk__in=Pairing.objects.filter(sides__city__in=found).values("pk"))


class ExchangeFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Subject or city"), method="search", max_length=100)
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=ExchangeKind.choices, empty_label=_("all")
    )

    class Meta:
        model = Exchange
        fields = ["q", "kind"]

    def search(self, queryset: Any, name: str, value: str) -> Any:
        found = City.objects.search(value).values("pk")
        with_city = Exchange.objects.filter(cities__in=found).values("pk")
        return queryset.filter(
            Q(subject__icontains=value) | Q(participants__icontains=value) | Q(pk__in=with_city)
        )
