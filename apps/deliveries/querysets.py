from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from apps.cities.models import City
from apps.cities.states import LiaisonState
from apps.core.models import names_of
from apps.deliveries.states import UNDERWAY


class DeliveryQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> DeliveryQuerySet:
        """Deciders see all, officers their city's; the public reads the ledger instead."""
        if not user.is_authenticated:
            return self.none()
        if user.decides:
            return self
        own = self.model._default_manager.filter(
            match__sides__city__liaisons__user=user,
            match__sides__city__liaisons__state=LiaisonState.CONFIRMED,
        )
        return self.filter(pk__in=own.values("pk"))

    def between(self, one: City, other: City) -> DeliveryQuerySet:
        return self.filter(
            Q(match__need__city=one, match__offer__city=other)
            | Q(match__need__city=other, match__offer__city=one)
        )

    def underway(self) -> DeliveryQuerySet:
        return self.filter(state__in=UNDERWAY)

    def described(self) -> DeliveryQuerySet:
        return self.select_related(
            "match__need__city",
            "match__need__item",
            "match__offer__city",
            "match__offer__item",
            "match__offer__pack",
        ).prefetch_related("holds")

    def in_brief(self) -> DeliveryQuerySet:
        """With what a line of a list says: the item, who gives, and how urgent the need is."""
        named = ("match__offer__city", "match__offer__item")
        return self.select_related("match__need", *named).only(
            *("state", "quantity", "received_quantity", "dispatched_on", "received_on"),
            *("match__need__urgency", "match__offer__item__unit", *names_of(*named)),
        )
