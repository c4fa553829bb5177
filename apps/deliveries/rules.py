from typing import Any

import rules

from apps.accounts.rules import is_decider, is_person
from apps.cities.officers import serves
from apps.deliveries.models import Delivery
from apps.matching.models import Match


@rules.predicate
def speaks_for_giver(user: Any, match: Match | None) -> bool:
    return match is not None and serves(user, match.offer.city)


@rules.predicate
def sent_it(user: Any, delivery: Delivery | None) -> bool:
    return delivery is not None and serves(user, delivery.match.offer.city)


@rules.predicate
def receives_it(user: Any, delivery: Delivery | None) -> bool:
    return delivery is not None and serves(user, delivery.match.need.city)


rules.add_perm("deliveries.dispatch_delivery", is_person & (speaks_for_giver | is_decider))
rules.add_perm("deliveries.view_delivery", is_person & (sent_it | receives_it | is_decider))
rules.add_perm("deliveries.hold_delivery", is_person & (sent_it | receives_it | is_decider))
rules.add_perm("deliveries.receive_delivery", is_person & (receives_it | is_decider))
rules.add_perm("deliveries.distribute_delivery", is_person & (receives_it | is_decider))
