from typing import Any

import rules

from apps.accounts.rules import is_decider, is_person
from apps.cities.models import City
from apps.cities.officers import city_of
from apps.dashboard.cities import BOUND
from apps.matching.models import Match
from apps.matching.states import WITH_CONTACTS
from apps.pairings.models import Pairing


@rules.predicate
def works_with(user: Any, city: City | None) -> bool:
    """Whether the person's city and this one have both said yes to a match or to a pairing."""
    own = city_of(user)
    if city is None or own is None or own.pk == city.pk:
        return False
    matches = Match.objects.between(own, city).filter(state__in=WITH_CONTACTS)
    return matches.exists() or Pairing.objects.filter(state__in=BOUND).of(own).of(city).exists()


rules.add_perm("cities.view_contacts", is_person & (is_decider | works_with))
