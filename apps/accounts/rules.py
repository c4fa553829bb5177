from typing import Any

import rules

from apps.accounts.models import User


@rules.predicate
def is_administrator(user: Any) -> bool:
    return isinstance(user, User) and user.is_active and user.is_staff


@rules.predicate
def is_decider(user: Any) -> bool:
    """A coordinator or an administrator."""
    return isinstance(user, User) and user.is_active and user.decides


@rules.predicate
def is_person(user: Any) -> bool:
    return isinstance(user, User) and user.is_active
