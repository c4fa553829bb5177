from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView

from apps.core.forms import ReasonForm
from apps.core.views import VerbView
from apps.deliveries import services
from apps.deliveries.forms import (
    DispatchForm,
    DistributeForm,
    HoldForm,
    ReceiveForm,
    ReleaseForm,
)
from apps.deliveries.models import Delivery
from apps.deliveries.services.checks import latest_today
from apps.ledger.models import OutsideOffer
from apps.matching.models import Match
from apps.postings.dates import today_in


class DeliveryDetail(LoginRequiredMixin, DetailView):
    template_name = "deliveries/delivery_detail.html"

    def get_queryset(self) -> models.QuerySet[Delivery]:
        return (
            Delivery.objects.visible_to(self.request.user)
            .described()
            .select_related("giver", "intermediary", "dispatched_by", "received_by")
            .prefetch_related("distributions__recipient")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = latest_today(self.object.match, timezone.now())
        holds = [(hold, hold.days(today)) for hold in self.object.holds.all()]
        return super().get_context_data(holds=holds, **kwargs)


class DeliveryDispatch(VerbView):
    model = Match
    permission = "deliveries.dispatch_delivery"
    service = services.dispatch_delivery
    form_class = DispatchForm
    heading = _("Dispatch")
    lead = _("One consignment of this match; send the rest later with another.")
    button = _("It is on its way")
    success_message = _("Dispatched: %(subject)s. The receiving city has been told.")

    def get_form_kwargs(self) -> dict[str, Any]:
        offer = OutsideOffer.objects.filter(posting=self.object.offer).select_related("party")
        found = offer.first()
        return {**super().get_form_kwargs(), "remembered": found.party if found else None}

    def get_initial(self) -> dict[str, Any]:
        pack = self.object.offer.pack
        whole = self.object.to_dispatch
        if pack:
            whole -= whole % pack.units
        return {
            "quantity": whole,
            "dispatched_on": today_in(self.object.offer.city, timezone.now()),
        }


class MatchClose(VerbView):
    model = Match
    permission = "matching.complete_match"
    service = services.close_match
    form_class = ReasonForm
    heading = _("Close this match")
    lead = _("Nothing more will be sent: what was not sent returns to the offer.")
    button = _("Close")
    hurts = True
    success_message = _("Closed: %(subject)s.")


class DeliveryVerb(VerbView):
    model = Delivery

    @property
    def today(self) -> Any:
        return today_in(self.object.match.need.city, timezone.now())


class DeliveryHold(DeliveryVerb):
    permission = "deliveries.hold_delivery"
    service = services.hold_delivery
    form_class = HoldForm
    heading = _("This consignment is held")
    button = _("Record the hold")
    success_message = _("Recorded: %(subject)s is held.")

    def get_initial(self) -> dict[str, Any]:
        return {"since": self.today}


class DeliveryRelease(DeliveryVerb):
    permission = "deliveries.hold_delivery"
    service = services.release_delivery
    form_class = ReleaseForm
    heading = _("This consignment goes on")
    button = _("Record the release")
    success_message = _("Recorded: %(subject)s goes on.")

    def get_initial(self) -> dict[str, Any]:
        return {"until": self.today}


class DeliveryReceive(DeliveryVerb):
    permission = "deliveries.receive_delivery"
    service = services.receive_delivery
    form_class = ReceiveForm
    heading = _("Confirm what arrived")
    button = _("Confirm")
    success_message = _("Received: %(subject)s. Now note where it went.")

    def get_initial(self) -> dict[str, Any]:
        return {"quantity": self.object.quantity, "received_on": self.today}


class DeliveryLose(DeliveryVerb):
    permission = "deliveries.hold_delivery"
    service = services.lose_delivery
    form_class = ReasonForm
    heading = _("This consignment is lost")
    lead = _("It cannot be received any more; the need opens again for what it held.")
    button = _("It is lost")
    hurts = True
    success_message = _("Recorded: %(subject)s is lost.")


class DeliveryDistribute(DeliveryVerb):
    permission = "deliveries.distribute_delivery"
    service = services.distribute
    form_class = DistributeForm
    heading = _("Where it went")
    button = _("Note it")
    success_message = _("Noted for %(subject)s.")
