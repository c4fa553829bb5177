from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from apps.cities.models import City
from apps.cities.states import LiaisonState
from apps.core.models import names_of
from apps.matching.states import MatchState
from apps.postings.models import Urgency

NAMES = ("name", "name_en", "name_zh_hans")

OF_A_LINE = (
    *("state", "quantity", "dispatched", "state_since", "expires_at", "is_demo"),
    *("need__city", "need__urgency", "need__needed_by", "offer__city", "offer__item__unit"),
)


class RoundQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> RoundQuerySet:
        """For those who decide."""
        return self if user.is_authenticated and user.decides else self.none()

    def described(self) -> RoundQuerySet:
        return self.defer("snapshot", "result")


class MatchQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> MatchQuerySet:
        """Deciders see all; officers those that touch their city and were approved at some time."""
        if not user.is_authenticated:
            return self.none()
        if user.decides:
            return self
        sides = self.model._meta.get_field("sides").related_model._default_manager
        own = user.liaisons.filter(state=LiaisonState.CONFIRMED).values("city")
        return (
            self.filter(pk__in=sides.filter(city__in=own).values("match"))
            .exclude(state__in=[MatchState.PROPOSED, MatchState.REJECTED])
            .exclude(state=MatchState.EXPIRED, decided_by=None)
        )

    def of(self, city: City) -> MatchQuerySet:
        return self.filter(sides__city=city)

    def between(self, one: City, other: City) -> MatchQuerySet:
        return self.filter(
            Q(need__city=one, offer__city=other) | Q(need__city=other, offer__city=one)
        )

    def listed(self, item: str = "offer__item") -> MatchQuerySet:
        """With what a list shows of each, and no more: every joined table takes time to plan.

        `item` is the one that the list names, that of the offer or of the need.
        """
        named = ("need__city", "offer__city", item)
        return self.select_related(*named).only(
            *("state", "quantity", "via", "is_demo", f"{item}__unit"),
            *("need__urgency", "need__quantity", "need__needed_by"),
            *(f"{each}__{name}" for each in named for name in NAMES),
        )

    def most_urgent(self, most: int) -> MatchQuerySet:
        """The first ones by the urgency of their needs, then by size.

        They are found by a query for each urgency: one for all would sort every row.
        """
        tiers = (
            self.filter(need__urgency=tier).order_by("-quantity", "pk").values_list("pk", flat=True)
            for tier in Urgency.values
        )
        found = [pk for tier in tiers for pk in tier[:most]][:most]
        return self.filter(pk__in=found).order_by("need__urgency", "-quantity", "pk")

    def described(self) -> MatchQuerySet:
        return self.select_related(
            "need__city", "need__item", "offer__city", "offer__item", "offer__pack", "decided_by"
        )

    def in_brief(self) -> MatchQuerySet:
        """With what a line of a list says: the names of the item and of the cities, no reasons."""
        named = ("need__city", "offer__city", "offer__item")
        return self.select_related(*named).only(*OF_A_LINE, *names_of(*named))


class SharedPieceQuerySet(models.QuerySet[Any]):
    def free(self, *, now: datetime) -> SharedPieceQuerySet:
        """Not answered, and held by nobody, or by a helper that has not been heard of in time."""
        unheld = Q(lease_until=None) | Q(lease_until__lt=now)
        return self.filter(unheld, answer=None)
