from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.addresses import address_of
from apps.core.models import AppendOnly
from apps.ledger.models.party import Party
from apps.ledger.querysets import LedgerQuerySet
from apps.postings.models import Item


class EntryKind(models.TextChoices):
    PLEDGED = "pledged", _("pledged")
    SENT = "sent", _("sent")
    RECEIVED = "received", _("received")
    STATED = "stated", _("total stated by a source")


class Qualifier(models.TextChoices):
    EXACT = "exact", _("exact")
    ABOUT = "about", _("about")
    OVER = "over", _("more than")
    NOT_STATED = "not_stated", _("not stated")


class DatePrecision(models.TextChoices):
    DAY = "day", _("on this day")
    MONTH = "month", _("in this month")
    YEAR = "year", _("in this year")
    AS_OF = "as_of", _("listed on this day; the day of the gift is not stated")
    NOT_STATED = "not_stated", _("not stated")


class LedgerEntry(AppendOnly):
    """One line of the public record, chained to the line before it by its hash.

    A mistake is corrected by a further line that reverses it, with the quantity negated. The source is
    named by kind and id ("delivery" 12, "gift" 3, "report" d017): this floor knows none above it.
    """

    number = models.PositiveBigIntegerField(_("number"), unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=EntryKind)
    giver = models.ForeignKey(Party, models.PROTECT, related_name="given", verbose_name=_("giver"))
    receiver = models.ForeignKey(
        Party, models.PROTECT, related_name="received", verbose_name=_("receiver")
    )
    intermediary = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="passed_on",
        verbose_name=_("intermediary"),
    )
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    quantity = models.BigIntegerField(_("quantity"), null=True, blank=True)
    qualifier = models.CharField(
        _("how exact"), max_length=12, choices=Qualifier, default=Qualifier.EXACT
    )
    occurred_on = models.DateField(_("date"), null=True, blank=True)
    precision = models.CharField(
        _("date is"), max_length=12, choices=DatePrecision, default=DatePrecision.DAY
    )
    source_kind = models.CharField(_("source"), max_length=16)
    source_id = models.CharField(_("source number"), max_length=32)
    source_text = models.CharField(_("source in words"), max_length=200, blank=True)
    as_printed = models.CharField(_("as printed"), max_length=300, blank=True)
    is_ambiguous = models.BooleanField(_("reading undecided"), default=False)
    note = models.CharField(_("note"), max_length=600, blank=True)
    purchased_with = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="purchases",
        verbose_name=_("purchased with"),
    )
    reverses = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
        verbose_name=_("reverses"),
    )
    is_demo = models.BooleanField(_("demo"), default=False)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    previous_hash = models.CharField(_("hash of the entry before"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64, unique=True)

    objects: ClassVar[Any] = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [
            models.CheckConstraint(
                name="ledger_entry_kind_known", condition=Q(kind__in=EntryKind.values)
            ),
            models.CheckConstraint(
                name="ledger_entry_unknown_quantity_is_said",
                condition=Q(quantity__isnull=True, qualifier="not_stated")
                | (Q(quantity__isnull=False) & ~Q(qualifier="not_stated")),
            ),
            models.CheckConstraint(
                name="ledger_entry_only_reversals_are_negative",
                condition=Q(quantity__isnull=True)
                | Q(quantity__gt=0, reverses__isnull=True)
                | Q(quantity__lt=0, reverses__isnull=False),
            ),
            models.CheckConstraint(
                name="ledger_entry_unknown_date_is_said",
                condition=Q(occurred_on__isnull=True, precision="not_stated")
                | (Q(occurred_on__isnull=False) & ~Q(precision="not_stated")),
            ),
            models.CheckConstraint(
                name="ledger_entry_two_parties", condition=~Q(giver=F("receiver"))
            ),
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "kind"],
                condition=Q(reverses__isnull=True),
                name="ledger_entry_source_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.giver} → {self.receiver}"

    def get_absolute_url(self) -> str:
        return address_of("dashboard:entry_detail", self.number)


class LedgerHead(models.Model):
    """The last number and hash: the one row every writer locks."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        verbose_name = _("end of the ledger")

    def __str__(self) -> str:
        return str(self.number)
