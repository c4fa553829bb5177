"""The typed catalogue: what can be needed and offered, in which unit, under which names."""

from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import TimeStamped


class Unit(models.TextChoices):
    """Base units: every quantity is a whole number of one of them."""

    PIECE = "piece", _("pieces")
    PAIR = "pair", _("pairs")
    SET = "set", _("sets")
    KIT = "kit", _("kits")
    PACK = "pack", _("packs")
    DOSE = "dose", _("doses")
    ML = "ml", _("ml")
    GRAM = "g", _("g")
    VEHICLE = "vehicle", _("vehicles")
    CNY = "cny", _("CNY")
    USD = "usd", _("USD")
    PERSON = "person", _("persons")
    SESSION = "session", _("sessions")
    COURSE = "course", _("courses")
    DOCUMENT = "document", _("documents")
    DATASET = "dataset", _("data sets")
    LETTER = "letter", _("letters")
    PROJECT = "project", _("projects")
    PROGRAMME = "programme", _("programmes")
    SYSTEM = "system", _("systems")
    SHIPMENT = "shipment", _("shipments")
    CASE = "case", _("cases")
    MONTH = "month", _("months")
    LINE = "line", _("production lines")


ONE = {
    Unit.PIECE: _("piece"),
    Unit.PAIR: _("pair"),
    Unit.SET: _("set"),
    Unit.KIT: _("kit"),
    Unit.PACK: _("pack"),
    Unit.DOSE: _("dose"),
    Unit.VEHICLE: _("vehicle"),
    Unit.PERSON: _("person"),
    Unit.SESSION: _("session"),
    Unit.COURSE: _("course"),
    Unit.DOCUMENT: _("document"),
    Unit.DATASET: _("data set"),
    Unit.LETTER: _("letter"),
    Unit.PROJECT: _("project"),
    Unit.PROGRAMME: _("programme"),
    Unit.SYSTEM: _("system"),
    Unit.SHIPMENT: _("shipment"),
    Unit.CASE: _("case"),
    Unit.MONTH: _("month"),
    Unit.LINE: _("production line"),
}
"""What a single one is called, where that differs."""


class Category(models.Model):
    """A family of items; remote help needs no transport and counts as a topic of exchange."""

    code = models.SlugField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=80)
    is_material = models.BooleanField(_("goods"), default=True)
    rank = models.PositiveSmallIntegerField(_("place in lists"), default=0)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name


class Item(TimeStamped):
    code = models.SlugField(_("code"), max_length=48, unique=True)
    name = models.CharField(_("name"), max_length=120)
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="items", verbose_name=_("category")
    )
    unit = models.CharField(
        _("unit"),
        max_length=12,
        choices=Unit,
        help_text=_(
            "Fixed once a posting, pack, gift or entry counts in it: their numbers would come to mean"
            " something else."
        ),
    )
    is_knowledge = models.BooleanField(
        _("knowledge"),
        default=False,
        help_text=_("Can be offered without a quantity: a manual or a recording serves everybody."),
    )
    transport_days = models.PositiveSmallIntegerField(
        _("transport days"), default=0, help_text=_("An assumption; 0 for remote help.")
    )
    usual_quantity = models.PositiveBigIntegerField(
        _("largest usual quantity"),
        null=True,
        blank=True,
        help_text=_("Above this the form asks whether the number is right."),
    )
    hs2017 = models.CharField(_("HS code (2017)"), max_length=7, blank=True)
    hs2022 = models.CharField(_("HS code (2022)"), max_length=7, blank=True)
    unit_weight_g = models.PositiveIntegerField(_("weight of a unit, g"), null=True, blank=True)
    unit_volume_ml = models.PositiveIntegerField(_("volume of a unit, ml"), null=True, blank=True)
    is_listed = models.BooleanField(_("can be chosen"), default=True)
    substitutes = models.ManyToManyField(
        "self",
        blank=True,
        verbose_name=_("usual substitutes"),
        help_text=_("Offered as a choice on a need; counted one to one in the same unit."),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")

    @property
    def is_counted(self) -> bool:
        """Whether any row but its other names refers to it, and so to its unit."""
        return any(
            relation.related_model._base_manager.filter(**{relation.field.name: self}).exists()
            for relation in self._meta.get_fields(include_hidden=True)
            if isinstance(relation, models.ManyToOneRel) and relation.related_model is not Synonym
        )

    def amount(self, quantity: int) -> str:
        """The quantity with its unit: "21,200 pieces", "1 session"."""
        unit = ONE.get(Unit(self.unit)) if quantity == 1 else None
        return f"{intcomma(quantity)} {unit or self.get_unit_display()}"

    def __str__(self) -> str:
        return self.name


class Synonym(models.Model):
    """Another name under which people look for an item."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="synonyms", verbose_name=_("item"))
    language = models.CharField(
        _("language"), max_length=8, choices=[("en", "English"), ("zh-hans", "简体中文")]
    )
    text = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "language", "text"], name="postings_synonym_once"
            )
        ]

    def __str__(self) -> str:
        return self.text


class Pack(models.Model):
    """A trade unit of an item: a box of 50 pieces."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="packs", verbose_name=_("item"))
    code = models.SlugField(_("code"), max_length=32)
    name = models.CharField(_("name"), max_length=80)
    units = models.PositiveIntegerField(_("units per pack"), validators=[MinValueValidator(1)])
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("pack")
        verbose_name_plural = _("packs")
        constraints = [
            models.UniqueConstraint(fields=["item", "code"], name="postings_pack_once"),
            models.CheckConstraint(name="postings_pack_holds_units", condition=Q(units__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name
