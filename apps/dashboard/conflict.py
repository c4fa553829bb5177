from typing import Any

from django.utils import timezone

from apps.cities.models import City
from apps.cities.officers import city_in_conflict
from apps.matching.models import Match
from apps.pairings.models import Pairing


def conflict(user: Any, subject: Pairing | Match) -> City | None:
    """The city for which a coordinator may not decide, to say so on the page."""
    if not user.is_authenticated or not user.decides:
        return None
    return city_in_conflict(user, subject.cities, now=timezone.now())
