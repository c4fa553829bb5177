from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.cities.models import City
from apps.core.addresses import address_of
from apps.core.models import TimeStamped
from apps.core.states import Stateful, state_is_known
from apps.postings.models.catalogue import Item, Pack
from apps.postings.querysets import PostingQuerySet
from apps.postings.states import POSTING_MOVES, PostingState


class Kind(models.TextChoices):
    NEED = "need", _("need")
    OFFER = "offer", _("offer")


class Urgency(models.IntegerChoices):
    """Tiers of a need: a lower number comes first in a round."""

    CRITICAL = 1, _("critical")
    URGENT = 2, _("urgent")
    SOON = 3, _("soon")
    PLANNED = 4, _("for later")


class Posting(Stateful, TimeStamped):
    """What a city needs or offers: an item, a quantity in its base unit, and dates.

    `allocated` is what live matches reserve or have used up; `fulfilled`, within it, what a need has
    received or an offer has dispatched. An offer of knowledge has no quantity and reserves nothing.
    """

    MOVES = POSTING_MOVES

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    city = models.ForeignKey(City, models.PROTECT, related_name="postings", verbose_name=_("city"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="postings", verbose_name=_("item"))
    state = models.CharField(
        _("state"), max_length=16, choices=PostingState, default=PostingState.DRAFT, editable=False
    )
    quantity = models.PositiveBigIntegerField(_("quantity"), null=True, blank=True)
    entered_quantity = models.PositiveBigIntegerField(
        _("quantity as entered"), null=True, blank=True
    )
    pack = models.ForeignKey(
        Pack, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pack")
    )
    allocated = models.PositiveBigIntegerField(_("allocated"), default=0, editable=False)
    fulfilled = models.PositiveBigIntegerField(_("fulfilled"), default=0, editable=False)
    smallest_lot = models.PositiveBigIntegerField(_("smallest useful quantity"), default=1)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Urgency, null=True, blank=True)
    needed_by = models.DateField(_("needed by"), null=True, blank=True)
    available_from = models.DateField(_("available from"), null=True, blank=True)
    available_until = models.DateField(_("available until"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"))
    details = models.TextField(_("details"), blank=True)
    language = models.CharField(
        _("language of the details"), max_length=8, choices=settings.LANGUAGES, default="en"
    )
    details_translation = models.TextField(_("translation of the details"), blank=True)
    translation_language = models.CharField(
        _("language of the translation"), max_length=8, choices=settings.LANGUAGES, blank=True
    )
    substitutes = models.ManyToManyField(
        Item, blank=True, related_name="+", verbose_name=_("accepted substitutes")
    )
    excluded_cities = models.ManyToManyField(
        City, blank=True, related_name="+", verbose_name=_("cities it cannot go to")
    )
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("posted by"),
    )
    opened_at = models.DateTimeField(_("published"), null=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    submission = models.UUIDField(null=True, unique=True, editable=False)
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)
    source = models.CharField(_("source"), max_length=120, blank=True, editable=False)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [
            state_is_known("postings_posting", PostingState),
            models.CheckConstraint(
                name="postings_posting_never_over_allocated",
                condition=Q(quantity__isnull=True, allocated=0, fulfilled=0)
                | Q(allocated__lte=F("quantity"), fulfilled__lte=F("allocated")),
            ),
            models.CheckConstraint(
                name="postings_posting_quantity_positive",
                condition=Q(quantity__isnull=True) | Q(quantity__gt=0),
            ),
            models.CheckConstraint(
                name="postings_posting_need_says_how_much_and_how_urgent",
                condition=Q(kind="need", quantity__isnull=False, urgency__in=[1, 2, 3, 4])
                | Q(kind="offer", urgency__isnull=True),
            ),
            models.CheckConstraint(
                name="postings_posting_lot_within_quantity",
                condition=Q(smallest_lot__gte=1)
                & (Q(quantity__isnull=True) | Q(smallest_lot__lte=F("quantity"))),
            ),
            models.CheckConstraint(
                name="postings_posting_available_in_order",
                condition=Q(available_from__isnull=True)
                | Q(available_until__isnull=True)
                | Q(available_from__lte=F("available_until")),
            ),
            models.CheckConstraint(
                name="postings_posting_translation_says_its_language",
                condition=Q(details_translation="", translation_language="")
                | (
                    ~Q(details_translation="")
                    & ~Q(translation_language="")
                    & ~Q(translation_language=F("language"))
                ),
            ),
            models.UniqueConstraint(
                fields=["source"], condition=~Q(source=""), name="postings_posting_source_once"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "kind", "item"], name="posting_state_kind_item"),
            models.Index(fields=["-opened_at", "-id"], name="posting_opened"),
            models.Index(  # what the sums of the open ones read, without the rows themselves
                fields=["city", "kind"],
                include=["item", "urgency", "needed_by", "quantity", "allocated"],
                condition=Q(state=PostingState.OPEN),
                name="posting_open_of_city",
            ),
            models.Index(fields=["id"], condition=Q(is_demo=True), name="posting_demo"),
            models.Index(fields=["urgency", "needed_by"], name="posting_pressing"),
        ]

    def __str__(self) -> str:
        return f"{self.city}: {self.item}"

    def get_absolute_url(self) -> str:
        return address_of("dashboard:posting_detail", self.pk)

    @property
    def is_need(self) -> bool:
        return self.kind == Kind.NEED

    @property
    def free(self) -> int | None:
        """What no match has reserved; None for an offer without a quantity."""
        return None if self.quantity is None else self.quantity - self.allocated
