from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.audit.services import record
from apps.core.errors import DomainError
from apps.pairings.models import Agreement, Pairing


@transaction.atomic
def add_agreement(
    pairing: Pairing, *, by: User, now: datetime, file: Any, signed_on: date
) -> Agreement:
    """Keep what the two cities signed; `file` is an upload that `UploadField` has cleaned."""
    require(by, "pairings.add_agreement", pairing)
    if pairing.active_since is None:
        raise DomainError(_("Only a pairing that both cities accepted has an agreement."))
    if signed_on > now.date():
        raise DomainError(
            _("The date %(date)s is in the future.") % {"date": signed_on}, "signed_on"
        )
    fields = {"signed_on": signed_on, "added_by": by, "added_at": now}
    agreement: Agreement = Agreement.of(file, pairing=pairing, **fields)
    agreement.save()
    record(by, "add_agreement", pairing, at=now, after=agreement.name)
    return agreement
