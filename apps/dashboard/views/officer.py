from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import models
from django.utils import timezone
from django.views.generic import DetailView, TemplateView

from apps.accounts.models import User
from apps.cities.models import City, Liaison
from apps.cities.officers import officers_of
from apps.cities.states import LiaisonState
from apps.dashboard.agenda import grouped, partner_in, tasks_of
from apps.dashboard.conflict import conflict
from apps.dashboard.decision import decision_on_match
from apps.dashboard.history import history_of
from apps.matching.models import Match
from apps.pairings.consent import side_of
from apps.pairings.models import Pairing
from apps.postings.dates import today_in
from apps.postings.models import Posting

ROWS = 25


class MatchDetail(LoginRequiredMixin, DetailView):
    template_name = "dashboard/match_detail.html"

    def get_queryset(self) -> models.QuerySet[Match]:
        return (
            Match.objects.visible_to(self.request.user)
            .select_related("need__city", "need__item", "offer__city", "offer__item")
            .prefetch_related("decided_by", "sides__city", "sides__answered_by")
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
        user, now = self.request.user, timezone.now()
        liaisons = list(user.liaisons.select_related("city").order_by("-pk"))
        confirmed = [one.city for one in liaisons if one.state == LiaisonState.CONFIRMED]
        city = next(iter(confirmed), None)
        context = {"city": city, "liaisons": liaisons}
        if city:
            pairing = Pairing.objects.live().of(city).in_brief().first()
            today = today_in(city, now)
            context |= {
                "groups": grouped(tasks_of(user, city, pairing=pairing, now=now), today),
                "today": today,
                "pairing": pairing,
                "counterpart": pairing and pairing.counterpart_of(city),
                "postings": postings_of(city),
                "matches": matches_of(city, user),
                "colleagues": officers_of(city),
            }
        return super().get_context_data(**context, **kwargs)


def postings_of(city: City) -> models.QuerySet[Posting]:
    found = Posting.objects.filter(city=city).select_related("item").without_texts()
    return found.order_by("-pk")[:ROWS]


def matches_of(city: City, user: User) -> list[tuple[Match, bool, City]]:
    """The latest matches of a city, each with whether the city gives, and who the other is."""
    latest = Match.objects.visible_to(user).of(city).order_by("-pk")[:ROWS]
    keys = list(latest.values_list("pk", flat=True))
    found = Match.objects.filter(pk__in=keys).in_brief().order_by("-pk")
    return [(match, match.offer.city_id == city.pk, partner_in(match, city)) for match in found]
