from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.addresses import address_of
from apps.core.files import StoredFile
from apps.core.models import TimeStamped
from apps.postings.models.posting import Posting
from apps.postings.querysets import AttachmentQuerySet


class Attachment(StoredFile, TimeStamped):
    """A paper or a picture that goes with a posting, seen by whoever sees the posting."""

    posting = models.ForeignKey(
        Posting, models.PROTECT, related_name="attachments", verbose_name=_("posting")
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("added by"),
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [
            models.UniqueConstraint(fields=["posting", "digest"], name="postings_attachment_once")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("postings:attachment_download", self.pk)
