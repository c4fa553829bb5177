from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.views.generic import TemplateView

from apps.dashboard.agenda import decisions

PAGE = 25


class Queue(PermissionRequiredMixin, TemplateView):
    permission_required = "matching.view_round"
    template_name = "dashboard/queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each kind has pages of its own: `?matches=2` turns those of the matches."""
        pages = {
            kind: Paginator(waiting, PAGE).get_page(self.request.GET.get(kind))
            for kind, waiting in decisions().items()
        }
        return super().get_context_data(**pages, **kwargs)
