import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.addresses import address_of
from apps.core.models import TimeStamped
from apps.core.states import Stateful, state_is_known
from apps.ledger.models.entry import LedgerEntry
from apps.ledger.models.party import Party
from apps.ledger.querysets import GiftQuerySet
from apps.ledger.states import GIFT_MOVES, GiftState
from apps.postings.models import Item


class Gift(Stateful, TimeStamped):
    """Help given outside any match: recorded by the giver's side, confirmed by the receiver's."""

    MOVES = GIFT_MOVES

    giver = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("giver"))
    receiver = models.ForeignKey(
        Party, models.PROTECT, related_name="+", verbose_name=_("receiver")
    )
    intermediary = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("passed on by"),
    )
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    quantity = models.PositiveBigIntegerField(_("quantity"), null=True, blank=True)
    given_on = models.DateField(_("given on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=600, blank=True)
    purchased_with = models.ForeignKey(
        LedgerEntry,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("purchased with"),
        help_text=_(
            "The earlier gift of money that paid for these goods, so that totals count it once."
        ),
    )
    state = models.CharField(
        _("state"), max_length=16, choices=GiftState, default=GiftState.RECORDED, editable=False
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("recorded by"),
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("confirmed by"),
    )
    received_quantity = models.PositiveBigIntegerField(
        _("quantity received"), null=True, blank=True, editable=False
    )
    submission = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)

    objects = GiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("gift")
        verbose_name_plural = _("gifts")
        constraints = [
            state_is_known("ledger_gift", GiftState),
            models.CheckConstraint(
                name="ledger_gift_quantity_positive",
                condition=Q(quantity__isnull=True) | Q(quantity__gt=0),
            ),
            models.CheckConstraint(
                name="ledger_gift_two_parties", condition=~Q(giver=F("receiver"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver} → {self.receiver}: {self.item}"

    def get_absolute_url(self) -> str:
        return address_of("ledger:gift_detail", self.pk)
