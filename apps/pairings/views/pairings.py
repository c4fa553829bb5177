from datetime import timedelta
from typing import Any

import rules
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView

from apps.cities.officers import city_of
from apps.core.forms import OptionalReasonForm, ReasonForm
from apps.core.views import FilteredList, ServiceForm, VerbView
from apps.pairings import services
from apps.pairings.filters import PairingFilter
from apps.pairings.forms import ProposeForm, RejectForm, ReviewForm
from apps.pairings.models import CounterpartSupport, Pairing


class PairingList(FilteredList):
    queryset = Pairing.objects.in_brief().order_by("-state_since", "-pk")
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


class PairingReview(VerbView):
    model = Pairing
    permission = "pairings.review_pairing"
    service = services.review_pairing
    form_class = ReviewForm
    heading = _("Review this pairing")
    lead = _(
        "Talk it over with the other city first: what was given, what is lacking, what comes next."
    )
    button = _("We have reviewed it")
    success_message = _("Reviewed: %(subject)s.")

    def get_initial(self) -> dict[str, Any]:
        today = timezone.localdate()
        review_on = today + timedelta(days=settings.REVIEW_DAYS)
        term = self.object.term_until
        if term is None or term < review_on:
            term = today + timedelta(days=settings.PAIRING_DAYS)
        return {"review_on": review_on, "term_until": term}
