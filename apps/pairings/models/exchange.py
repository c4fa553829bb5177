from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.cities.models import City
from apps.core.addresses import address_of
from apps.core.models import TimeStamped
from apps.core.states import Stateful, state_is_known
from apps.ledger.models import DatePrecision, Party
from apps.pairings.models.pairing import Pairing
from apps.pairings.querysets import ExchangeQuerySet
from apps.pairings.states import EXCHANGE_MOVES, ExchangeState


class ExchangeKind(models.TextChoices):
    LETTER = "letter", _("letter")
    RESOLUTION = "resolution", _("resolution")
    CALL = "call", _("call")
    VIDEO_CONFERENCE = "video_conference", _("video conference")
    VISIT = "visit", _("visit")
    EXPERT_SESSION = "expert_session", _("expert session")
    WEBINAR = "webinar", _("webinar")
    PLATFORM = "platform", _("platform")
    BRIEFING = "briefing", _("briefing")
    OTHER = "other", _("exchange, form not stated")


class Exchange(Stateful, TimeStamped):
    """A letter, call, conference, visit or session, planned or held.

    On the platform it joins two or more cities; historic ones from a report may name fewer places and
    further participants in words.
    """

    MOVES = EXCHANGE_MOVES

    kind = models.CharField(_("kind"), max_length=20, choices=ExchangeKind)
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=ExchangeState,
        default=ExchangeState.PLANNED,
        editable=False,
    )
    cities = models.ManyToManyField(
        City, blank=True, related_name="exchanges", verbose_name=_("cities")
    )
    parties = models.ManyToManyField(
        Party, blank=True, related_name="exchanges", verbose_name=_("further parties")
    )
    pairing = models.ForeignKey(
        Pairing,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="exchanges",
        verbose_name=_("pairing"),
    )
    subject = models.CharField(_("subject"), max_length=300)
    participants = models.CharField(_("participants in words"), max_length=300, blank=True)
    count = models.PositiveIntegerField(_("how many"), default=1)
    is_about = models.BooleanField(_("number is approximate"), default=False)
    takes_place_on = models.DateField(_("date"), null=True, blank=True)
    precision = models.CharField(
        _("date is"), max_length=12, choices=DatePrecision, default=DatePrecision.DAY
    )
    date_note = models.CharField(_("note on the date"), max_length=120, blank=True)
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    link = models.URLField(
        _("link to join"), max_length=500, blank=True, help_text=_("For those who take part only.")
    )
    source = models.CharField(_("source"), max_length=200, blank=True)
    code = models.CharField(_("source number"), max_length=32, unique=True, null=True, blank=True)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("entered by"),
    )
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)

    objects = ExchangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("exchange")
        verbose_name_plural = _("exchanges")
        constraints = [
            state_is_known("pairings_exchange", ExchangeState),
            models.CheckConstraint(
                name="pairings_exchange_link_is_https",
                condition=Q(link="") | Q(link__startswith="https://"),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return address_of("pairings:exchange_detail", self.pk)

    @property
    def ends_at(self) -> datetime | None:
        if self.starts_at is None or self.minutes is None:
            return None
        return self.starts_at + timedelta(minutes=self.minutes)
