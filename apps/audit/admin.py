from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.audit.services import record
from apps.core.admin import BaseAdmin, RecordAdmin

admin.site.unregister(Group)
admin.site.site_header = admin.site.site_title = "Counterpart"


class UserCreation(BaseUserCreationForm):
    class Meta:
        model = User
        fields = ["email", "name"]
        field_classes: dict[str, Any] = {}


@admin.register(User)
class UserAdmin(BaseAdmin, BaseUserAdmin):
    """People and their roles, on this floor because a grant of a role is audited.

    Nobody is deleted: somebody who leaves may no longer sign in.
    """

    add_form = UserCreation
    ordering = ["email"]
    list_display = ["email", "name", "role", "is_active", "date_joined", "last_login"]
    list_filter = ["role", "is_active", "language", "is_demo"]
    search_fields = ["email", "name", "organisation"]
    filter_horizontal = ()
    readonly_fields = ["date_joined", "last_login", "is_demo"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        (_("Person"), {"fields": ["name", "organisation", "language", "time_zone"]}),
        (_("Rights"), {"fields": ["role", "is_active"]}),
        (_("History"), {"fields": ["date_joined", "last_login", "is_demo"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "name", "role", "password1", "password2"]})]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        before = User.objects.get(pk=obj.pk).role if change else ""
        super().save_model(request, obj, form, change)
        if obj.role != before:
            record(
                request.user, "grant_role", obj, at=timezone.now(), before=before, after=obj.role
            )


@admin.register(AuditEntry)
class AuditEntryAdmin(RecordAdmin):
    list_display = ["at", "actor", "verb", "subject_label", "before", "after", "reason"]
    list_filter = ["verb", "subject_kind", "at"]
    list_select_related = ["actor"]
    search_fields = ["subject_label", "reason", "subject_id"]
    date_hierarchy = "at"
    ordering = ["-pk"]
