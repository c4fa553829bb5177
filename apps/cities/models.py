from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from django_countries.fields import CountryField

from apps.accounts.models import validate_time_zone
from apps.cities.querysets import CityQuerySet, LiaisonQuerySet, SisterTieQuerySet
from apps.cities.search import SearchText
from apps.cities.states import LIAISON_MOVES, LiaisonState
from apps.core.addresses import address_of
from apps.core.models import TimeStamped
from apps.core.states import Stateful, state_is_known


class Level(models.TextChoices):
    CITY = "city", _("city")
    STATE = "state", _("province or state")
    COUNTRY = "country", _("country")


class City(TimeStamped):
    """A place on the platform. `code` is its lasting key: us-tx-san-antonio, cn-js-wuxi, cn-js."""

    code = models.SlugField(_("code"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=120)
    country = CountryField(_("country"))
    level = models.CharField(_("level"), max_length=8, choices=Level)
    kind = models.CharField(_("kind"), max_length=32, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    acts = models.BooleanField(
        _("acts"),
        default=True,
        help_text=_(
            "Posts and pairs. Countries do not act; of a municipality only the city row does."
        ),
    )
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    population = models.PositiveBigIntegerField(_("population"), null=True, blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, validators=[validate_time_zone]
    )
    about = models.TextField(_("description"), blank=True)
    note = models.CharField(_("note on the data"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=400, blank=True)
    search_text = SearchText()

    objects = CityQuerySet.as_manager()

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        constraints = [
            models.CheckConstraint(
                name="cities_city_level_known", condition=Q(level__in=["city", "state", "country"])
            ),
            models.CheckConstraint(
                name="cities_city_country_never_acts", condition=~Q(level="country", acts=True)
            ),
            models.CheckConstraint(
                name="cities_city_not_its_own_parent", condition=~Q(parent=F("id"))
            ),
            models.CheckConstraint(
                name="cities_city_on_the_globe",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("dashboard:city_detail", self.code)

    @property
    def lookup_note(self) -> str:
        """Where the city is, to tell it from others of its name."""
        return ", ".join(
            [*([str(self.parent)] if self.parent else []), countries.name(self.country)]
        )


class TieStatus(models.TextChoices):
    LISTED_2026 = "listed_2026", _("listed in 2026")
    LISTED_2025 = "listed_2025", _("listed in 2025 by one aggregator")
    LISTED_2023 = "listed_2023", _("listed in 2023")
    LISTED_2016 = "listed_2016", _("listed in 2016 in one dataset")
    REPORTED = "reported", _("reported by a named page")
    FRIENDSHIP_STATE = "friendship_state", _("friendship state")
    FRIENDLY_EXCHANGE = "friendly_exchange", _("friendly exchange")
    MEMORANDUM = "memorandum", _("partnership memorandum")
    UNCERTAIN = "uncertain", _("uncertain")
    ENDED = "ended", _("ended")


class Confidence(models.TextChoices):
    HIGH = "high", _("high")
    MEDIUM = "medium", _("medium")
    LOW = "low", _("low")


class SisterTie(TimeStamped):
    """An existing sister-city or sister-state agreement; `city_a` is the one with the smaller id, so that a tie stands once."""

    COUNTS_FOR_NOTHING = (TieStatus.UNCERTAIN, TieStatus.ENDED)

    code = models.SlugField(_("code"), max_length=140, unique=True)
    city_a = models.ForeignKey(City, models.PROTECT, related_name="+", verbose_name=_("city"))
    city_b = models.ForeignKey(City, models.PROTECT, related_name="+", verbose_name=_("city"))
    status = models.CharField(_("status"), max_length=20, choices=TieStatus)
    confidence = models.CharField(_("confidence"), max_length=8, choices=Confidence)
    year = models.PositiveSmallIntegerField(_("year of the agreement"), null=True, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=400, blank=True)

    objects = SisterTieQuerySet.as_manager()

    class Meta:
        verbose_name = _("sister tie")
        verbose_name_plural = _("sister ties")
        constraints = [
            models.UniqueConstraint(fields=["city_a", "city_b"], name="cities_sistertie_once"),
            models.CheckConstraint(
                name="cities_sistertie_smaller_id_first", condition=Q(city_a__lt=F("city_b"))
            ),
            models.CheckConstraint(
                name="cities_sistertie_status_known", condition=Q(status__in=TieStatus.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city_a} – {self.city_b}"

    @property
    def counts(self) -> bool:
        """Whether the tie scores: ended and uncertain ones are shown and score nothing."""
        return self.status not in self.COUNTS_FOR_NOTHING

    def other(self, city: City) -> City:
        return self.city_b if city.pk == self.city_a_id else self.city_a


class Liaison(Stateful, TimeStamped):
    """A person speaking for a city: asked for by the person, confirmed by a coordinator."""

    MOVES = LIAISON_MOVES

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="liaisons", verbose_name=_("person")
    )
    city = models.ForeignKey(City, models.PROTECT, related_name="liaisons", verbose_name=_("city"))
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=LiaisonState,
        default=LiaisonState.REQUESTED,
        editable=False,
    )
    office = models.CharField(
        _("office and position"),
        max_length=200,
        help_text=_("For example: Foreign Affairs Office, section chief"),
    )
    office_email = models.EmailField(_("office e-mail"), blank=True)
    office_phone = models.CharField(_("office telephone"), max_length=40, blank=True)
    statement = models.TextField(
        _("how the city can confirm this"),
        blank=True,
        help_text=_("For example a page of the city that names you, or whom to call."),
    )
    is_lead = models.BooleanField(_("lead officer"), default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("decided by"),
    )

    objects = LiaisonQuerySet.as_manager()

    class Meta:
        verbose_name = _("liaison officer")
        verbose_name_plural = _("liaison officers")
        constraints = [
            state_is_known("cities_liaison", LiaisonState),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state__in=["requested", "confirmed"]),
                name="cities_liaison_one_city_per_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.city}"

    def get_absolute_url(self) -> str:
        return address_of("cities:liaison_detail", self.pk)
