from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import models
from django.utils import timezone
from django.views.generic import DetailView, TemplateView

from apps.cities.models import Liaison
from apps.cities.officers import city_of, officers_of
from apps.dashboard.agenda import tasks_of
from apps.dashboard.conflict import conflict
from apps.dashboard.decision import decision_on_match
from apps.dashboard.history import history_of
from apps.matching.models import Match
from apps.pairings.consent import side_of
from apps.pairings.models import Pairing
from apps.postings.models import Posting


class MatchDetail(LoginRequiredMixin, DetailView):
    template_name = "dashboard/match_detail.html"

    def get_queryset(self) -> models.QuerySet[Match]:
        return (
            Match.objects.visible_to(self.request.user)
            .described()
            .select_related("round")
            .prefetch_related("sides__city", "sides__answered_by")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        match, user = self.object, self.request.user
        may_see = user.has_perm("matching.view_contacts", match)
        contacts = Liaison.objects.confirmed().of(*match.cities).select_related("user", "city")
        return super().get_context_data(
            deliveries=match.deliveries.order_by("pk"),
            decision=decision_on_match(match, self.request),
            my_side=side_of(match, user),
            contacts=contacts if may_see else [],
            history=history_of(match),
            in_conflict=conflict(user, match),
            **kwargs,
        )


class MyCity(LoginRequiredMixin, TemplateView):
    template_name = "dashboard/my_city.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        city = city_of(user)
        context = {"city": city, "liaisons": user.liaisons.select_related("city").order_by("-pk")}
        if city:
            postings = Posting.objects.filter(city=city).select_related("item", "city")
            context |= {
                "tasks": tasks_of(user, city, now=timezone.now()),
                "pairing": Pairing.objects.live().of(city).described().first(),
                "postings": postings.order_by("-pk")[:25],
                "matches": Match.objects.visible_to(user).of(city).described().order_by("-pk")[:25],
                "colleagues": officers_of(city),
            }
        return super().get_context_data(**context, **kwargs)
