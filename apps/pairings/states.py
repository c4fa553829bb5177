from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.states import moves


class PairingState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("waiting for the cities")
    REJECTED = "rejected", _("rejected")
    EXPIRED = "expired", _("expired")
    ACTIVE = "active", _("active")
    DECLINED = "declined", _("declined")
    CANCELLED = "cancelled", _("cancelled")
    SUSPENDED = "suspended", _("suspended")
    ENDED = "ended", _("ended")


LIVE = (PairingState.APPROVED, PairingState.ACTIVE, PairingState.SUSPENDED)

# An approval goes back to proposed while it can be undone: for some seconds, before anybody is told.
PAIRING_MOVES = moves(
    PairingState,
    {
        PairingState.PROPOSED: [
            PairingState.APPROVED,
            PairingState.REJECTED,
            PairingState.EXPIRED,
        ],
        PairingState.APPROVED: [
            PairingState.PROPOSED,
            PairingState.ACTIVE,
            PairingState.DECLINED,
            PairingState.EXPIRED,
            PairingState.CANCELLED,
        ],
        PairingState.ACTIVE: [PairingState.SUSPENDED, PairingState.ENDED],
        PairingState.SUSPENDED: [PairingState.ACTIVE, PairingState.ENDED],
    },
)


class Answer(models.TextChoices):
    """What one city said to a pairing or a match."""

    NONE = "", _("no answer yet")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")


class ExchangeState(models.TextChoices):
    PLANNED = "planned", _("planned")
    HELD = "held", _("took place")
    CANCELLED = "cancelled", _("cancelled")


EXCHANGE_MOVES = moves(
    ExchangeState, {ExchangeState.PLANNED: [ExchangeState.HELD, ExchangeState.CANCELLED]}
)
