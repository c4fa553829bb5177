"""Rounds solved once more, to see that the stored result is what the engine says."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.models import TimeStamped
from apps.core.states import Stateful, one_at_a_time, state_is_known
from apps.matching.models.rounds import Round
from apps.matching.states import REPLAY_MOVES, ReplayState


class Replay(Stateful, TimeStamped):
    """A stored round solved again by the worker; the state says whether every byte was the same."""

    MOVES = REPLAY_MOVES

    round = models.ForeignKey(
        Round, models.PROTECT, related_name="replays", verbose_name=_("round")
    )
    state = models.CharField(
        _("state"), max_length=16, choices=ReplayState, default=ReplayState.OPEN, editable=False
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    lease_until = models.DateTimeField(_("lease until"), null=True, editable=False)
    engine_version = models.CharField(
        _("version of the engine"), max_length=16, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("replay")
        verbose_name_plural = _("replays")
        constraints = [
            state_is_known("matching_replay", ReplayState),
            *one_at_a_time("matching_replay"),
        ]

    def __str__(self) -> str:
        return gettext("Replay of round %(number)d") % {"number": self.round_id}

    def get_absolute_url(self) -> str:
        return self.round.get_absolute_url()
