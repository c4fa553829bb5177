from typing import Any

import rules

from apps.accounts.rules import is_administrator, is_decider, is_person
from apps.cities.models import City
from apps.cities.officers import serves
from apps.postings.models import Attachment, Item, Posting


@rules.predicate
def speaks_for(user: Any, city: City | None) -> bool:
    return city is not None and serves(user, city)


@rules.predicate
def owns_posting(user: Any, posting: Posting | None) -> bool:
    return posting is not None and serves(user, posting.city)


@rules.predicate
def owns_attachment(user: Any, attachment: Attachment | None) -> bool:
    return attachment is not None and serves(user, attachment.posting.city)


@rules.predicate
def is_counted(user: Any, item: Item | None) -> bool:
    return item is not None and item.is_counted


rules.add_perm("postings.create_posting", is_person & (speaks_for | is_administrator))
rules.add_perm("postings.edit_posting", is_person & (owns_posting | is_administrator))
rules.add_perm("postings.withdraw_posting", is_person & (owns_posting | is_decider))
rules.add_perm("postings.remove_attachment", is_person & (owns_attachment | is_decider))
rules.add_perm("postings.hold_posting", is_decider)
rules.add_perm("postings.view_private_posting", is_person & (owns_posting | is_decider))
rules.add_perm("postings.change_unit", is_administrator & ~is_counted)
