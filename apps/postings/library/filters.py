from typing import Any, ClassVar

import django_filters
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.postings.models import Item, Resource


class ResourceFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("In the title"), method="search", max_length=100)
    item = django_filters.ModelChoiceFilter(
        label=_("Topic"),
        field_name="posting__item",
        queryset=lambda request: Item.objects.filter(is_knowledge=True).order_by("name"),
        empty_label=_("all"),
    )
    language = django_filters.ChoiceFilter(
        label=_("Language"), choices=settings.LANGUAGES, empty_label=_("all")
    )

    class Meta:
        model = Resource
        fields: ClassVar[list[str]] = []

    def search(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(
            Q(title__icontains=value)
            | Q(posting__item__name_en__icontains=value)
            | Q(posting__item__name_zh_hans__icontains=value)
        )
