from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone

from apps.audit.models import AuditEntry
from apps.core.models import AppendOnlyError
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

ATTEMPTS: dict[str, Callable[[AuditEntry], object]] = {
    "save": lambda entry: entry.save(),
    "save of one column": lambda entry: entry.save(update_fields=["verb"]),
    "delete": lambda entry: entry.delete(),
    "update": lambda entry: AuditEntry.objects.update(verb="forged"),
    "update of one": lambda entry: AuditEntry.objects.filter(pk=entry.pk).update(verb="forged"),
    "bulk_update": lambda entry: AuditEntry.objects.bulk_update([entry], ["verb"]),
    "update_or_create": lambda entry: AuditEntry.objects.update_or_create(
        pk=entry.pk, defaults={"verb": "forged"}
    ),
    "delete of all": lambda entry: AuditEntry.objects.all().delete(),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_append_only_row_is_not_touched_when_somebody_tries(attempt):
    entry = AuditEntry.objects.create(
        at=timezone.now(), verb="approve", subject_kind="a.b", subject_id="1", subject_label="B 1"
    )
    entry.verb = "forged"

    with nothing_changes(), pytest.raises(AppendOnlyError), transaction.atomic():
        ATTEMPTS[attempt](entry)
