from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.addresses import address_of
from apps.core.files import StoredFile
from apps.pairings.models.pairing import Pairing
from apps.pairings.querysets import OfTheRoomQuerySet


class Agreement(StoredFile):
    """What the two cities signed, for them and for those who decide."""

    pairing = models.ForeignKey(
        Pairing, models.PROTECT, related_name="agreements", verbose_name=_("pairing")
    )
    signed_on = models.DateField(_("signed on"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added"))

    objects = OfTheRoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("pairings:agreement_download", self.pk)
