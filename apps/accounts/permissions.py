from typing import Any

import rules
from django.core.exceptions import PermissionDenied

from apps.accounts.models import User


def require(user: User, permission: str, subject: Any = None) -> None:
    """Raise PermissionDenied unless the rule of that name lets the person do it to the subject."""
    if not rules.has_perm(permission, user, subject):
        raise PermissionDenied(permission)
