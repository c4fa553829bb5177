from typing import Any

import rules

from apps.accounts.rules import is_administrator, is_decider, is_person
from apps.cities.models import Liaison
from apps.cities.officers import city_of


@rules.predicate
def is_own_liaison(user: Any, liaison: Liaison | None) -> bool:
    return liaison is not None and liaison.user_id == user.pk


@rules.predicate
def speaks_for_a_city(user: Any) -> bool:
    return city_of(user) is not None


rules.add_rule("cities.act_for_a_city", is_person & speaks_for_a_city)
rules.add_perm("cities.request_liaison", is_person)
rules.add_perm("cities.view_liaison", is_own_liaison | is_decider)
rules.add_perm("cities.confirm_liaison", is_decider & ~is_own_liaison)
rules.add_perm("cities.remove_liaison", is_administrator | (is_person & is_own_liaison))
