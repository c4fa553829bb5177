from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.audit.querysets import AuditQuerySet
from apps.audit.words import verb_word
from apps.core.models import AppendOnly


class AuditEntry(AppendOnly):
    """One change of one subject, which it names by kind ("matching.match") and id."""

    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    verb = models.CharField(_("verb"), max_length=32)
    subject_kind = models.CharField(_("subject"), max_length=64)
    subject_id = models.CharField(_("number"), max_length=64)
    subject_label = models.CharField(_("name at that time"), max_length=300)
    before = models.CharField(_("before"), max_length=200, blank=True)
    after = models.CharField(_("after"), max_length=200, blank=True)
    reason = models.TextField(_("why"), blank=True)

    objects: ClassVar[Any] = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="audit_entry_subject"),
            models.Index(fields=["-at"], name="audit_entry_at"),
        ]

    def __str__(self) -> str:
        return f"{verb_word(self.verb)} {self.subject_label}"
