"""Matches and the two cities of each."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.cities.models import City
from apps.core.addresses import address_of
from apps.core.models import TimeStamped
from apps.core.states import Stateful, state_is_known
from apps.matching.models.rounds import Round
from apps.matching.querysets import MatchQuerySet
from apps.matching.states import MATCH_MOVES, MatchState
from apps.pairings.consent import Consent
from apps.postings.models import Posting


class Via(models.TextChoices):
    """Which bond the engine followed from the offer to the need."""

    COUNTERPART = "counterpart", _("counterpart")
    TIE = "tie", _("sister tie")
    STATE_TIE = "state_tie", _("tie of their provinces or states")
    NETWORK = "network", _("network")


class Match(Stateful, TimeStamped):
    """A quantity of one offer set against one need, in the need's base unit."""

    MOVES = MATCH_MOVES

    round = models.ForeignKey(  # the unique constraint is its index
        Round, models.PROTECT, related_name="matches", db_index=False, verbose_name=_("round")
    )
    need = models.ForeignKey(
        Posting, models.PROTECT, related_name="matches_in", verbose_name=_("need")
    )
    offer = models.ForeignKey(
        Posting, models.PROTECT, related_name="matches_out", verbose_name=_("offer")
    )
    state = models.CharField(
        _("state"), max_length=16, choices=MatchState, default=MatchState.PROPOSED, editable=False
    )
    proposed_quantity = models.PositiveBigIntegerField(_("proposed quantity"), editable=False)
    quantity = models.PositiveBigIntegerField(_("quantity"), editable=False)
    dispatched = models.PositiveBigIntegerField(_("dispatched"), default=0, editable=False)
    received = models.PositiveBigIntegerField(_("received"), default=0, editable=False)
    via = models.CharField(_("by way of"), max_length=12, choices=Via, editable=False)
    reasons = models.JSONField(_("reasons"), default=list, editable=False)
    need_version = models.PositiveIntegerField(_("version of the need"), editable=False)
    offer_version = models.PositiveIntegerField(_("version of the offer"), editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decision_reason = models.CharField(
        _("reason of the decision"), max_length=500, blank=True, editable=False
    )
    expires_at = models.DateTimeField(_("expires"), null=True, editable=False)
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        constraints = [
            state_is_known("matching_match", MatchState),
            models.UniqueConstraint(
                fields=["round", "need", "offer"], name="matching_match_once_per_round"
            ),
            models.CheckConstraint(
                name="matching_match_quantity_positive", condition=Q(quantity__gt=0)
            ),
            models.CheckConstraint(
                name="matching_match_never_over_dispatched",
                condition=Q(dispatched__lte=F("quantity"), received__lte=F("dispatched")),
            ),
            models.CheckConstraint(
                name="matching_match_need_is_not_offer", condition=~Q(need=F("offer"))
            ),
        ]
        indexes = [
            models.Index(fields=["state", "expires_at"], name="match_state_expires"),
            models.Index(fields=["-state_since", "-id"], name="match_latest"),
            models.Index(fields=["round", "-quantity", "id"], name="match_largest"),
        ]

    def __str__(self) -> str:
        return self.label(self.offer.city, self.need.city, self.need.item)

    @staticmethod
    def label(giver: object, receiver: object, item: object) -> str:
        """The name of a match, by those of its cities and of what is needed."""
        return f"{giver} → {receiver}: {item}"

    def get_absolute_url(self) -> str:
        return address_of("dashboard:match_detail", self.pk)

    @property
    def cities(self) -> list[City]:
        """The giver, then the receiver."""
        return [self.offer.city, self.need.city]

    @property
    def to_dispatch(self) -> int:
        return self.quantity - self.dispatched


class Role(models.TextChoices):
    GIVER = "giver", _("giver")
    RECEIVER = "receiver", _("receiver")


class MatchSide(Consent):
    """One city's part in a match, and its answer."""

    match = models.ForeignKey(  # the unique constraints are its index
        Match, models.CASCADE, related_name="sides", db_index=False, verbose_name=_("match")
    )
    role = models.CharField(_("role"), max_length=8, choices=Role)
    city = models.ForeignKey(
        City, models.PROTECT, related_name="match_sides", verbose_name=_("city")
    )

    class Meta:
        verbose_name = _("side")
        verbose_name_plural = _("sides")
        constraints = [
            models.UniqueConstraint(fields=["match", "role"], name="matching_side_role_once"),
            models.UniqueConstraint(fields=["match", "city"], name="matching_side_city_once"),
        ]

    def __str__(self) -> str:
        return f"{self.city} ({self.get_role_display()})"
