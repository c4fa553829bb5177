from typing import Any

from django.db import models
from django.views.generic import DetailView, TemplateView

from apps.cities.models import City, SisterTie
from apps.dashboard.conflict import conflict
from apps.dashboard.gap import gaps
from apps.dashboard.history import history_of
from apps.dashboard.home import TOP, directions
from apps.dashboard.map import places, taking_part
from apps.deliveries.models import Delivery
from apps.ledger.models import LedgerEntry
from apps.ledger.totals import totals
from apps.matching import words
from apps.matching.models import Match, PairingProposal, Round
from apps.matching.names import sentences_of
from apps.matching.states import RoundState
from apps.pairings.consent import side_of
from apps.pairings.models import Exchange, Pairing
from apps.postings.models import Posting

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


class About(TemplateView):
    template_name = "dashboard/about.html"


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


class PairingDetail(DetailView):
    template_name = "dashboard/pairing_detail.html"

    def get_queryset(self) -> models.QuerySet[Pairing]:
        return (
            Pairing.objects.visible_to(self.request.user)
            .described()
            .select_related("proposal", "decided_by", "proposed_by")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pairing, user = self.object, self.request.user
        left, right = pairing.cities
        between = LedgerEntry.objects.between(left, right)
        may_follow = user.has_perm("pairings.follow_pairing", pairing)
        return super().get_context_data(
            left=left,
            right=right,
            flows=[
                (city, totals(between.filter(giver__city=city), with_demo=pairing.is_demo))
                for city in (left, right)
            ],
            **reasons_of(pairing),
            entries=between.with_confirmation()
            .select_related("giver", "receiver", "item")
            .order_by("-number")[:25],
            tie=SisterTie.objects.of(left).filter(pk__in=SisterTie.objects.of(right)).first(),
            matches=Match.objects.visible_to(user).between(left, right).described().order_by("-pk"),
            deliveries=Delivery.objects.visible_to(user)
            .between(left, right)
            .described()
            .order_by("-dispatched_on", "-pk"),
            postings=Posting.objects.open()
            .filter(city__in=[left, right])
            .select_related("city", "item")
            .order_by("city", "kind", "urgency"),
            exchanges=Exchange.objects.visible_to(user)
            .filter(pairing=pairing)
            .order_by("-takes_place_on", "-pk"),
            my_side=side_of(pairing, user) if user.is_authenticated else None,
            may_follow=may_follow,
            history=history_of(pairing) if may_follow else [],
            in_conflict=conflict(user, pairing),
            **kwargs,
        )


def reasons_of(pairing: Pairing) -> dict[str, Any]:
    """What the round said about the pairing, if a round proposed it."""
    proposal = PairingProposal.objects.filter(pairing=pairing).first()
    if proposal is None:
        return {}
    return {"parts": words.parts(proposal.reasons), "sentences": sentences_of(proposal.reasons)}


class GapView(TemplateView):
    template_name = "dashboard/gap.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(gaps=gaps(), **kwargs)
