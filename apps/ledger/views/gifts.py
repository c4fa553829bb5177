from typing import Any

from django.db import models
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, ListView

from apps.cities.pages import OfficerForm
from apps.core.forms import ReasonForm
from apps.core.views import VerbView
from apps.ledger import services
from apps.ledger.forms import GiftConfirmForm, GiftForm
from apps.ledger.models import Gift


class GiftList(ListView):
    template_name = "ledger/gift_list.html"
    paginate_by = 25

    def get_queryset(self) -> models.QuerySet[Gift]:
        return (
            Gift.objects.visible_to(self.request.user)
            .select_related("giver", "receiver", "item")
            .order_by("-created_at", "-pk")
        )


class GiftDetail(DetailView):
    template_name = "ledger/gift_detail.html"

    def get_queryset(self) -> models.QuerySet[Gift]:
        return Gift.objects.visible_to(self.request.user).select_related(
            "giver__city", "receiver__city", "item", "recorded_by", "confirmed_by", "purchased_with"
        )


class GiftCreate(OfficerForm):
    form_class = GiftForm
    heading = _("Record a gift")
    lead = _(
        "For help your city gave outside any match. The receiving city confirms it; until then it is"
        " shown as recorded by one side only."
    )
    button = _("Record")
    success_message = _("Recorded: %(subject)s. The receiving city has been asked to confirm it.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "city": self.city}

    def call(self, data: dict[str, Any]) -> models.Model:
        receiver = services.party_of(data.pop("receiver"))
        giver = services.party_of(self.city)
        return services.record_gift(
            giver=giver, receiver=receiver, by=self.request.user, now=timezone.now(), **data
        )


class GiftConfirm(VerbView):
    model = Gift
    permission = "ledger.confirm_gift"
    service = services.confirm_gift
    form_class = GiftConfirmForm
    heading = _("Confirm this gift")
    button = _("Confirm")
    success_message = _("Confirmed: %(subject)s.")

    def get_initial(self) -> dict[str, Any]:
        return {"quantity": self.object.quantity}


class GiftWithdraw(VerbView):
    model = Gift
    permission = "ledger.withdraw_gift"
    service = services.withdraw_gift
    form_class = ReasonForm
    heading = _("Withdraw this gift")
    lead = _("For a gift recorded by mistake. Its line in the ledger is reversed by a further one.")
    button = _("Withdraw")
    hurts = True
    success_message = _("Withdrawn: %(subject)s.")
    success_url = reverse_lazy("ledger:gift_list")
