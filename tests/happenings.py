"""Something happens to a subject, and people are told."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.audit.services import record
from apps.notifications.services import notify


def tell(
    kind: str, subject: models.Model, people: Iterable[User], *, now: datetime, reason: str = ""
) -> AuditEntry:
    cause = record(None, kind, subject, at=now, reason=reason)
    notify(kind, people, cause)
    return cause
