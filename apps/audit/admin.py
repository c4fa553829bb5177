from django.contrib import admin

from apps.audit.models import AuditEntry
from apps.core.admin import RecordAdmin


@admin.register(AuditEntry)
class AuditEntryAdmin(RecordAdmin):
    list_display = ["at", "actor", "verb", "subject_label", "before", "after", "reason"]
    list_filter = ["verb", "subject_kind", "at"]
    list_select_related = ["actor"]
    search_fields = ["subject_label", "reason", "subject_id"]
    date_hierarchy = "at"
    ordering = ["-pk"]
