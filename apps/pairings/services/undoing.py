"""An approval taken back while nobody has been told of it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.audit.services import transition
from apps.pairings.consent import unask_cities
from apps.pairings.models import Pairing
from apps.pairings.services.proposals import lock_pairing
from apps.pairings.services.slots import free_slots
from apps.pairings.states import PairingState


@transaction.atomic
def undo_pairing(pairing: Pairing, *, by: User, now: datetime) -> Pairing:
    """Take one's own approval back within UNDO_SECONDS, as if it had not been given: nobody was told.

    Raises DomainError if that time is over, or a city has answered.
    """
    pairing = lock_pairing(pairing)
    require(by, "pairings.undo_pairing", pairing)
    unask_cities(pairing, "pairing_approved", now=now)
    free_slots(pairing)
    transition(
        pairing,
        PairingState.PROPOSED,
        verb="undo_pairing",
        by=by,
        now=now,
        decided_by=None,
        decided_at=None,
        expires_at=pairing.created_at + timedelta(days=settings.PROPOSAL_DAYS),
    )
    return pairing
