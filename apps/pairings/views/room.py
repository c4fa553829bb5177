from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.core.files import download
from apps.core.views import VerbView
from apps.pairings import services
from apps.pairings.forms import AgreementForm, MessageForm, ReadForm
from apps.pairings.models import Agreement, Pairing


class MessageWrite(VerbView):
    """Shows what was written so far, and writes on."""

    model = Pairing
    permission = "pairings.write_message"
    template_name = "pairings/message_form.html"
    form_class = MessageForm
    heading = _("Write to the other side")
    button = _("Send")
    success_message = _("Sent. The other side is told.")

    def get_initial(self) -> dict[str, Any]:
        return {"language": self.request.LANGUAGE_CODE}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        written = self.object.messages.select_related("author", "city").order_by("pk")
        left, right = self.object.cities
        return super().get_context_data(thread=written, left=left, right=right, **kwargs)

    def call(self, data: dict[str, Any]) -> models.Model:
        return services.write_message(self.object, by=self.request.user, now=timezone.now(), **data)


class MessageRead(VerbView):
    model = Pairing
    permission = "pairings.answer_pairing"
    service = services.read_messages
    form_class = ReadForm
    heading = _("Mark the messages as read")
    button = _("Mark as read")
    success_message = _("Marked as read: %(subject)s.")

    def get_initial(self) -> dict[str, Any]:
        last = self.object.messages.order_by("-pk").first()
        return {"up_to": last.pk if last else 0}


class AgreementAdd(VerbView):
    model = Pairing
    permission = "pairings.add_agreement"
    service = services.add_agreement
    form_class = AgreementForm
    heading = _("Add an agreement")
    lead = _("Both cities and the coordinators can download it, nobody else.")
    button = _("Add")
    success_message = _("Added: %(subject)s.")

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


@login_required
@require_safe
def agreement_download(request: HttpRequest, pk: int) -> FileResponse:
    return download(get_object_or_404(Agreement.objects.visible_to(request.user), pk=pk))
