from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import FormView

from apps.core.views import FilteredList
from apps.notifications.delivery import Text, readable
from apps.notifications.filters import NotificationFilter
from apps.notifications.forms import PreferencesForm
from apps.notifications.kinds import KINDS, Group
from apps.notifications.models import Notification
from apps.notifications.services import choose_mails, mark_read


@dataclass(frozen=True)
class Line:
    """A notification as the page shows it; without a text it is no longer for the reader."""

    notification: Notification
    text: Text | None

    @property
    def group(self) -> Group:
        return KINDS[self.notification.kind].group

    @property
    def address(self) -> str:
        return reverse("notifications:notification_open", args=[self.notification.pk])

    @property
    def section(self) -> tuple[bool, date]:
        """Whether it is read, and the reader's day of it."""
        day = timezone.localtime(self.notification.created_at).date()
        return self.notification.read_at is not None, day


def by_section(lines: list[Line]) -> Iterator[tuple[bool, date, list[Line]]]:
    for (read, day), found in groupby(lines, key=lambda line: line.section):
        yield read, day, list(found)


class NotificationList(LoginRequiredMixin, FilteredList):
    template_name = "notifications/notification_list.html"
    filterset_class = NotificationFilter

    def get_queryset(self) -> models.QuerySet[Notification]:
        shown = self.request.user.notifications.shown()
        return shown.select_related("cause").unread_first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        texts = readable(context["object_list"], self.request.user)
        sections = list(by_section([Line(*pair) for pair in texts]))
        return {**context, "sections": sections}


def own(request: HttpRequest, pk: UUID) -> Notification:
    return get_object_or_404(request.user.notifications.shown(), pk=pk)


@login_required
@require_safe
def open_one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lead to what it is about; whoever goes there has read it."""
    notification = own(request, pk)
    mark_read(request.user, now=timezone.now(), ids=[notification.pk])
    [(__, text)] = readable([notification], request.user)
    return redirect(text.path if text else "notifications:notification_list")


@login_required
@require_POST
def read_one(request: HttpRequest, pk: UUID) -> HttpResponse:
    mark_read(request.user, now=timezone.now(), ids=[own(request, pk).pk])
    return redirect("notifications:notification_list")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    mark_read(request.user, now=timezone.now())
    return redirect("notifications:notification_list")


class Preferences(LoginRequiredMixin, FormView):
    template_name = "notifications/preferences.html"
    form_class = PreferencesForm
    success_url = reverse_lazy("notifications:preferences")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: PreferencesForm) -> HttpResponse:
        choose_mails(self.request.user, form.cleaned_data["groups"])
        messages.success(self.request, _("Saved."))
        return super().form_valid(form)

    def form_invalid(self, form: PreferencesForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)
