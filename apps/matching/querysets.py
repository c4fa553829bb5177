from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from apps.cities.models import City
from apps.cities.states import LiaisonState
from apps.matching.states import MatchState


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
        return self.filter(Q(need__city=city) | Q(offer__city=city))

    def between(self, one: City, other: City) -> MatchQuerySet:
        return self.filter(
            Q(need__city=one, offer__city=other) | Q(need__city=other, offer__city=one)
        )

    def described(self) -> MatchQuerySet:
        return self.select_related(
            "need__city", "need__item", "offer__city", "offer__item", "offer__pack", "decided_by"
        )


class SharedPieceQuerySet(models.QuerySet[Any]):
    def free(self, *, now: datetime) -> SharedPieceQuerySet:
        """Not answered, and held by nobody, or by a helper that has not been heard of in time."""
        unheld = Q(lease_until=None) | Q(lease_until__lt=now)
        return self.filter(unheld, answer=None)
