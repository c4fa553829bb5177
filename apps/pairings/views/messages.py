from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.views import VerbView
from apps.pairings import services
from apps.pairings.forms import MessageForm, ReadForm
from apps.pairings.models import Pairing


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
        return super().get_context_data(thread=written, **kwargs)

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
