from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.errors import DomainError
from apps.ledger.models import OutsideOffer, Question


def refuse_flood(model: type[Question | OutsideOffer], *, by: User | None, now: datetime) -> None:
    """All visitors who have not signed in share one allowance an hour; everybody else has their own."""
    since = now - timedelta(hours=1)
    if model.objects.filter(sent_by=by, created_at__gt=since).count() >= settings.VISITORS_PER_HOUR:
        raise DomainError(_("Too many have written within this hour. Please try again later."))
