from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

TAKEN_BACK = "taken back before it was due"


class NotificationQuerySet(models.QuerySet[Any]):
    def shown(self, *, now: datetime) -> NotificationQuerySet:
        """Those whose time has come, without what was taken back before it had."""
        return self.filter(created_at__lte=now).exclude(message__error=TAKEN_BACK)
