from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, ListView

from apps.cities.models import Liaison
from apps.cities.officers import city_of
from apps.core.forms import ReasonForm
from apps.core.views import VerbView, VisitorView
from apps.ledger import services
from apps.ledger.forms import OutsideOfferForm
from apps.ledger.models import OutsideOffer


class OutsideOfferCreate(VisitorView):
    form_class = OutsideOfferForm
    heading = _("I can give")
    lead = _(
        "For companies, associations and persons. An officer of the city you name reads your offer,"
        " writes to you, and adopts it as an offer of the city, or declines it with a reason."
    )
    button = _("Send the offer")
    done_message = _("Thank you. An officer of the city, or a coordinator, will write to you.")

    def call(self, data: dict[str, Any]) -> models.Model:
        return services.offer_from_outside(
            by=self.sender, now=timezone.now(), language=self.request.LANGUAGE_CODE, **data
        )


class OutsideOfferList(LoginRequiredMixin, ListView):
    """What waits for the officers of a city; deciders see every city's, and which has no officer."""

    template_name = "ledger/outside_offer_list.html"
    paginate_by = 25

    def get_queryset(self) -> models.QuerySet[OutsideOffer]:
        user = self.request.user
        spoken_for = Liaison.objects.confirmed().filter(city=OuterRef("city"))
        waiting = (
            OutsideOffer.objects.waiting().described().annotate(has_officer=Exists(spoken_for))
        )
        if user.decides:
            return waiting.order_by("has_officer", "created_at", "pk")
        city = city_of(user)
        if city is None:
            raise PermissionDenied
        return waiting.filter(city=city)


class OutsideOfferDetail(LoginRequiredMixin, DetailView):
    template_name = "ledger/outside_offer_detail.html"

    def get_queryset(self) -> models.QuerySet[OutsideOffer]:
        offers = OutsideOffer.objects.visible_to(self.request.user).described()
        return offers.select_related("posting__city", "posting__item", "party")


class OutsideOfferAdopt(VerbView):
    model = OutsideOffer
    permission = "ledger.adopt_outside_offer"
    service = services.adopt_outside_offer
    heading = _("Adopt this offer")
    lead = _(
        "It becomes a draft offer of the city, which you can change before you publish it. The giver"
        " is remembered: a delivery can name them."
    )
    button = _("Adopt")
    success_message = _("Adopted: %(subject)s. Check the draft, then publish it.")

    def get_success_url(self) -> str:
        return self.success_url or self.done.posting.get_absolute_url()


class OutsideOfferDecline(VerbView):
    model = OutsideOffer
    permission = "ledger.decline_outside_offer"
    service = services.decline_outside_offer
    form_class = ReasonForm
    heading = _("Decline this offer")
    lead = _("Please also write to the giver: they are told only if they have signed in here.")
    button = _("Decline")
    hurts = True
    success_message = _("Declined: %(subject)s.")
