from typing import Any

import rules
from django.utils import timezone

from apps.accounts.rules import is_administrator, is_decider, is_person
from apps.cities.models import City
from apps.cities.officers import city_in_conflict, serves
from apps.cities.rules import speaks_for_a_city
from apps.pairings.models import Exchange, Message, Pairing


@rules.predicate
def speaks_for_either(user: Any, pairing: Pairing | None) -> bool:
    return pairing is not None and serves(user, *pairing.cities)


@rules.predicate
def speaks_for_one(user: Any, cities: list[City] | None) -> bool:
    return cities is not None and serves(user, *cities)


@rules.predicate
def is_conflicted(user: Any, pairing: Pairing | None) -> bool:
    """Nobody decides for a city they serve, or served within twelve months."""
    return pairing is not None and bool(city_in_conflict(user, pairing.cities, now=timezone.now()))


@rules.predicate
def has_decided(user: Any, pairing: Pairing | None) -> bool:
    return pairing is not None and pairing.decided_by_id == user.pk


@rules.predicate
def takes_part(user: Any, exchange: Exchange | None) -> bool:
    return exchange is not None and serves(user, *exchange.cities.all())


@rules.predicate
def is_addressed(user: Any, message: Message | None) -> bool:
    return message is not None and serves(user, *message.pairing.cities)


rules.add_rule("pairings.propose_a_pairing", is_person & (is_decider | speaks_for_a_city))
rules.add_perm("pairings.propose_pairing", is_person & (speaks_for_one | is_decider))
rules.add_perm("pairings.approve_pairing", is_decider & ~is_conflicted)
rules.add_perm("pairings.undo_pairing", is_decider & has_decided)
rules.add_perm("pairings.reject_pairing", is_decider)
rules.add_perm("pairings.cancel_pairing", is_decider & ~is_conflicted)
rules.add_perm("pairings.answer_pairing", is_person & speaks_for_either)
rules.add_perm("pairings.follow_pairing", is_person & (speaks_for_either | is_decider))
rules.add_perm("pairings.write_message", is_person & (speaks_for_either | is_decider))
rules.add_perm("pairings.view_message", is_person & (is_addressed | is_decider))
rules.add_perm("pairings.review_pairing", is_person & (speaks_for_either | is_decider))
rules.add_perm("pairings.add_agreement", is_person & (speaks_for_either | is_decider))
rules.add_perm("pairings.manage_pairing", is_administrator & ~is_conflicted)
rules.add_perm("pairings.set_rule", is_administrator)
rules.add_perm("pairings.plan_exchange", is_person & (speaks_for_one | is_decider))
rules.add_perm("pairings.edit_exchange", is_person & (takes_part | is_decider))
