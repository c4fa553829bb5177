from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.states import moves


class GiftState(models.TextChoices):
    RECORDED = "recorded", _("one side only")
    CONFIRMED = "confirmed", _("confirmed")
    WITHDRAWN = "withdrawn", _("withdrawn")


GIFT_MOVES = moves(GiftState, {GiftState.RECORDED: [GiftState.CONFIRMED, GiftState.WITHDRAWN]})
