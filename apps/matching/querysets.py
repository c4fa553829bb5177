from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from apps.cities.models import City
from apps.cities.states import LiaisonState
from apps.core.models import names_of
from apps.matching.states import MatchState

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
        own = self.model._default_manager.filter(
            sides__city__liaisons__user=user,
            sides__city__liaisons__state=LiaisonState.CONFIRMED,
        ).exclude(state__in=[MatchState.PROPOSED, MatchState.REJECTED])
        return self.filter(Q(pk__in=own.values("pk"))).exclude(
            state=MatchState.EXPIRED, decided_by=None
        )

    def of(self, city: City) -> MatchQuerySet:
        return self.filter(sides__city=city)

    def between(self, one: City, other: City) -> MatchQuerySet:
        return self.filter(
            Q(need__city=one, offer__city=other) | Q(need__city=other, offer__city=one)
        )

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
