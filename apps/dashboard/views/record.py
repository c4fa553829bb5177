from typing import Any

from django.conf import settings
from django.db import models
from django.views.generic import DetailView

from apps.cities.models import SisterTie
from apps.core.views import FilteredList
from apps.dashboard.record import source_of, whereabouts, whereabouts_of
from apps.ledger.filters import FlowFilter
from apps.ledger.flows import Direction, directions
from apps.ledger.models import LedgerEntry, Question
from apps.ledger.months import bands
from apps.ledger.sankey import Link, Sankey, draw

DRAWN = 2
LISTED = 100


class EntryDetail(DetailView):
    template_name = "dashboard/entry_detail.html"
    slug_field = slug_url_kwarg = "number"

    def get_queryset(self) -> models.QuerySet[LedgerEntry]:
        return (
            LedgerEntry.objects.visible_to(self.request.user)
            .with_confirmation()
            .select_related(
                "giver__city",
                "receiver__city",
                "intermediary",
                "item",
                "reverses",
                "reversed_by",
                "purchased_with",
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        questions = Question.objects.filter(entry=self.object)
        return super().get_context_data(
            has_tie=tie_between(self.object),
            purchases=self.object.purchases.order_by("number"),
            source=source_of(self.object, self.request.user),
            whereabouts=whereabouts_of(self.object),
            answered=questions.answered().order_by("created_at", "pk"),
            waiting=questions.waiting().count(),
            **kwargs,
        )


def tie_between(entry: LedgerEntry) -> bool | None:
    """Whether a sister tie joins the two places; None if one of them is no place."""
    places = [entry.giver.city_id, entry.receiver.city_id]
    if None in places:
        return None
    return SisterTie.objects.filter(city_a=min(places), city_b=max(places)).exists()


class FlowList(FilteredList):
    """Flows between provinces and states, months, and what became of what arrived."""

    queryset = LedgerEntry.objects.all()
    filterset_class = FlowFilter
    template_name = "dashboard/flow_list.html"
    paginate_by = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        entries, item = context["object_list"], context["filter"].chosen_item
        found, months = directions(entries), bands(entries, by_units=bool(item))
        return {
            **context,
            "item": item,
            "drawn": [
                (one, diagram(one, by_units=bool(item)), side_of(one)) for one in found[:DRAWN]
            ],
            "others": found[DRAWN:],
            "months": months,
            "most": max((month.amount for band in months for month in band.months), default=0),
            "whereabouts": whereabouts(),
            "listed": LISTED,
        }


def diagram(direction: Direction, *, by_units: bool) -> Sankey | None:
    """None where no entry states a quantity."""
    links = [
        Link(
            (flow.giver.name, flow.receiver.name),
            flow.units if by_units else flow.entries,
        )
        for flow in direction.flows
        if flow.units or not by_units
    ]
    return draw(links) if links else None


def side_of(direction: Direction) -> str:
    return "left" if direction.giver_country in settings.LEFT_COUNTRIES else "right"
