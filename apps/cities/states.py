from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.states import moves


class LiaisonState(models.TextChoices):
    REQUESTED = "requested", _("requested")
    CONFIRMED = "confirmed", _("confirmed")
    REFUSED = "refused", _("refused")
    REMOVED = "removed", _("removed")


LIAISON_MOVES = moves(
    LiaisonState,
    {
        LiaisonState.REQUESTED: [LiaisonState.CONFIRMED, LiaisonState.REFUSED],
        LiaisonState.CONFIRMED: [LiaisonState.REMOVED],
    },
)
