from collections import defaultdict
from typing import Any

from django.db import models
from django.shortcuts import get_object_or_404
from django.views.generic import DetailView, TemplateView

from apps.cities.models import City, SisterTie
from apps.dashboard.gap import Gap, gaps, gaps_between
from apps.dashboard.history import history_of
from apps.ledger.models import LedgerEntry
from apps.ledger.totals import both_ways, totals
from apps.matching.models import Match, Round
from apps.matching.states import MatchState, RoundState
from apps.pairings.models import Exchange, Pairing
from apps.pairings.states import PairingState
from apps.postings.models import Category, Posting

SHOWN = 8


class Home(TemplateView):
    template_name = "dashboard/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = {
            "pairings": Pairing.objects.filter(state=PairingState.PROPOSED).count(),
            "matches": Match.objects.filter(state=MatchState.PROPOSED).count(),
        }
        return super().get_context_data(
            pairings=Pairing.objects.active().described().order_by("-active_since")[:SHOWN],
            waiting=waiting,
            open_needs=Posting.objects.open().needs().count(),
            open_offers=Posting.objects.open().offers().count(),
            has_demo=Posting.objects.filter(is_demo=True).exists(),
            gaps=gaps()[:SHOWN],
            totals=totals(LedgerEntry.objects.all()),
            latest=latest_entries(),
            last_round=last_round(),
            **kwargs,
        )


def latest_entries() -> models.QuerySet[LedgerEntry]:
    return (
        LedgerEntry.objects.exclude(source_kind="report")
        .select_related("giver", "receiver", "item")
        .order_by("-number")[:SHOWN]
    )


def last_round() -> Round | None:
    finished = Round.objects.filter(state=RoundState.FINISHED, is_dry_run=False)
    return finished.defer("snapshot", "result").order_by("-pk").first()


class CityDetail(DetailView):
    template_name = "dashboard/city_detail.html"
    slug_field = "code"
    slug_url_kwarg = "code"

    def get_queryset(self) -> models.QuerySet[City]:
        return City.objects.visible_to(self.request.user).select_related("parent")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        city, user = self.object, self.request.user
        ties = SisterTie.objects.of(city).select_related("city_a", "city_b").order_by("code")
        return super().get_context_data(
            ties=[(tie, tie.other(city)) for tie in ties],
            pairing=Pairing.objects.visible_to(user).live().of(city).described().first(),
            postings=Posting.objects.visible_to(user)
            .open()
            .filter(city=city)
            .select_related("item", "city")
            .order_by("kind", "urgency", "-opened_at"),
            flows=both_ways(LedgerEntry.objects.of(city), city.pk),
            entries=LedgerEntry.objects.of(city)
            .with_confirmation()
            .select_related("giver", "receiver", "item")
            .order_by("-number")[:SHOWN],
            exchanges=Exchange.objects.visible_to(user)
            .filter(cities=city)
            .order_by("-takes_place_on", "-pk")[:SHOWN],
            children=city.children.order_by("name"),
            **kwargs,
        )


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
        return super().get_context_data(
            matches=matches.described().order_by("-pk"),
            may_follow=may_follow,
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
