from django.db import models

from apps.notifications.kinds import kinds_of


class NotificationQuerySet(models.QuerySet["Notification"]):  # type: ignore[name-defined]
    def shown(self) -> "NotificationQuerySet":
        """What stands on the page of news; the one place that says what is not shown yet."""
        return self.all()

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)

    def of_group(self, code: str) -> "NotificationQuerySet":
        return self.filter(kind__in=kinds_of(code))

    def unread_first(self) -> "NotificationQuerySet":
        """The unread ones, then the others; each newest first."""
        read = models.Case(models.When(read_at=None, then=0), default=1)
        return self.order_by(read, "-created_at", "pk")
