from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.cities.models import City
from apps.core.addresses import address_of
from apps.core.models import TimeStamped
from apps.core.states import Stateful, state_is_known
from apps.pairings.consent import Consent
from apps.pairings.querysets import PairingQuerySet, PairingRuleQuerySet
from apps.pairings.states import LIVE, PAIRING_MOVES, PairingState


class Pairing(Stateful, TimeStamped):
    """The one-to-one mutual-assistance bond of two cities; its two sides hold the cities."""

    MOVES = PAIRING_MOVES

    state = models.CharField(
        _("state"),
        max_length=16,
        choices=PairingState,
        default=PairingState.PROPOSED,
        editable=False,
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("proposed by"),
        help_text=_("Empty: a round proposed it."),
    )
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
    expires_at = models.DateTimeField(_("expires"), null=True, editable=False)
    active_since = models.DateTimeField(_("active since"), null=True, editable=False)
    term_until = models.DateField(_("agreed until"), null=True, blank=True)
    review_on = models.DateField(_("next review"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)

    objects = PairingQuerySet.as_manager()

    class Meta:
        verbose_name = _("pairing")
        verbose_name_plural = _("pairings")
        constraints = [
            state_is_known("pairings_pairing", PairingState),
            models.CheckConstraint(
                name="pairings_pairing_reviewed_within_its_term",
                condition=Q(review_on__isnull=True)
                | Q(term_until__isnull=True)
                | Q(review_on__lte=F("term_until")),
            ),
        ]
        indexes = [models.Index(fields=["state", "expires_at"], name="pairing_state_expires")]

    def __str__(self) -> str:
        return self.label(*self.cities)

    @staticmethod
    def label(*cities: object) -> str:
        """The name of a pairing, by those of its cities, the left one first."""
        return " – ".join(str(city) for city in cities)

    def get_absolute_url(self) -> str:
        return address_of("dashboard:pairing_detail", self.pk)

    @property
    def ordered_sides(self) -> "list[PairingSide]":
        return sorted(self.sides.all(), key=lambda side: side.position)

    @property
    def cities(self) -> list[City]:
        """Both cities, the left one first."""
        return [side.city for side in self.ordered_sides]

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    def counterpart_of(self, city: City) -> City:
        """The other city of this pairing."""
        one, other = self.cities
        return other if city.pk == one.pk else one


class PairingSide(Consent):
    """One city's place in a pairing, and its answer. While the pairing lives, so does the place:
    the database allows a city one live place."""

    pairing = models.ForeignKey(  # the unique constraints are its index
        Pairing, models.CASCADE, related_name="sides", db_index=False, verbose_name=_("pairing")
    )
    position = models.PositiveSmallIntegerField(_("side"))
    city = models.ForeignKey(
        City, models.PROTECT, related_name="pairing_sides", verbose_name=_("city")
    )
    live = models.BooleanField(_("live"), default=False, editable=False)
    read_up_to = models.PositiveBigIntegerField(
        _("messages read up to number"), default=0, editable=False
    )

    class Meta:
        verbose_name = _("side")
        verbose_name_plural = _("sides")
        constraints = [
            models.UniqueConstraint(
                fields=["city"], condition=Q(live=True), name="pairings_side_one_live_per_city"
            ),
            models.UniqueConstraint(
                fields=["pairing", "position"], name="pairings_side_position_once"
            ),
            models.UniqueConstraint(fields=["pairing", "city"], name="pairings_side_city_once"),
            models.CheckConstraint(
                name="pairings_side_left_or_right", condition=Q(position__in=[0, 1])
            ),
        ]

    def __str__(self) -> str:
        return str(self.city)


class RuleKind(models.TextChoices):
    PIN = "pin", _("must pair")
    FORBID = "forbid", _("must not pair")


class PairingRule(TimeStamped):
    """An administrator's word to the engine about two cities; lifted rules stay on record."""

    kind = models.CharField(_("kind"), max_length=8, choices=RuleKind)
    city_a = models.ForeignKey(City, models.PROTECT, related_name="+", verbose_name=_("city"))
    city_b = models.ForeignKey(City, models.PROTECT, related_name="+", verbose_name=_("other city"))
    reason = models.CharField(_("reason"), max_length=300)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("set by"),
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True, editable=False)

    objects = PairingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("pin or forbid")
        verbose_name_plural = _("pins and forbids")
        constraints = [
            models.CheckConstraint(
                name="pairings_rule_smaller_id_first", condition=Q(city_a__lt=F("city_b"))
            ),
            models.UniqueConstraint(
                fields=["city_a", "city_b"],
                condition=Q(lifted_at__isnull=True),
                name="pairings_rule_one_in_force_per_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city_a} – {self.city_b}: {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return address_of("admin:pairings_pairingrule_change", self.pk)
