from typing import Any

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.core.files import download
from apps.core.views import VerbView
from apps.postings import services
from apps.postings.forms import AttachForm
from apps.postings.models import Attachment, Posting


class PostingAttach(VerbView):
    model = Posting
    permission = "postings.edit_posting"
    service = services.attach_file
    form_class = AttachForm
    heading = _("Add a file")
    lead = _("Everybody who can read the posting can download it: no private papers.")
    button = _("Add")
    success_message = _("Added to: %(subject)s.")


class AttachmentRemove(VerbView):
    model = Attachment
    permission = "postings.remove_attachment"
    service = services.remove_attachment
    heading = _("Remove this file")
    lead = _("It is deleted for good.")
    button = _("Remove")
    hurts = True
    success_message = _("Removed from: %(subject)s.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        posting = self.object.posting.get_absolute_url()
        return {**super().get_context_data(**kwargs), "back": posting}


@require_safe
def attachment_download(request: HttpRequest, pk: int) -> FileResponse:
    return download(get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk))
