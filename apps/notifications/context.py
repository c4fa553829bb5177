from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from apps.notifications.models import Notification


def unread(request: HttpRequest) -> dict[str, Any]:
    """How many notifications the signed-in person has not read; asked only if a page shows it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"unread": SimpleLazyObject(lambda: count_unread(user.pk))}


def count_unread(user_id: int) -> int:
    told = Notification.objects.shown(now=timezone.now())
    return told.filter(recipient_id=user_id, read_at=None).count()
