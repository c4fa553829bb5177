import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.addresses import address_of
from apps.core.models import TimeStamped
from apps.core.states import Stateful, state_is_known
from apps.deliveries.querysets import DeliveryQuerySet
from apps.deliveries.states import DELIVERY_MOVES, DeliveryState
from apps.ledger.models import Party
from apps.matching.models import Match


class DifferenceReason(models.TextChoices):
    NONE = "", _("no difference")
    SHORT = "short", _("fewer in the boxes than stated")
    DAMAGED = "damaged", _("damaged on the way")
    REFUSED = "refused", _("refused: not usable or not certified")
    CUSTOMS = "customs", _("kept or used by customs")
    OTHER = "other", _("other reason")


class Delivery(Stateful, TimeStamped):
    """One consignment of a match: sent by the giving city, received by the other."""

    MOVES = DELIVERY_MOVES

    match = models.ForeignKey(
        Match, models.PROTECT, related_name="deliveries", verbose_name=_("match")
    )
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=DeliveryState,
        default=DeliveryState.DISPATCHED,
        editable=False,
    )
    quantity = models.PositiveBigIntegerField(_("quantity sent"))
    dispatched_on = models.DateField(_("sent on"))
    carrier = models.CharField(_("carrier"), max_length=120, blank=True)
    tracking = models.CharField(_("tracking number"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    giver = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("given by"),
        help_text=_("If not the city itself: the company, foundation or association behind it."),
    )
    intermediary = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("passed on by"),
    )
    dispatched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("sent by"),
    )
    received_quantity = models.PositiveBigIntegerField(
        _("quantity received"), null=True, blank=True
    )
    received_on = models.DateField(_("received on"), null=True, blank=True)
    difference = models.CharField(
        _("reason of the difference"), max_length=12, choices=DifferenceReason, blank=True
    )
    difference_note = models.CharField(_("about the difference"), max_length=300, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("received by"),
    )
    submission = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            state_is_known("deliveries_delivery", DeliveryState),
            models.CheckConstraint(
                name="deliveries_delivery_quantity_positive", condition=Q(quantity__gt=0)
            ),
            models.CheckConstraint(
                name="deliveries_delivery_never_more_received_than_sent",
                condition=Q(received_quantity__isnull=True)
                | Q(received_quantity__lte=F("quantity")),
            ),
            models.CheckConstraint(
                name="deliveries_delivery_received_says_how_much",
                condition=~Q(state="received") | Q(received_quantity__isnull=False),
            ),
            models.CheckConstraint(
                name="deliveries_delivery_difference_has_a_reason",
                condition=Q(received_quantity__isnull=True)
                | Q(received_quantity=F("quantity"))
                | ~Q(difference=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.match} ({self.quantity})"

    def get_absolute_url(self) -> str:
        return address_of("deliveries:delivery_detail", self.pk)

    @property
    def missing(self) -> int:
        """Units sent that did not arrive; 0 while on the way."""
        return 0 if self.received_quantity is None else self.quantity - self.received_quantity


class HoldReason(models.TextChoices):
    CUSTOMS = "customs", _("customs")
    WEATHER = "weather", _("weather")
    OTHER = "other", _("other")


class Hold(models.Model):
    """A time a consignment was stopped; an open one has no end."""

    delivery = models.ForeignKey(
        Delivery, models.CASCADE, related_name="holds", verbose_name=_("delivery")
    )
    reason = models.CharField(_("reason"), max_length=12, choices=HoldReason)
    note = models.CharField(_("note"), max_length=300, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = [
            models.UniqueConstraint(
                fields=["delivery"],
                condition=Q(until__isnull=True),
                name="deliveries_hold_one_open_per_delivery",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.since}"

    def days(self, today: date) -> int:
        return ((self.until or today) - self.since).days


class Distribution(TimeStamped):
    """The receiving city's note of where units went: a hospital, 5,000."""

    delivery = models.ForeignKey(
        Delivery, models.PROTECT, related_name="distributions", verbose_name=_("delivery")
    )
    recipient = models.ForeignKey(
        Party, models.PROTECT, related_name="+", verbose_name=_("recipient")
    )
    quantity = models.PositiveBigIntegerField(_("quantity"))
    given_on = models.DateField(_("given on"), null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("entered by"),
    )

    class Meta:
        verbose_name = _("distribution")
        verbose_name_plural = _("distributions")
        constraints = [
            models.CheckConstraint(
                name="deliveries_distribution_quantity_positive", condition=Q(quantity__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.quantity}"
