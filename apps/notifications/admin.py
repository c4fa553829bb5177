from django.contrib import admin

from apps.core.admin import RecordAdmin
from apps.notifications.models import OutboxMessage


@admin.register(OutboxMessage)
class OutboxMessageAdmin(RecordAdmin):
    """Who is to be told of what, and whether the mail went out; never its text."""

    list_display = ["id", "notification", "state", "due_at", "attempts", "sent_at", "error"]
    list_filter = ["state", "notification__kind"]
    list_select_related = ["notification__cause"]
    ordering = ["-due_at"]
