"""What every admin page of ours shares: administrators only, no deleting, verbs as buttons."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise

from apps.core.views import ServiceForm, VerbView


class BaseAdmin(admin.ModelAdmin):
    """For administrators, by their role. Nothing is deleted: history stays."""

    list_per_page = 50
    actions = None

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RecordAdmin(BaseAdmin):
    """Rows that only services write: every column is shown, none is edited here."""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        hidden = set(self.exclude or ())
        names = [field.name for field in self.opts.concrete_fields if field.name not in hidden]
        return [name for name in names if name not in ("id", "submission")]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return self.get_fields(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class RecordInline(admin.TabularInline):
    """Rows of the same kind under their parent."""

    extra = 0

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(self.fields or ())

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission


class VerbAdmin(RecordAdmin):
    """Rows whose states move by verbs: a button each, which opens the same page as elsewhere.

    `verbs` are offered while the row's state is among theirs; `opening` replaces the empty form
    behind “Add”.
    """

    change_form_template = "admin/verbs_change_form.html"
    verbs: ClassVar[dict[str, tuple[type[VerbView], tuple[str, ...]]]] = {}
    opening: ClassVar[type[ServiceForm] | None] = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.opening is not None and self.has_view_permission(request)

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_verb"
        run = self.admin_site.admin_view(self.run_verb)
        return [path("<int:pk>/verb/<slug:verb>/", run, name=name), *super().get_urls()]

    def run_verb(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        if verb not in self.verbs:
            raise Http404
        view, __ = self.verbs[verb]
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk])
        return self.as_admin_page(request, view, back, pk=pk)

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.opening is None or not self.has_add_permission(request):
            raise Http404
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return self.as_admin_page(request, self.opening, back)

    def as_admin_page(
        self, request: HttpRequest, view: type[ServiceForm], back: str, **kwargs: Any
    ) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, "admin_back": back}
        page = view.as_view(
            template_name="admin/verb.html", extra_context=context, success_url=back
        )
        return page(request, **kwargs)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        context = {"verbs": self.verbs_of(row) if row else [], **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def verbs_of(self, row: Any) -> list[tuple[str, str | Promise, bool]]:
        """(address, words, whether it hurts) of what can be done now."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_verb"
        state = getattr(row, "state", "")
        return [
            (reverse(name, args=[row.pk, verb]), view.button or view.heading, view.hurts)
            for verb, (view, states) in self.verbs.items()
            if not states or state in states
        ]
