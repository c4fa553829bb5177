from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.states import moves


class DeliveryState(models.TextChoices):
    DISPATCHED = "dispatched", _("on the way")
    HELD = "held", _("held on the way")
    RECEIVED = "received", _("received")
    LOST = "lost", _("lost")


DELIVERY_MOVES = moves(
    DeliveryState,
    {
        DeliveryState.DISPATCHED: [
            DeliveryState.HELD,
            DeliveryState.RECEIVED,
            DeliveryState.LOST,
        ],
        DeliveryState.HELD: [
            DeliveryState.DISPATCHED,
            DeliveryState.RECEIVED,
            DeliveryState.LOST,
        ],
    },
)

UNDERWAY = (DeliveryState.DISPATCHED, DeliveryState.HELD)
