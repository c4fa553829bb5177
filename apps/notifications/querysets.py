from datetime import datetime

from django.db import models
from django.utils import timezone

from apps.notifications.kinds import kinds_of

TAKEN_BACK = "taken back before it was due"


class NotificationQuerySet(models.QuerySet["Notification"]):  # type: ignore[name-defined]
    def shown(self, *, now: datetime | None = None) -> "NotificationQuerySet":
        """What stands on the page of news: that whose time has come, and was not taken back before."""
        told = self.filter(created_at__lte=now or timezone.now())
        return told.exclude(message__error=TAKEN_BACK)

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)

    def of_group(self, code: str) -> "NotificationQuerySet":
        return self.filter(kind__in=kinds_of(code))

    def unread_first(self) -> "NotificationQuerySet":
        """The unread ones, then the others; each newest first."""
        read = models.Case(models.When(read_at=None, then=0), default=1)
        return self.order_by(read, "-created_at", "pk")
