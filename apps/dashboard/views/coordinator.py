from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView, TemplateView

from apps.dashboard.approving import Outcome, approve_all, preview, totals, undo_all
from apps.dashboard.forms import KeysForm, QueueForm
from apps.dashboard.queue import waiting
from apps.dashboard.stakes import describe
from apps.dashboard.streams import StreamsPaginator
from apps.ledger.models import OutsideOffer, Question

PAGE = 25


class Queue(PermissionRequiredMixin, TemplateView):
    """`at` in the address is the place on the page of the row that is opened, where scripts run."""

    permission_required = "matching.view_round"
    template_name = "dashboard/queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, now, asked = self.request.user, timezone.now(), self.request.GET
        form = QueueForm(asked)
        rows = waiting(form.to_filter(), user, now=now)
        page = StreamsPaginator(rows, PAGE).get_page(asked.get("page"))
        kept = [(name, value) for name, value in asked.items() if name not in ("page", "at")]
        here = urlencode([*kept, ("page", page.number), ("at", "")])
        query = urlencode(kept)
        return super().get_context_data(
            form=form,
            page=page,
            rows=SimpleLazyObject(lambda: describe(page.object_list, user, now=now)),
            query=query,
            fragment=f"{rows.key}{self.request.path}?{query}",
            back=urlencode({"next": f"{self.request.path}?{here}"}),
            is_filtered=any(value for __, value in kept),
            questions=Question.objects.waiting().count(),
            outside=OutsideOffer.objects.waiting().without_officer().count(),
            **kwargs,
        )


class Together(PermissionRequiredMixin, FormView):
    """One verb done to many: each by itself, and what is refused is told by name."""

    permission_required = "matching.view_round"
    form_class = KeysForm
    heading: ClassVar[Any] = ""
    button: ClassVar[Any] = ""
    hurts = False
    extra_context = {"back": ""}

    def form_valid(self, form: KeysForm) -> HttpResponse:
        outcomes = self.do(form.cleaned_data["keys"])
        done = [outcome for outcome in outcomes if not outcome.refusal]
        refused = [
            f"{outcome.subject}: {outcome.refusal}" for outcome in outcomes if outcome.refusal
        ]
        if not done:
            for words in refused or [_("Nothing was chosen that waits for this.")]:
                form.add_error(None, words)
            return self.form_invalid(form)
        self.tell(done)
        for words in refused:
            messages.warning(self.request, words)
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form: KeysForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_success_url(self) -> str:
        return reverse("dashboard:queue")


class ApproveChosen(Together):
    """GET shows what approving those chosen comes to, POST approves them."""

    template_name = "dashboard/approve_chosen.html"
    heading = gettext_lazy("Approve those chosen")
    button = gettext_lazy("Approve")

    def get_initial(self) -> dict[str, Any]:
        return {"keys": ",".join(self.request.GET.getlist("chosen"))}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        keys = (context["form"]["keys"].value() or "").split(",")
        outcomes = preview(keys, by=self.request.user, now=timezone.now())
        return {
            **context,
            "fit": [outcome for outcome in outcomes if not outcome.refusal],
            "unfit": [outcome for outcome in outcomes if outcome.refusal],
            "totals": totals(outcomes),
        }

    def do(self, keys: list[str]) -> list[Outcome]:
        return approve_all(keys, by=self.request.user, now=timezone.now())

    def tell(self, done: list[Outcome]) -> None:
        told = ngettext(
            "Approved: %(names)s. Both cities are asked in a few seconds; until then you can undo it.",
            "%(count)d approved: %(names)s. Their cities are asked in a few seconds; until then you can undo it.",
            len(done),
        )
        names = "; ".join(str(outcome.subject) for outcome in done)
        tags = "undo:" + ",".join(outcome.key for outcome in done)
        messages.success(self.request, told % {"count": len(done), "names": names}, extra_tags=tags)


class Undo(Together):
    """Takes back approvals of the last seconds; the button stands in the message that told of them."""

    template_name = "components/verb_page.html"
    heading = gettext_lazy("Undo")
    button = gettext_lazy("Undo")

    def do(self, keys: list[str]) -> list[Outcome]:
        return undo_all(keys, by=self.request.user, now=timezone.now())

    def tell(self, done: list[Outcome]) -> None:
        names = "; ".join(str(outcome.subject) for outcome in done)
        told = _("Undone, and nobody was told: %(names)s. It waits for a decision again.")
        messages.success(self.request, told % {"names": names})
