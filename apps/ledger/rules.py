from typing import Any

import rules

from apps.accounts.rules import is_administrator, is_decider, is_person
from apps.cities.officers import serves
from apps.ledger.models import Gift, OutsideOffer, Party, Question
from apps.ledger.states import QuestionState


@rules.predicate
def speaks_for_party(user: Any, party: Party | None) -> bool:
    return party is not None and party.city is not None and serves(user, party.city)


@rules.predicate
def speaks_for_receiver(user: Any, gift: Gift | None) -> bool:
    return gift is not None and gift.receiver.city is not None and serves(user, gift.receiver.city)


@rules.predicate
def recorded_it(user: Any, gift: Gift | None) -> bool:
    return gift is not None and gift.recorded_by_id == user.pk


@rules.predicate
def is_public(user: Any, question: Question | None) -> bool:
    return question is not None and question.state == QuestionState.ANSWERED


@rules.predicate
def sent_it(user: Any, sent: Question | OutsideOffer | None) -> bool:
    return sent is not None and sent.sent_by_id == user.pk


@rules.predicate
def speaks_for_its_city(user: Any, offer: OutsideOffer | None) -> bool:
    return offer is not None and serves(user, offer.city)


rules.add_perm("ledger.record_gift", is_person & (speaks_for_party | is_decider))
rules.add_perm("ledger.view_gift", rules.always_allow)
rules.add_perm("ledger.confirm_gift", is_person & (speaks_for_receiver | is_decider) & ~recorded_it)
rules.add_perm("ledger.withdraw_gift", is_person & (recorded_it | is_decider))
rules.add_perm("ledger.reverse_entry", is_administrator)
rules.add_perm("ledger.answer_question", is_decider)
rules.add_perm("ledger.view_question", is_public | is_person & (sent_it | is_decider))
rules.add_perm("ledger.adopt_outside_offer", is_person & (speaks_for_its_city | is_administrator))
rules.add_perm("ledger.decline_outside_offer", is_person & (speaks_for_its_city | is_decider))
rules.add_perm(
    "ledger.view_outside_offer", is_person & (sent_it | speaks_for_its_city | is_decider)
)
