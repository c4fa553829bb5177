from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.cities.models import City
from apps.core.addresses import address_of
from apps.pairings.models.pairing import Pairing
from apps.pairings.querysets import MessageQuerySet


class Message(models.Model):
    """What somebody wrote in the room of a pairing, for its two cities and the coordinators."""

    pairing = models.ForeignKey(
        Pairing, models.PROTECT, related_name="messages", verbose_name=_("pairing")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    city = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("in the name of"),
        help_text=_("Empty: a coordinator wrote it."),
    )
    text = models.TextField(_("text"), max_length=4000)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    translation = models.TextField(_("translation"), max_length=4000, blank=True)
    at = models.DateTimeField(_("written"))

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self) -> str:
        return f"{self.pairing} ({self.pk})"

    def get_absolute_url(self) -> str:
        room = address_of("dashboard:pairing_detail", self.pairing_id)
        return f"{room}#message-{self.pk}"

    @property
    def translated_into(self) -> str:
        """The language of the translation: the other one of the two."""
        codes = [code for code, __ in settings.LANGUAGES if code != self.language]
        return codes[0]
