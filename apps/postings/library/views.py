from typing import Any

from django.db import models
from django.http import FileResponse, HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.cities.pages import OfficerForm
from apps.core.files import download
from apps.core.views import FilteredList
from apps.postings import services
from apps.postings.library.filters import ResourceFilter
from apps.postings.library.forms import ShareForm
from apps.postings.models import Resource


class Library(FilteredList):
    queryset = Resource.objects.select_related("posting__city", "posting__item", "stored").order_by(
        "-created_at", "-pk"
    )
    filterset_class = ResourceFilter
    template_name = "postings/library.html"


class ResourceShare(OfficerForm):
    form_class = ShareForm
    heading = _("Share a manual, course or recording")
    lead = _("Knowledge is not rationed: everybody can open it from the public library.")
    button = _("Share")
    success_message = _("Shared: %(subject)s.")

    def call(self, data: dict[str, Any]) -> models.Model:
        return services.share_resource(self.city, by=self.request.user, now=timezone.now(), **data)


@require_safe
def resource_open(request: HttpRequest, pk: int) -> HttpResponseRedirect | FileResponse:
    """Counts, and gives the file, or leads to the address that the city gave."""
    visible = Resource.objects.visible_to(request.user).select_related("stored")
    resource = get_object_or_404(visible, pk=pk)
    services.count_opening(resource)
    return HttpResponseRedirect(resource.url) if resource.url else download(resource.stored)
