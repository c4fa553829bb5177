import json
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin, PermissionRequiredMixin
from django.db import models
from django.db.models import F
from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, ListView

from apps.core.forms import ReasonForm
from apps.core.page_cache import fragment_key
from apps.core.views import ServiceForm, VerbView
from apps.matching import services, shown
from apps.matching.forms import RoundForm
from apps.matching.models import Match, Round
from apps.matching.services.replaying import replay_round

SHOWN = 50  # matches, and pairings, of a round


class RoundList(PermissionRequiredMixin, ListView):
    permission_required = "matching.view_round"
    template_name = "matching/round_list.html"
    paginate_by = 25

    def get_queryset(self) -> models.QuerySet[Round]:
        return (
            Round.objects.visible_to(self.request.user)
            .defer("snapshot", "result", "summary")
            .annotate(pairings=F("summary__pairings"), proposed=F("summary__matches"))
            .select_related("opened_by")
            .order_by("-pk")
        )


class RoundDetail(LoginRequiredMixin, DetailView):
    """What it says is the same for all who may read it: the long parts are kept until the data
    change, and worked out only if they are not."""

    template_name = "matching/round_detail.html"

    def get_queryset(self) -> models.QuerySet[Round]:
        rounds = Round.objects.visible_to(self.request.user).described()
        return rounds.select_related("opened_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.object
        pairings = (
            found.pairing_proposals.defer("reasons")
            .select_related("pairing")
            .prefetch_related("pairing__sides__city")
        )
        matches = Match.objects.filter(round=found)
        return super().get_context_data(
            fragment=fragment_key(self.request.path),
            matches=SimpleLazyObject(lambda: matches.most_urgent(SHOWN).listed()),
            proposals=pairings.order_by("-score", "pk")[:SHOWN],
            phase=shown.phase(found),
            asked=shown.asked(found),
            left_out=shown.left_out(found),
            pins_left_out=shown.pins_left_out(found),
            against=shown.against(found),
            alone=SimpleLazyObject(lambda: shown.alone(found)),
            open_needs=SimpleLazyObject(lambda: shown.open_needs(found)),
            without_lots=shown.without_lots(found),
            choices=shown.choices(found),
            replays=found.replays.select_related("asked_by").order_by("-pk")[:5],
            **kwargs,
        )


class RoundProgress(LoginRequiredMixin, DetailView):
    """The part of the page that follows a round; when it has ended, the whole content is fetched."""

    template_name = "matching/_progress.html"

    def get_queryset(self) -> models.QuerySet[Round]:
        return Round.objects.visible_to(self.request.user).described()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(phase=shown.phase(self.object), **kwargs)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if self.object.is_underway:
            return super().render_to_response(context, **kwargs)
        whole = {"target": "#content", "select": "#content", "swap": "outerHTML", "push": "false"}
        place = {"path": self.object.get_absolute_url(), **whole}
        return HttpResponse(headers={"HX-Location": json.dumps(place)})


class RoundOpen(PermissionRequiredMixin, ServiceForm):
    permission_required = "matching.open_round"
    form_class = RoundForm
    template_name = "matching/round_form.html"
    heading = _("Run a round")
    lead = _(
        "The engine takes a snapshot of all open postings, proposes counterparts and splits offers over"
        " needs. Proposals that nobody has decided on are replaced."
    )
    button = _("Run")
    success_message = _("The round is waiting for the worker; this page follows it.")

    def call(self, data: dict[str, Any]) -> models.Model:
        words = {name: data.pop(name) for name in ("reason", "is_dry_run")}
        if not data["left"]:
            del data["left"]
        return services.open_round(
            by=self.request.user, now=timezone.now(), parameters=data, **words
        )


class RoundCancel(VerbView):
    model = Round
    permission = "matching.open_round"
    service = services.cancel_round
    form_class = ReasonForm
    heading = _("Cancel this round")
    button = _("Cancel the round")
    hurts = True
    success_message = _("%(subject)s is cancelled.")


class RoundRetry(VerbView):
    model = Round
    permission = "matching.open_round"
    service = services.retry_round
    heading = _("Run this round again")
    lead = _("A new round on the same snapshot with the same parameters.")
    button = _("Run again")
    success_message = _("%(subject)s is waiting for the worker.")


class RoundReplay(VerbView):
    model = Round
    permission = "matching.replay_round"
    service = replay_round
    heading = _("Replay this round")
    lead = _(
        "The worker solves the frozen copy once more and compares the result with the stored one,"
        " byte for byte. Nothing is proposed or changed."
    )
    button = _("Replay")
    success_message = _("%(subject)s is waiting for the worker.")
