from __future__ import annotations

from django.db import models

from apps.core.models import AppendOnlyQuerySet


class AuditQuerySet(AppendOnlyQuerySet):
    def of(self, subject: models.Model) -> AuditQuerySet:
        """Everything that happened to one row."""
        return self.filter(subject_kind=subject._meta.label_lower, subject_id=str(subject.pk))
