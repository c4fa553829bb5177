from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Case, Q, When
from django.utils import translation

from apps.cities.search import plain
from apps.cities.states import LiaisonState


class CityQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> CityQuerySet:
        """Cities are public."""
        return self

    def acting(self) -> CityQuerySet:
        """Those that post and pair: no countries, and of a municipality only the city row."""
        return self.filter(acts=True)

    def served_by(self, user: Any) -> CityQuerySet:
        if not user.is_authenticated:
            return self.none()
        return self.filter(liaisons__user=user, liaisons__state=LiaisonState.CONFIRMED)

    def search(self, text: str) -> CityQuerySet:
        """By a part of a name in either language or of the code, its own or of what it lies in."""
        found = plain(text)
        return self.filter(
            Q(search_text__contains=found)
            | Q(parent__search_text__contains=found)
            | Q(parent__parent__search_text__contains=found)
        )

    def by_name(self) -> CityQuerySet:
        """In English by name. In Chinese by province or state, which comes before its own places;
        names go by their Latin letters, as in a Chinese dictionary.
        """
        if translation.get_language() == "en":
            return self.order_by("name_en", "pk")
        province = Case(
            When(level="state", then="name_en"),
            When(parent__level="state", then="parent__name_en"),
            When(parent__parent__level="state", then="parent__parent__name_en"),
            default="name_en",
        )
        is_place = Case(When(level="state", then=0), default=1)
        return self.order_by("country", province, is_place, "name_en", "pk")


class SisterTieQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> SisterTieQuerySet:
        """Sister ties are public."""
        return self

    def of(self, city: Any) -> SisterTieQuerySet:
        return self.filter(Q(city_a=city) | Q(city_b=city))


class LiaisonQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> LiaisonQuerySet:
        """One's own, and all of them for those who decide."""
        if not user.is_authenticated:
            return self.none()
        return self if user.decides else self.filter(user=user)

    def described(self) -> LiaisonQuerySet:
        return self.select_related("user", "city")

    def confirmed(self) -> LiaisonQuerySet:
        return self.filter(state=LiaisonState.CONFIRMED, user__is_active=True)

    def of(self, *cities: Any) -> LiaisonQuerySet:
        return self.filter(city__in=cities)
