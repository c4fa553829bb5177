from collections import defaultdict
from typing import Any

from django.db import models
from django.shortcuts import get_object_or_404
from django.utils.functional import SimpleLazyObject
from django.views.generic import DetailView, TemplateView

from apps.core.page_cache import fragment_key
from apps.dashboard.decision import decision_on_held
from apps.dashboard.gap import Gap, gaps, gaps_between
from apps.dashboard.history import history_of
from apps.dashboard.home import Network
from apps.matching.models import Match
from apps.pairings.models import Pairing
from apps.postings.models import Category, Posting
from apps.postings.states import PostingState


class Home(TemplateView):
    """Says the same to everybody, and is drawn again when the data change."""

    template_name = "dashboard/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        fragment = fragment_key(self.request.path)
        return super().get_context_data(network=Network(), fragment=fragment, **kwargs)


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
    """Of the whole network by category, the same for everybody, or with `pairing` of its two cities."""

    template_name = "dashboard/gap.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        number = self.request.GET.get("pairing", "")
        if number.isascii() and number.isdigit() and len(number) < 16:
            visible = Pairing.objects.visible_to(self.request.user).described()
            pairing = get_object_or_404(visible, pk=int(number))
            between = gaps_between(*pairing.cities)
            return super().get_context_data(pairing=pairing, between=between, **kwargs)
        fragment = fragment_key(self.request.path)
        categories = SimpleLazyObject(gaps_by_category)
        return super().get_context_data(categories=categories, fragment=fragment, **kwargs)


def gaps_by_category() -> list[tuple[Category, list[Gap]]]:
    found: dict[Category, list[Gap]] = defaultdict(list)
    for gap in gaps():
        found[gap.item.category].append(gap)
    return list(found.items())
