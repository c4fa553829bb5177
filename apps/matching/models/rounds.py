"""Rounds, and what they said about the pairings they proposed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.addresses import address_of
from apps.core.models import TimeStamped
from apps.core.states import Stateful, one_at_a_time, state_is_known
from apps.matching.querysets import RoundQuerySet
from apps.matching.states import ROUND_MOVES, RoundState
from apps.pairings.models import Pairing


class Round(Stateful, TimeStamped):
    """One run of the engine over a frozen snapshot, kept so that it can be replayed to the byte.

    `snapshot` and `result` are canonical JSON text, stored once and never edited.
    """

    MOVES = ROUND_MOVES

    state = models.CharField(
        _("state"), max_length=16, choices=RoundState, default=RoundState.OPEN, editable=False
    )
    is_dry_run = models.BooleanField(
        _("dry run"), default=False, help_text=_("Computes and shows; proposes nothing.")
    )
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    choice_reason = models.TextField(_("reason for this choice"), blank=True, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("opened by"),
    )
    retry_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="retries",
        editable=False,
        verbose_name=_("run again after"),
    )
    started_at = models.DateTimeField(_("started at"), null=True, editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, editable=False)
    lease_until = models.DateTimeField(_("lease until"), null=True, editable=False)
    phase = models.CharField(_("phase"), max_length=32, blank=True, editable=False)
    progress = models.PositiveSmallIntegerField(_("progress, %"), default=0, editable=False)
    snapshot = models.TextField(_("snapshot"), blank=True, editable=False)
    snapshot_hash = models.CharField(
        _("hash of the snapshot"), max_length=64, blank=True, editable=False
    )
    engine_version = models.CharField(
        _("version of the engine"), max_length=16, blank=True, editable=False
    )
    result = models.TextField(_("result"), blank=True, editable=False)
    summary = models.JSONField(_("summary"), default=dict, blank=True, editable=False)
    error = models.TextField(_("error"), blank=True, editable=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints = [
            state_is_known("matching_round", RoundState),
            *one_at_a_time("matching_round"),
        ]

    def __str__(self) -> str:
        return gettext("Round %(number)d") % {"number": self.pk or 0}

    def get_absolute_url(self) -> str:
        return address_of("matching:round_detail", self.pk)

    @property
    def seconds(self) -> int | None:
        """How long it took."""
        if self.started_at is None or self.finished_at is None:
            return None
        return round((self.finished_at - self.started_at).total_seconds())

    @property
    def is_underway(self) -> bool:
        return self.state in (RoundState.OPEN, RoundState.RUNNING)


class PairingProposal(models.Model):
    """What a round said about a pairing it proposed."""

    round = models.ForeignKey(
        Round, models.PROTECT, related_name="pairing_proposals", verbose_name=_("round")
    )
    pairing = models.OneToOneField(
        Pairing, models.PROTECT, related_name="proposal", verbose_name=_("pairing")
    )
    score = models.PositiveIntegerField(_("score"), help_text=_("In millionths."))
    reasons = models.JSONField(_("reasons"), default=list)

    class Meta:
        verbose_name = _("proposal of a pairing")
        verbose_name_plural = _("proposals of pairings")

    def __str__(self) -> str:
        return f"{self.pairing} ({self.score / 10_000:.0f} %)"
