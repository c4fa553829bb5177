from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.cities.models import City


class CounterpartSupport(models.Model):
    """A province's support of a city of Hubei in 2020: historic, many-to-many, never a pairing."""

    class Verification(models.TextChoices):
        VERIFIED = "verified", _("verified")
        PARTLY = "partly", _("partly verified")
        RECALLED = "recalled", _("from memory, not verified")

    province = models.ForeignKey(City, models.PROTECT, related_name="+", verbose_name=_("province"))
    city = models.ForeignKey(City, models.PROTECT, related_name="+", verbose_name=_("city"))
    announced_on = models.DateField(_("announced"))
    verification = models.CharField(_("verification"), max_length=12, choices=Verification)
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = _("counterpart support of 2020")
        verbose_name_plural = _("counterpart support of 2020")
        constraints = [
            models.UniqueConstraint(
                fields=["province", "city"], name="pairings_counterpartsupport_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.province} → {self.city}"
