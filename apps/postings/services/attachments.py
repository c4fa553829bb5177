from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.audit.services import record
from apps.core.errors import DomainError
from apps.postings.models import Attachment, Posting
from apps.postings.services.life import lock_posting
from apps.postings.states import PostingState

CLOSED = (PostingState.FULFILLED, PostingState.WITHDRAWN)


@transaction.atomic
def attach_file(posting: Posting, *, by: User, now: datetime, file: Any) -> Posting:
    """Add a file that `UploadField` has cleaned; a posting has at most ATTACHMENTS, each once."""
    posting = lock_posting(posting)
    require(by, "postings.edit_posting", posting)
    if posting.state in CLOSED:
        raise DomainError(
            _("A posting that is %(state)s cannot be edited.")
            % {"state": posting.get_state_display()}
        )
    attachment = Attachment.of(file, posting=posting, added_by=by)
    if posting.attachments.filter(digest=attachment.digest).exists():
        return posting
    if posting.attachments.count() >= settings.ATTACHMENTS:
        raise DomainError(
            _("A posting has at most %(most)d files.") % {"most": settings.ATTACHMENTS}, "file"
        )
    attachment.save()
    record(by, "attach_file", posting, at=now, after=attachment.name)
    return posting


@transaction.atomic
def remove_attachment(attachment: Attachment, *, by: User, now: datetime) -> Posting:
    """Take a file away for good, as when it names somebody; that it was there stays on record."""
    posting = lock_posting(attachment.posting)
    require(by, "postings.remove_attachment", attachment)
    record(by, "remove_attachment", posting, at=now, before=attachment.name)
    storage, stored = attachment.file.storage, str(attachment.file.name)
    attachment.delete()
    transaction.on_commit(lambda: storage.delete(stored))
    return posting
