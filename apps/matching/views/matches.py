from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin, PermissionRequiredMixin
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView

from apps.core.forms import ReasonForm
from apps.core.views import FilteredList, VerbView
from apps.matching import services
from apps.matching.alternatives import alternatives_to
from apps.matching.filters import MatchFilter
from apps.matching.forms import ApproveForm
from apps.matching.models import Match
from apps.pairings.forms import RejectForm
from apps.pairings.models import Pairing


class MatchList(LoginRequiredMixin, FilteredList):
    queryset = Match.objects.listed().order_by("-state_since", "-pk")
    filterset_class = MatchFilter
    template_name = "matching/match_list.html"


class MatchApprove(VerbView):
    model = Match
    permission = "matching.approve_match"
    service = services.approve_match
    form_class = ApproveForm
    heading = _("Approve this match")
    lead = _("The quantity is reserved at once, and both cities are asked.")
    button = _("Approve")
    success_message = _(
        "Approved: %(subject)s. Both cities are asked in a few seconds; until then you can undo it."
    )

    def get_initial(self) -> dict[str, Any]:
        return {"quantity": self.object.proposed_quantity}

    def get_message_tags(self) -> str:
        return f"undo:match-{self.done.pk}"


class MatchReject(VerbView):
    model = Match
    permission = "matching.reject_match"
    service = services.reject_match
    form_class = RejectForm
    heading = _("Reject this match")
    button = _("Reject")
    hurts = True
    success_message = _("Rejected: %(subject)s.")


class MatchAccept(VerbView):
    model = Match
    permission = "matching.answer_match"
    service = services.accept_match
    heading = _("Accept this match")
    lead = _(
        "You bind your city. When the other city has accepted too, you see each other's contacts."
    )
    button = _("Accept for my city")
    success_message = _("Accepted: %(subject)s.")


class MatchDecline(VerbView):
    model = Match
    permission = "matching.answer_match"
    service = services.decline_match
    form_class = ReasonForm
    heading = _("Decline this match")
    lead = _(
        "The quantity returns to the pool at once. The other city and the coordinator see the reason."
    )
    button = _("Decline for my city")
    hurts = True
    success_message = _("Declined: %(subject)s.")


class MatchCancel(VerbView):
    model = Match
    permission = "matching.cancel_match"
    service = services.cancel_match
    form_class = ReasonForm
    heading = _("Cancel this match")
    lead = _("Possible until something was dispatched. The quantity returns to the pool.")
    button = _("Cancel the match")
    hurts = True
    success_message = _("Cancelled: %(subject)s.")


class PairingAlternatives(PermissionRequiredMixin, DetailView):
    """Exact, and worked out on request: a round does not do it for every pair."""

    permission_required = "matching.view_round"
    template_name = "matching/alternatives.html"

    def get_queryset(self) -> models.QuerySet[Pairing]:
        proposed = Pairing.objects.visible_to(self.request.user).described()
        return proposed.filter(proposal__isnull=False).select_related("proposal__round")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        proposal = self.object.proposal
        is_kept = bool(proposal.round.snapshot and proposal.round.result)
        found = list(alternatives_to(proposal)) if is_kept else []
        return super().get_context_data(alternatives=found, is_kept=is_kept, **kwargs)
