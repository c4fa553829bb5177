from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import ListView

from apps.cities.pages import OfficerForm
from apps.postings import services
from apps.postings.forms import ShareForm
from apps.postings.models import Resource


class Library(ListView):
    template_name = "postings/library.html"
    paginate_by = 25

    def get_queryset(self) -> models.QuerySet[Resource]:
        return (
            Resource.objects.visible_to(self.request.user)
            .select_related("posting__city", "posting__item")
            .order_by("-created_at", "-pk")
        )


class ResourceShare(OfficerForm):
    form_class = ShareForm
    heading = _("Share a manual, course or recording")
    lead = _("Knowledge is not rationed: everybody can open it from the public library.")
    button = _("Share")
    success_message = _("Shared: %(subject)s.")

    def call(self, data: dict[str, Any]) -> models.Model:
        return services.share_resource(self.city, by=self.request.user, now=timezone.now(), **data)


@require_safe
def resource_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Counts, and leads to the address that the city gave."""
    resource = get_object_or_404(Resource.objects.visible_to(request.user), pk=pk)
    services.count_opening(resource)
    return HttpResponseRedirect(resource.url)
