from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When

from apps.cities.models import City, Liaison
from apps.cities.states import LiaisonState
from apps.core.models import AppendOnlyQuerySet
from apps.ledger.states import GiftState, OutsideState, QuestionState


class LedgerQuerySet(AppendOnlyQuerySet):
    def visible_to(self, user: Any) -> LedgerQuerySet:
        """The ledger is public."""
        return self

    def of(self, city: City) -> LedgerQuerySet:
        return self.filter(Q(giver__city=city) | Q(receiver__city=city))

    def between(self, one: City, other: City) -> LedgerQuerySet:
        return self.filter(
            Q(giver__city=one, receiver__city=other) | Q(giver__city=other, receiver__city=one)
        )

    def countable(self, *, with_demo: bool = False) -> LedgerQuerySet:
        """What totals add up: no demo, no totals of others, nothing bought with counted cash."""
        not_bought = Q(purchased_with=None) | Q(purchased_with__reversed_by__isnull=False)
        counted = self.filter(not_bought).exclude(kind="stated")
        return counted if with_demo else counted.filter(is_demo=False)

    def latest_first(self) -> LedgerQuerySet:
        """By date; what has none comes late, and the totals of others come last."""
        others = Case(When(kind="stated", then=1), default=0)
        return self.order_by(others, F("occurred_on").desc(nulls_last=True), "-number")

    def with_confirmation(self) -> LedgerQuerySet:
        """Annotates `is_confirmed`: whether the receiving side has an entry for the same source."""
        received = self.model.objects.filter(
            source_kind=OuterRef("source_kind"),
            source_id=OuterRef("source_id"),
            kind="received",
            reverses=None,
            reversed_by=None,
        )
        return self.annotate(is_confirmed=Exists(received))


class GiftQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> GiftQuerySet:
        """Gifts are public, except those that were withdrawn."""
        if user.is_authenticated and user.decides:
            return self
        return self.exclude(state=GiftState.WITHDRAWN)

    def described(self) -> GiftQuerySet:
        return self.select_related("giver", "receiver", "item")

    def waiting_for(self, user: Any) -> GiftQuerySet:
        """Those the person's own city has received and not confirmed."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            state=GiftState.RECORDED,
            receiver__city__liaisons__user=user,
            receiver__city__liaisons__state=LiaisonState.CONFIRMED,
        )


class QuestionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> QuestionQuerySet:
        """Answered ones are public; the rest is for deciders and for who asked."""
        if not user.is_authenticated:
            return self.answered()
        if user.decides:
            return self
        return self.filter(Q(state=QuestionState.ANSWERED) | Q(sent_by=user))

    def described(self) -> QuestionQuerySet:
        return self.select_related("entry__giver", "entry__receiver", "entry__item")

    def answered(self) -> QuestionQuerySet:
        return self.filter(state=QuestionState.ANSWERED)

    def waiting(self) -> QuestionQuerySet:
        """The oldest first."""
        return self.filter(state=QuestionState.ASKED).order_by("created_at", "pk")


class OutsideOfferQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> OutsideOfferQuerySet:
        """For the officers of the city, for deciders, and for who sent it."""
        if not user.is_authenticated:
            return self.none()
        if user.decides:
            return self
        own = City.objects.served_by(user)
        return self.filter(Q(city__in=own) | Q(sent_by=user))

    def described(self) -> OutsideOfferQuerySet:
        return self.select_related("city", "item")

    def waiting(self) -> OutsideOfferQuerySet:
        """The oldest first."""
        return self.filter(state=OutsideState.OFFERED).order_by("created_at", "pk")

    def waiting_for(self, city: City) -> OutsideOfferQuerySet:
        return self.waiting().filter(city=city)

    def without_officer(self) -> OutsideOfferQuerySet:
        """Of cities for which nobody speaks."""
        return self.exclude(city__in=Liaison.objects.confirmed().values("city"))
