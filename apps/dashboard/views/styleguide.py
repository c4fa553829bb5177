from typing import Any

from django import forms
from django.apps import apps
from django.contrib.auth.mixins import UserPassesTestMixin
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from apps.core import charts
from apps.core.forms import DateField, QuantityField
from apps.core.states import Stateful
from apps.postings.models import Posting
from apps.postings.models.posting import Kind, Urgency

COLOURS = ("left", "right", "accent", "danger", "success", "info", "warning", "neutral")


class SampleForm(forms.Form):
    """Fields of every kind, to show them with their errors."""

    quantity = QuantityField(label=_("Quantity"), help_text=_("In the item's unit."))
    day = DateField(label=_("Needed by"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Note"), widget=forms.Textarea({"rows": 2}), required=False)


class Sample(str):
    """The name of a city that is none."""

    get_absolute_url = "#pairs"


class StyleGuide(UserPassesTestMixin, TemplateView):
    """Every component with all its states, to look at them side by side; for staff."""

    template_name = "dashboard/styleguide.html"

    def test_func(self) -> bool:
        return bool(self.request.user.is_staff)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        models = [model for model in apps.get_models() if issubclass(model, Stateful)]
        return super().get_context_data(
            form=SampleForm({"quantity": "-5", "day": "2000-13-40"}),
            states=[
                (model._meta.verbose_name, [model(state=value) for value, __ in states_of(model)])
                for model in models
            ],
            urgencies=[Posting(kind="need", urgency=value) for value in [*Urgency, None]],
            pairs=[
                (Sample("Wuxi"), Sample("San Antonio")),
                (Sample("无锡市"), Sample("圣安东尼奥")),
                (Sample("Prince George's County " * 3), Sample("长" * 40)),
            ],
            chart=charts.counted([(_("Given"), [12, 40]), (_("Received"), [0, 25])]),
            colours=COLOURS,
            **kwargs,
        )


def states_of(model: type[Stateful]) -> list[tuple[str, str]]:
    return list(model._meta.get_field("state").flatchoices)
