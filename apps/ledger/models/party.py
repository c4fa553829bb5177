from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from apps.cities.models import City
from apps.core.models import TimeStamped


class PartyKind(models.TextChoices):
    CITY = "city", _("city")
    STATE = "state", _("province or state")
    AGENCY = "agency", _("government agency")
    COMPANY = "company", _("company")
    FOUNDATION = "foundation", _("foundation")
    HOSPITAL = "hospital", _("hospital")
    UNIVERSITY = "university", _("university or school")
    ASSOCIATION = "association", _("association")
    CHAMBER = "chamber", _("chamber of commerce")
    NGO = "ngo", _("non-governmental organisation")
    PERSON = "person", _("person")
    GROUP = "group", _("several, not itemised")


class Party(TimeStamped):
    """Who gives, receives or passes on. A person is named only with consent."""

    code = models.SlugField(_("code"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=PartyKind)
    name = models.CharField(_("name"), max_length=300)
    city = models.ForeignKey(
        City, models.PROTECT, null=True, blank=True, related_name="parties", verbose_name=_("city")
    )
    country = CountryField(_("country"), blank=True)
    may_be_named = models.BooleanField(
        _("may be named"), default=True, help_text=_("A person must have agreed.")
    )

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [
            models.CheckConstraint(
                name="ledger_party_kind_known", condition=Q(kind__in=PartyKind.values)
            ),
            models.UniqueConstraint(
                fields=["city"],
                condition=Q(kind__in=["city", "state"]),
                name="ledger_party_one_per_city",
            ),
        ]

    def __str__(self) -> str:
        if self.may_be_named:
            return self.name
        is_person = self.kind == PartyKind.PERSON
        return gettext("a person, not named") if is_person else gettext("a giver, not named")
