"""On a later day the demo's deadlines are moved, so that what waited for an answer still waits."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from apps.audit.services import record
from apps.matching.models import Match
from apps.pairings.models import Pairing
from apps.postings.dates import today_in
from apps.postings.models import Posting
from apps.seeding.demo import renew
from apps.seeding.people import REASON
from apps.seeding.story.scene import SOURCE
from apps.seeding.sync import Tally

ENDING = timedelta(days=3)
WAITING = "approved"


@transaction.atomic
def renew_story(now: datetime) -> Tally:
    """Give answers that are nearly due their whole time again, and postings about to end three days."""
    tally = Tally("demo deadlines")
    soon = now + timedelta(days=settings.REMINDER_DAYS)
    for model in (Pairing, Match):
        for waiting in model._default_manager.filter(
            is_demo=True, state=WAITING, expires_at__lte=soon
        ):
            renew_answer(waiting, now=now)
            tally.updated += 1
    for posting in Posting.objects.filter(source__startswith=SOURCE).select_related("city", "item"):
        expires_on = today_in(posting.city, now) + ENDING
        if posting.expires_on < expires_on and renew(posting, {"expires_on": expires_on}, now=now):
            tally.updated += 1
    return tally


def renew_answer(waiting: Any, *, now: datetime) -> None:
    until = now + timedelta(days=settings.ANSWER_DAYS)
    model = type(waiting)
    model._base_manager.filter(pk=waiting.pk, state=WAITING).update(expires_at=until)
    verb = f"renew_{model._meta.model_name}"
    record(None, verb, waiting, at=now, before=waiting.expires_at, after=until, reason=REASON)
