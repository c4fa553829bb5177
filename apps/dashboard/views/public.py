from collections import defaultdict
from typing import Any

from django.db import models
from django.shortcuts import get_object_or_404
from django.views.generic import DetailView, TemplateView

from apps.cities.models import City
from apps.dashboard.decision import decision_on_held
from apps.dashboard.gap import Gap, gaps, gaps_between
from apps.dashboard.history import history_of
from apps.dashboard.home import TOP, directions
from apps.dashboard.map import places, taking_part
from apps.deliveries.models import Delivery
from apps.ledger.models import LedgerEntry
from apps.matching.models import Match, Round
from apps.matching.states import RoundState
from apps.pairings.models import Pairing
from apps.postings.models import Category, Posting
from apps.postings.states import PostingState

ON_THE_MAP = 150  # of the first page; the list of cities shows all


class Home(TemplateView):
    template_name = "dashboard/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cities = taking_part(City.objects.filter(acts=True))
        return super().get_context_data(
            paired=Pairing.objects.active().count(),
            directions=directions(),
            uncovered=Posting.objects.open().needs().with_free().count(),
            underway=Delivery.objects.underway().count(),
            places=places(cities[:ON_THE_MAP]),
            has_demo=Posting.objects.filter(is_demo=True).exists(),
            gaps=[gap for gap in gaps() if gap.uncovered][:TOP],
            latest=latest_entries(),
            last_round=last_round(),
            **kwargs,
        )


def latest_entries() -> models.QuerySet[LedgerEntry]:
    """What was given and moved since Counterpart is there, not the history it was filled with."""
    return (
        LedgerEntry.objects.filter(reverses=None, reversed_by=None)
        .exclude(source_kind="report")
        .select_related("giver", "receiver", "item")
        .order_by("-number")[:TOP]
    )


def last_round() -> Round | None:
    finished = Round.objects.filter(state=RoundState.FINISHED, is_dry_run=False)
    return finished.defer("snapshot", "result").order_by("-pk").first()


class PostingDetail(DetailView):
    template_name = "dashboard/posting_detail.html"

    def get_queryset(self) -> models.QuerySet[Posting]:
        return Posting.objects.visible_to(self.request.user).select_related(
            "city", "item__category", "pack", "posted_by"
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        posting, user = self.object, self.request.user
        matches = Match.objects.visible_to(user).filter(
            models.Q(need=posting) | models.Q(offer=posting)
        )
        may_follow = user.has_perm("postings.view_private_posting", posting)
        to_decide = posting.state == PostingState.HELD and user.has_perm(
            "postings.hold_posting", posting
        )
        return super().get_context_data(
            matches=matches.described().order_by("-pk"),
            attachments=posting.attachments.order_by("pk"),
            may_follow=may_follow,
            decision=decision_on_held(posting, self.request) if to_decide else None,
            history=history_of(posting) if may_follow else [],
            **kwargs,
        )


class GapView(TemplateView):
    """Of the whole network by category, or with `pairing` of its two cities."""

    template_name = "dashboard/gap.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        number = self.request.GET.get("pairing", "")
        if number.isascii() and number.isdigit() and len(number) < 16:
            visible = Pairing.objects.visible_to(self.request.user).described()
            pairing = get_object_or_404(visible, pk=int(number))
            between = gaps_between(*pairing.cities)
            return super().get_context_data(pairing=pairing, between=between, **kwargs)
        categories: dict[Category, list[Gap]] = defaultdict(list)
        for gap in gaps():
            categories[gap.item.category].append(gap)
        return super().get_context_data(categories=categories.items(), **kwargs)
