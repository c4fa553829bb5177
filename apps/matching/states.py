from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.states import moves


class RoundState(models.TextChoices):
    OPEN = "open", _("waiting to start")
    RUNNING = "running", _("running")
    FINISHED = "finished", _("finished")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


ROUND_MOVES = moves(
    RoundState,
    {
        RoundState.OPEN: [RoundState.RUNNING, RoundState.CANCELLED],
        RoundState.RUNNING: [RoundState.FINISHED, RoundState.FAILED, RoundState.CANCELLED],
    },
)


class ReplayState(models.TextChoices):
    OPEN = "open", _("waiting to start")
    RUNNING = "running", _("running")
    SAME = "same", _("the same, byte for byte")
    DIFFERENT = "different", _("the result differs")
    FAILED = "failed", _("failed")


REPLAY_MOVES = moves(
    ReplayState,
    {
        ReplayState.OPEN: [ReplayState.RUNNING],
        ReplayState.RUNNING: [ReplayState.SAME, ReplayState.DIFFERENT, ReplayState.FAILED],
    },
)


class MatchState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("waiting for the cities")
    REJECTED = "rejected", _("rejected")
    EXPIRED = "expired", _("expired")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    CANCELLED = "cancelled", _("cancelled")
    COMPLETED = "completed", _("completed")


# An approval goes back to proposed while it can be undone: for some seconds, before anybody is told.
MATCH_MOVES = moves(
    MatchState,
    {
        MatchState.PROPOSED: [MatchState.APPROVED, MatchState.REJECTED, MatchState.EXPIRED],
        MatchState.APPROVED: [
            MatchState.PROPOSED,
            MatchState.ACCEPTED,
            MatchState.DECLINED,
            MatchState.EXPIRED,
            MatchState.CANCELLED,
        ],
        MatchState.ACCEPTED: [MatchState.COMPLETED, MatchState.CANCELLED],
    },
)

RESERVING = (MatchState.APPROVED, MatchState.ACCEPTED)
WITH_CONTACTS = (MatchState.ACCEPTED, MatchState.COMPLETED)
