from typing import Any

from django import forms
from django.apps import apps
from django.contrib.auth.mixins import UserPassesTestMixin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from apps.core import charts
from apps.core.forms import DateField, QuantityField
from apps.core.states import Stateful
from apps.dashboard import samples
from apps.pairings.forms import RejectForm
from apps.postings.models import Posting
from apps.postings.models.posting import Kind, Urgency

COLOURS = ("left", "right", "accent", "danger", "success", "info", "warning", "neutral")


class SampleForm(forms.Form):
    """Fields of every kind, to show them with their errors."""

    quantity = QuantityField(label=_("Quantity"), help_text=_("In the item's unit."))
    day = DateField(label=_("Needed by"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Note"), widget=forms.Textarea({"rows": 2}), required=False)


class StyleGuide(UserPassesTestMixin, TemplateView):
    """Every component with all its states, to look at them side by side; for staff."""

    template_name = "dashboard/styleguide.html"

    def test_func(self) -> bool:
        return bool(self.request.user.is_staff)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        models = [model for model in apps.get_models() if issubclass(model, Stateful)]
        left, right, thread = samples.thread(now)
        return super().get_context_data(
            form=SampleForm({"quantity": "-5", "day": "2000-13-40"}),
            states=[(model._meta.verbose_name, samples.states_of(model)) for model in models],
            urgencies=[Posting(kind="need", urgency=value) for value in [*Urgency, None]],
            pairs=samples.pairs(),
            chart=charts.counted([(_("Given"), [12, 40]), (_("Received"), [0, 25])]),
            colours=COLOURS,
            today=now.date(),
            tasks=samples.tasks(now.date()),
            left=left,
            right=right,
            thread=thread,
            queue=samples.queue(),
            decision=samples.decision(),
            reject=RejectForm(auto_id="reject_%s"),
            rounds=samples.rounds(),
            places=samples.places(),
            notices=samples.notices(),
            **kwargs,
        )
