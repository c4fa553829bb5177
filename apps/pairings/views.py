from typing import Any

import rules
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, ListView

from apps.cities.officers import city_of
from apps.cities.pages import OfficerForm
from apps.core.forms import OptionalReasonForm, ReasonForm
from apps.core.views import FilteredList, ServiceForm, VerbView
from apps.pairings import services
from apps.pairings.filters import ExchangeFilter, PairingFilter
from apps.pairings.forms import ExchangeForm, ProposeForm, RejectForm
from apps.pairings.models import CounterpartSupport, Exchange, Pairing


class PairingList(FilteredList):
    queryset = Pairing.objects.described().order_by("-state_since", "-pk")
    filterset_class = PairingFilter
    template_name = "pairings/pairing_list.html"


class Hubei2020(ListView):
    """The historic table, many-to-many: shown, never loaded as pairings."""

    queryset = CounterpartSupport.objects.select_related("province", "city").order_by(
        "city__name", "province__name"
    )
    template_name = "pairings/hubei_2020.html"


class PairingPropose(ServiceForm):
    form_class = ProposeForm
    heading = _("Propose a pairing")
    lead = _("A coordinator decides, then both cities answer. A city has at most one live pairing.")
    button = _("Propose")
    success_message = _("Proposed: %(subject)s. A coordinator decides.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if not rules.test_rule("pairings.propose_a_pairing", request.user):
            raise PermissionDenied
        self.city = city_of(request.user)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        own = None if self.request.user.decides else self.city
        return {**super().get_form_kwargs(), "city": own}

    def call(self, data: dict[str, Any]) -> models.Model:
        return services.propose_pairing(
            data["left"],
            data["right"],
            by=self.request.user,
            now=timezone.now(),
            note=data["note"],
        )

    def get_success_url(self) -> str:
        """Officers see a pairing when a coordinator has approved it, and until then their city."""
        if self.request.user.decides:
            return super().get_success_url()
        return self.city.get_absolute_url()


class PairingApprove(VerbView):
    model = Pairing
    permission = "pairings.approve_pairing"
    service = services.approve_pairing
    form_class = OptionalReasonForm
    heading = _("Approve this pairing")
    lead = _("Both cities are asked. Until they answer, neither can be in another pairing.")
    button = _("Approve")
    success_message = _(
        "Approved: %(subject)s. Both cities are asked in a few seconds; until then you can undo it."
    )

    def get_message_tags(self) -> str:
        return f"undo:pairing-{self.done.pk}"


class PairingReject(VerbView):
    model = Pairing
    permission = "pairings.reject_pairing"
    service = services.reject_pairing
    form_class = RejectForm
    heading = _("Reject this pairing")
    button = _("Reject")
    hurts = True
    success_message = _("Rejected: %(subject)s.")


class PairingAccept(VerbView):
    model = Pairing
    permission = "pairings.answer_pairing"
    service = services.accept_pairing
    heading = _("Accept this pairing")
    lead = _("You bind your city. When the other city has accepted too, the pairing is active.")
    button = _("Accept for my city")
    success_message = _("Accepted: %(subject)s.")


class PairingDecline(VerbView):
    model = Pairing
    permission = "pairings.answer_pairing"
    service = services.decline_pairing
    form_class = ReasonForm
    heading = _("Decline this pairing")
    lead = _("The other city and the coordinator see the reason.")
    button = _("Decline for my city")
    hurts = True
    success_message = _("Declined: %(subject)s.")


class PairingCancel(VerbView):
    model = Pairing
    permission = "pairings.cancel_pairing"
    service = services.cancel_pairing
    form_class = ReasonForm
    heading = _("Cancel this approval")
    button = _("Cancel the approval")
    hurts = True
    success_message = _("Cancelled: %(subject)s.")


class ExchangeList(FilteredList):
    queryset = (
        Exchange.objects.select_related("pairing")
        .prefetch_related("cities")
        .order_by("-takes_place_on", "-pk")
    )
    filterset_class = ExchangeFilter
    template_name = "pairings/exchange_list.html"


class ExchangeDetail(DetailView):
    template_name = "pairings/exchange_detail.html"

    def get_queryset(self) -> models.QuerySet[Exchange]:
        return Exchange.objects.visible_to(self.request.user).prefetch_related("cities", "parties")


class ExchangeCreate(OfficerForm):
    form_class = ExchangeForm
    heading = _("Enter an exchange")
    lead = _("A letter, call, conference, visit or session that is planned.")
    button = _("Enter")
    success_message = _("Entered: %(subject)s.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "city": self.city}

    def call(self, data: dict[str, Any]) -> models.Model:
        cities = [self.city, *data.pop("cities")]
        return services.plan_exchange(cities, by=self.request.user, now=timezone.now(), **data)


class ExchangeHold(VerbView):
    model = Exchange
    permission = "pairings.edit_exchange"
    service = services.hold_exchange
    heading = _("This exchange took place")
    button = _("It took place")
    success_message = _("Recorded: %(subject)s.")


class ExchangeCancel(VerbView):
    model = Exchange
    permission = "pairings.edit_exchange"
    service = services.cancel_exchange
    form_class = ReasonForm
    heading = _("Cancel this exchange")
    button = _("Cancel the exchange")
    hurts = True
    success_message = _("Cancelled: %(subject)s.")
    success_url = reverse_lazy("pairings:exchange_list")
