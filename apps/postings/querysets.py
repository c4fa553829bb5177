from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import F, Q

from apps.cities.states import LiaisonState
from apps.postings.states import PostingState

PUBLIC = (PostingState.OPEN, PostingState.FULFILLED)


class PostingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> PostingQuerySet:
        """Open and fulfilled ones are public; the rest is for the city's officers and deciders."""
        if not user.is_authenticated:
            return self.filter(state__in=PUBLIC)
        if user.decides:
            return self
        own = Q(
            city__liaisons__user=user,
            city__liaisons__state=LiaisonState.CONFIRMED,
        )
        mine = self.model._default_manager.filter(own)
        return self.filter(Q(pk__in=mine.values("pk")) | Q(state__in=PUBLIC))

    def described(self) -> PostingQuerySet:
        return self.select_related("city", "item")

    def without_texts(self) -> PostingQuerySet:
        """For a line of a list, which shows no details."""
        return self.defer("details", "details_translation")

    def needs(self) -> PostingQuerySet:
        return self.filter(kind="need")

    def offers(self) -> PostingQuerySet:
        return self.filter(kind="offer")

    def open(self) -> PostingQuerySet:
        return self.filter(state=PostingState.OPEN)

    def drafts(self) -> PostingQuerySet:
        return self.filter(state=PostingState.DRAFT)

    def similar(self, city: Any, kind: str, items: Iterable[Any]) -> PostingQuerySet:
        """Open ones of the same city, kind and items: what a further posting may repeat."""
        return self.open().filter(city=city, kind=kind, item__in=items)

    def with_free(self) -> PostingQuerySet:
        """Those of which something is not yet reserved, offers without a quantity included."""
        return self.filter(Q(quantity=None) | Q(allocated__lt=F("quantity")))


class AttachmentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> AttachmentQuerySet:
        """To whoever sees their posting."""
        postings = self.model._meta.get_field("posting").related_model._default_manager
        return self.filter(posting__in=postings.visible_to(user))


class ResourceQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> ResourceQuerySet:
        """Public while their offer is."""
        return self.filter(posting__state__in=PUBLIC)
