from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.views.generic import DetailView

from apps.cities.models import City, Liaison, SisterTie
from apps.core.views import FilteredList
from apps.dashboard.cities import with_counts
from apps.dashboard.filters import CityFilter
from apps.dashboard.map import Place, places
from apps.ledger.models import LedgerEntry
from apps.ledger.totals import both_ways
from apps.pairings.models import Exchange, Pairing
from apps.postings.models import Posting

SHOWN = 8
ON_THE_MAP = 500
NOT_LISTED = ("about", "note", "source", "search_text", "parent__about", "parent__search_text")
MORE = ("country", "within", "level", "has_tie", "paired", "needs", "offers")


class CityList(FilteredList):
    """The cities that fit, 25 a page; `?view=map` shows the first 500 of them at once."""

    queryset = City.objects.exclude(level="country").select_related("parent").defer(*NOT_LISTED)
    filterset_class = CityFilter
    template_name = "dashboard/city_list.html"
    paginator_class = Paginator

    def get_queryset(self) -> models.QuerySet[City]:
        return with_counts(super().get_queryset()).by_name()

    @property
    def on_map(self) -> bool:
        return self.request.GET.get("view") == "map"

    def get_paginate_by(self, queryset: models.QuerySet[City]) -> int:
        return ON_THE_MAP if self.on_map else super().get_paginate_by(queryset)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        query = self.request.GET.copy()
        for name in ("page", "view"):
            query.pop(name, None)
        form = context["filter"].form
        return context | {
            "more": [form[name] for name in MORE],
            "narrowed": any(query.get(name) for name in MORE),
            "places": lambda: places(context["object_list"]),
            "on_map": self.on_map,
            "filtered": query.urlencode(),
        }


class CityDetail(DetailView):
    template_name = "dashboard/city_detail.html"
    slug_field = "code"
    slug_url_kwarg = "code"

    def get_queryset(self) -> models.QuerySet[City]:
        return City.objects.visible_to(self.request.user).select_related("parent")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        city, user = self.object, self.request.user
        pairing = Pairing.objects.visible_to(user).live().of(city).described().first()
        counterpart = pairing.counterpart_of(city) if pairing else None
        ties = SisterTie.objects.of(city).select_related("city_a", "city_b").order_by("code")
        open_here = Posting.objects.open().filter(city=city).select_related("item")
        postings = open_here.without_texts().order_by("-opened_at")
        officers = Liaison.objects.confirmed().of(city).select_related("user")
        entries = LedgerEntry.objects.of(city)
        described = entries.with_confirmation().select_related("giver", "receiver", "item")
        latest = list(described.order_by("-number")[:SHOWN])
        exchanges = Exchange.objects.visible_to(user).filter(cities=city)
        return super().get_context_data(
            ties=[(tie, Place(tie.other(city))) for tie in ties],
            pairing=pairing,
            counterpart=counterpart,
            partner=counterpart and Place(counterpart),
            needs=sorted((one for one in postings if one.kind == "need"), key=lambda n: n.urgency),
            offers=[one for one in postings if one.kind == "offer"],
            officers=officers if user.has_perm("cities.view_contacts", city) else [],
            flows=both_ways(entries, city.pk) if latest else {},
            entries=latest,
            exchanges=exchanges.order_by("-takes_place_on", "-pk")[:SHOWN],
            children=city.children.by_name(),
            place=Place(city),
            **kwargs,
        )
