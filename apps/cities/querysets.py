from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

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
        return self.filter(
            Q(name_en__icontains=text) | Q(name_zh_hans__icontains=text) | Q(code__icontains=text)
        )


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
