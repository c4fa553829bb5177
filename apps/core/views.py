"""The two shapes most pages have: a filtered list, and a verb done to one object."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.generic import FormView
from django_filters.views import FilterView

from apps.core.errors import DomainError
from apps.core.forms import ConfirmForm, guard_texts, say_what_is_missing
from apps.core.page_cache import fragment_key
from apps.core.pages import LongListPaginator

DONE = "sent"


class FilteredList(FilterView):
    """Rows the person may see, filtered by django-filter, 25 a page.

    The filter form is the same for everybody who asks for the same: `fragment` is its name among
    the parts of pages that are kept.
    """

    paginate_by = 25
    paginator_class = LongListPaginator
    strict = False

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().visible_to(self.request.user)  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.copy()
        query.pop("page", None)
        fragment = fragment_key(self.request.path, query := query.urlencode())
        return super().get_context_data(query=query, fragment=fragment, **kwargs)


class PublicForm(FormView, ABC):
    """A form that calls one service: what the domain refuses comes back at its field, nothing lost."""

    template_name = "components/verb_page.html"
    heading: ClassVar[Any] = ""
    button: ClassVar[Any] = ""
    lead: ClassVar[Any] = ""
    success_message: ClassVar[Any] = ""
    hurts: ClassVar[bool] = False

    @abstractmethod
    def call(self, data: dict[str, Any]) -> models.Model:
        """Do it; return what the person should see next."""

    def get_form(self, form_class: type[Form] | None = None) -> Form:
        form = super().get_form(form_class)
        guard_texts(form)
        say_what_is_missing(form)
        return form

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            with transaction.atomic():
                self.done = self.call(form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            return self.form_invalid(form)
        self.say_done()
        if self.request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": self.get_success_url()})
        return HttpResponseRedirect(self.get_success_url())

    def say_done(self) -> None:
        told = self.success_message % {"subject": self.done}
        messages.success(self.request, told, extra_tags=self.get_message_tags())

    def get_message_tags(self) -> str:
        """What the message of success carries besides its words."""
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"back": "", **kwargs})

    def form_invalid(self, form: Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_success_url(self) -> str:
        """Where the form or its address says to go on, if that is a page of ours; else what was done."""
        back = self.request.POST.get("next") or self.request.GET.get("next", "")
        if back and url_has_allowed_host_and_scheme(back, {self.request.get_host()}):
            return back
        return self.success_url or self.done.get_absolute_url()  # type: ignore[attr-defined]


class ServiceForm(LoginRequiredMixin, PublicForm):
    """The same for people who have signed in."""


@method_decorator(never_cache, name="dispatch")
class VisitorView(PublicForm):
    """The same for everybody: the page itself says that it was done, so that visitors need no cookie."""

    template_name = "components/visitor_page.html"
    done_message: ClassVar[Any] = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(is_done=DONE in self.request.GET, **kwargs)

    def say_done(self) -> None:
        """The page that follows does."""

    def get_success_url(self) -> str:
        return f"{self.request.path}?{DONE}=1"

    @property
    def sender(self) -> Any:
        """Who writes, if they have signed in."""
        return self.request.user if self.request.user.is_authenticated else None


class VerbView(ServiceForm):
    """One verb on one object: GET asks, POST does it.

    404 if the person may not see the object, 403 if they may not do this to it.
    """

    model: type[models.Model]
    permission: ClassVar[str]
    service: ClassVar[Callable[..., models.Model]]
    form_class: type[Form] = ConfirmForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.object = self.get_object()
        if not request.user.has_perm(self.permission, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_object(self) -> Any:
        visible = self.model._default_manager.visible_to(self.request.user)  # type: ignore[attr-defined]
        return get_object_or_404(visible, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = self.object.get_absolute_url()
        return super().get_context_data(object=self.object, back=back, **kwargs)

    def call(self, data: dict[str, Any]) -> models.Model:
        service = type(self).service
        return service(self.object, by=self.request.user, now=timezone.now(), **data)
