from typing import Any

import rules

from apps.accounts.rules import is_administrator, is_decider, is_person
from apps.cities.officers import serves
from apps.ledger.models import Gift, Party


@rules.predicate
def speaks_for_party(user: Any, party: Party | None) -> bool:
    return party is not None and party.city is not None and serves(user, party.city)


@rules.predicate
def speaks_for_receiver(user: Any, gift: Gift | None) -> bool:
    return gift is not None and gift.receiver.city is not None and serves(user, gift.receiver.city)


@rules.predicate
def recorded_it(user: Any, gift: Gift | None) -> bool:
    return gift is not None and gift.recorded_by_id == user.pk


rules.add_perm("ledger.record_gift", is_person & (speaks_for_party | is_decider))
rules.add_perm("ledger.view_gift", rules.always_allow)
rules.add_perm("ledger.confirm_gift", is_person & (speaks_for_receiver | is_decider) & ~recorded_it)
rules.add_perm("ledger.withdraw_gift", is_person & (recorded_it | is_decider))
rules.add_perm("ledger.reverse_entry", is_administrator)
