from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.states import moves


class GiftState(models.TextChoices):
    RECORDED = "recorded", _("one side only")
    CONFIRMED = "confirmed", _("confirmed")
    WITHDRAWN = "withdrawn", _("withdrawn")


GIFT_MOVES = moves(GiftState, {GiftState.RECORDED: [GiftState.CONFIRMED, GiftState.WITHDRAWN]})


class QuestionState(models.TextChoices):
    ASKED = "asked", _("waiting for an answer")
    ANSWERED = "answered", _("answered")
    REFUSED = "refused", _("refused")


QUESTION_MOVES = moves(
    QuestionState, {QuestionState.ASKED: [QuestionState.ANSWERED, QuestionState.REFUSED]}
)


class OutsideState(models.TextChoices):
    OFFERED = "offered", _("waiting for the city")
    ADOPTED = "adopted", _("adopted by the city")
    DECLINED = "declined", _("declined")


OUTSIDE_MOVES = moves(
    OutsideState, {OutsideState.OFFERED: [OutsideState.ADOPTED, OutsideState.DECLINED]}
)
