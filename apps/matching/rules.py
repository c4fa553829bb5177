from typing import Any

import rules
from django.utils import timezone

from apps.accounts.rules import is_administrator, is_decider, is_person
from apps.cities.officers import city_in_conflict, serves
from apps.matching.models import Match
from apps.matching.states import WITH_CONTACTS


@rules.predicate
def speaks_for_either(user: Any, match: Match | None) -> bool:
    return match is not None and serves(user, *match.cities)


@rules.predicate
def is_conflicted(user: Any, match: Match | None) -> bool:
    """Nobody decides for a city they serve, or served within twelve months."""
    return match is not None and bool(city_in_conflict(user, match.cities, now=timezone.now()))


@rules.predicate
def has_decided(user: Any, match: Match | None) -> bool:
    return match is not None and match.decided_by_id == user.pk


@rules.predicate
def is_accepted(user: Any, match: Match | None) -> bool:
    return match is not None and match.state in WITH_CONTACTS


rules.add_perm("matching.view_round", is_decider)
rules.add_perm("matching.open_round", is_decider)
rules.add_perm("matching.replay_round", is_administrator)
rules.add_perm("matching.approve_match", is_decider & ~is_conflicted)
rules.add_perm("matching.undo_match", is_decider & has_decided)
rules.add_perm("matching.reject_match", is_decider)
rules.add_perm("matching.cancel_match", is_decider & ~is_conflicted)
rules.add_perm("matching.answer_match", is_person & speaks_for_either)
rules.add_perm("matching.follow_match", is_person & (speaks_for_either | is_decider))
rules.add_perm("matching.complete_match", is_person & (speaks_for_either | is_decider))
rules.add_perm("matching.view_contacts", is_person & is_accepted & (speaks_for_either | is_decider))
