"""What visitors send in. Who they are and how they are reached is for those who decide on it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.cities.models import City
from apps.core.addresses import address_of
from apps.core.models import TimeStamped
from apps.core.states import Stateful, state_is_known
from apps.ledger.models.entry import LedgerEntry
from apps.ledger.models.party import Party, PartyKind
from apps.ledger.querysets import OutsideOfferQuerySet, QuestionQuerySet
from apps.ledger.states import OUTSIDE_MOVES, QUESTION_MOVES, OutsideState, QuestionState
from apps.postings.models import Item, Posting


class FromVisitor(Stateful, TimeStamped):
    """`sent_by` is known of people who had signed in; `submission` is the form's own number."""

    language = models.CharField(
        _("language"), max_length=8, choices=settings.LANGUAGES, editable=False
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("sent by"),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("decided by"),
    )
    submission = models.UUIDField(unique=True, editable=False)

    class Meta:
        abstract = True


class Question(FromVisitor):
    """Somebody doubts an entry; question and answer stand on its page once it is answered."""

    MOVES = QUESTION_MOVES

    entry = models.ForeignKey(
        LedgerEntry, models.PROTECT, related_name="questions", verbose_name=_("ledger entry")
    )
    text = models.CharField(_("question"), max_length=1000)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=QuestionState,
        default=QuestionState.ASKED,
        editable=False,
    )
    answer = models.CharField(_("answer"), max_length=2000, blank=True, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question about an entry")
        verbose_name_plural = _("questions about entries")
        constraints = [
            state_is_known("ledger_question", QuestionState),
            models.CheckConstraint(
                name="ledger_question_answered_has_an_answer",
                condition=~Q(state="answered") | ~Q(answer=""),
            ),
        ]

    def __str__(self) -> str:
        return gettext("question about entry %(number)s") % {"number": self.entry.number}

    def get_absolute_url(self) -> str:
        return address_of("ledger:question_detail", self.pk)


class OutsideOffer(FromVisitor):
    """What a company, an association or a person can give, until an officer of a city adopts it.

    Adopted, it is a posting of that city, and `party` is whom its deliveries name as giver.
    """

    MOVES = OUTSIDE_MOVES

    kind = models.CharField(_("kind"), max_length=16, choices=PartyKind)
    name = models.CharField(_("name"), max_length=200)
    may_be_named = models.BooleanField(_("may be named"), default=False)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    city = models.ForeignKey(City, models.PROTECT, related_name="+", verbose_name=_("city"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    quantity = models.PositiveBigIntegerField(_("quantity"), null=True, blank=True)
    details = models.CharField(_("details"), max_length=1000, blank=True)
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=OutsideState,
        default=OutsideState.OFFERED,
        editable=False,
    )
    posting = models.OneToOneField(
        Posting,
        models.PROTECT,
        null=True,
        related_name="outside_offer",
        editable=False,
        verbose_name=_("posting"),
    )
    party = models.ForeignKey(
        Party, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("party")
    )

    objects = OutsideOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer from outside")
        verbose_name_plural = _("offers from outside")
        constraints = [
            state_is_known("ledger_outsideoffer", OutsideState),
            models.CheckConstraint(
                name="ledger_outsideoffer_quantity_positive",
                condition=Q(quantity__isnull=True) | Q(quantity__gt=0),
            ),
            models.CheckConstraint(
                name="ledger_outsideoffer_adopted_has_posting_and_party",
                condition=~Q(state="adopted") | Q(posting__isnull=False, party__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city}: {self.item}"

    def get_absolute_url(self) -> str:
        return address_of("ledger:outside_offer_detail", self.pk)
