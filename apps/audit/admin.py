from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.audit.services import record
from apps.audit.words import VERBS, kind_word, model_of, state_word, verb_word
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


class VerbFilter(admin.SimpleListFilter):
    """By what was done, whatever it was done to."""

    title = _("verb")
    parameter_name = "does"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return sorted(((code, str(word)) for code, word in VERBS.items()), key=lambda one: one[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        verb = self.value()
        return queryset.filter(verb__startswith=f"{verb}_") if verb else queryset


class SubjectFilter(admin.SimpleListFilter):
    title = _("subject")
    parameter_name = "subject"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        found = AuditEntry.objects.order_by().values_list("subject_kind", flat=True).distinct()
        return sorted(((kind, kind_word(kind)) for kind in found), key=lambda one: one[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(subject_kind=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(RecordAdmin):
    """Codes are told in words, except in the numbers by which a row is found."""

    list_display = ["at", "actor", "what", "kind", "subject_label", "was", "became", "why"]
    list_filter = [VerbFilter, SubjectFilter, "at"]
    list_select_related = ["actor"]
    search_fields = ["subject_label", "reason", "subject_id"]
    date_hierarchy = "at"
    ordering = ["-pk"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*self.list_display, "subject_id"]

    @admin.display(description=_("verb"), ordering="verb")
    def what(self, entry: AuditEntry) -> str:
        return verb_word(entry.verb)

    @admin.display(description=_("subject"), ordering="subject_kind")
    def kind(self, entry: AuditEntry) -> str:
        return kind_word(entry.subject_kind)

    @admin.display(description=_("before"), ordering="before")
    def was(self, entry: AuditEntry) -> str:
        return state_word(model_of(entry.subject_kind), entry.before)

    @admin.display(description=_("after"), ordering="after")
    def became(self, entry: AuditEntry) -> str:
        return state_word(model_of(entry.subject_kind), entry.after)

    @admin.display(description=_("why"))
    def why(self, entry: AuditEntry) -> str:
        return gettext(entry.reason) if entry.reason else ""
