from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from apps.notifications.delivery import readable
from apps.notifications.models import Notification
from apps.notifications.services import mark_read


class NotificationList(LoginRequiredMixin, ListView):
    template_name = "notifications/notification_list.html"
    paginate_by = 25

    def get_queryset(self) -> models.QuerySet[Notification]:
        told = self.request.user.notifications.shown(now=timezone.now()).select_related("cause")
        return told.order_by("-created_at", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "texts": readable(context["object_list"], self.request.user)}


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    mark_read(request.user, now=timezone.now())
    return redirect("notifications:notification_list")
