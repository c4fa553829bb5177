from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from apps.cities.models import City
from apps.cities.states import LiaisonState
from apps.core.models import names_of
from apps.pairings.states import LIVE, ExchangeState, PairingState

PUBLIC = (PairingState.ACTIVE, PairingState.SUSPENDED, PairingState.ENDED)


class PairingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> PairingQuerySet:
        """Once active they are public; officers see theirs that a coordinator approved."""
        public = Q(state__in=PUBLIC)
        if not user.is_authenticated:
            return self.filter(public)
        if user.decides:
            return self
        own = self.model._default_manager.filter(
            sides__city__liaisons__user=user,
            sides__city__liaisons__state=LiaisonState.CONFIRMED,
        ).exclude(
            Q(state__in=[PairingState.PROPOSED, PairingState.REJECTED])
            | Q(state=PairingState.EXPIRED, decided_by=None)
        )
        return self.filter(public | Q(pk__in=own.values("pk")))

    def of(self, city: City) -> PairingQuerySet:
        return self.filter(sides__city=city)

    def live(self) -> PairingQuerySet:
        return self.filter(state__in=LIVE)

    def active(self) -> PairingQuerySet:
        return self.filter(state=PairingState.ACTIVE)

    def described(self) -> PairingQuerySet:
        return self.prefetch_related("sides__city")

    def in_brief(self) -> PairingQuerySet:
        """With the names of the cities: all that a line of a list says of them."""
        sides = self.model._meta.get_field("sides").related_model._default_manager
        named = sides.select_related("city").only(
            *("pairing", "position", "read_up_to", *names_of("city"))
        )
        return self.defer("note").prefetch_related(models.Prefetch("sides", named))


class ExchangeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> ExchangeQuerySet:
        """Exchanges are public, except those that were cancelled."""
        if user.is_authenticated and user.decides:
            return self
        return self.exclude(state=ExchangeState.CANCELLED)

    def described(self) -> ExchangeQuerySet:
        return self.prefetch_related("cities")


class OfTheRoomQuerySet(models.QuerySet[Any]):
    """Rows of a pairing that are not public."""

    def visible_to(self, user: Any) -> OfTheRoomQuerySet:
        """For the officers of the two cities, and for those who decide."""
        if not user.is_authenticated:
            return self.none()
        if user.decides:
            return self
        own = self.model._default_manager.filter(
            pairing__sides__city__liaisons__user=user,
            pairing__sides__city__liaisons__state=LiaisonState.CONFIRMED,
        )
        return self.filter(pk__in=own.values("pk"))


class MessageQuerySet(OfTheRoomQuerySet):
    def described(self) -> MessageQuerySet:
        return self.select_related("author", "city", "pairing").prefetch_related(
            "pairing__sides__city"
        )

    def unread_by(self, side: Any) -> MessageQuerySet:
        """What others wrote since the city of that side last read."""
        return self.filter(pairing=side.pairing_id, pk__gt=side.read_up_to).exclude(
            city=side.city_id
        )


class PairingRuleQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> PairingRuleQuerySet:
        """For administrators."""
        return self if user.is_authenticated and user.is_staff else self.none()
