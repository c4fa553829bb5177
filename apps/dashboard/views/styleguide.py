from typing import Any

from django import forms
from django.apps import apps
from django.contrib.auth.mixins import UserPassesTestMixin
from django.utils.translation import gettext as _
from django.views.generic import FormView

from apps.cities.models import City
from apps.core import charts
from apps.core.forms import DateField, QuantityField
from apps.core.states import Stateful
from apps.postings.models import Posting
from apps.postings.models.posting import Urgency

TONES = ("success", "info", "warning", "danger", "secondary")
COLOURS = ("left", "right", "accent", "danger", "success", "info", "warning", "neutral")


class SampleForm(forms.Form):
    """Fields of every kind, to show them with their errors."""

    quantity = QuantityField(label="Quantity", help_text="In the item's unit.")
    day = DateField(label="Needed by")
    kind = forms.ChoiceField(
        label="Kind", choices=[("need", "need"), ("offer", "offer")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Note", widget=forms.Textarea({"rows": 2}), required=False)


class StyleGuide(UserPassesTestMixin, FormView):
    """Every component with all its states, to look at them side by side; for staff."""

    template_name = "dashboard/styleguide.html"
    form_class = SampleForm

    def test_func(self) -> bool:
        return bool(self.request.user.is_staff)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"data": {"quantity": "-5", "day": "tomorrow"}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        models = [model for model in apps.get_models() if issubclass(model, Stateful)]
        return super().get_context_data(
            states=[
                (model._meta.verbose_name, [model(state=value) for value, __ in states_of(model)])
                for model in models
            ],
            urgencies=[Posting(kind="need", urgency=value) for value in [*Urgency, None]],
            pairs=[
                (City(name="Wuxi", code="a"), City(name="San Antonio", code="b")),
                (City(name="无锡市", code="a"), City(name="圣安东尼奥", code="b")),
                (
                    City(name="Prince George's County " * 3, code="a"),
                    City(name="长" * 40, code="b"),
                ),
            ],
            chart=charts.counted([(_("Given"), [12, 40]), (_("Received"), [0, 25])]),
            tones=TONES,
            colours=COLOURS,
            **kwargs,
        )


def states_of(model: type[Stateful]) -> list[tuple[str, str]]:
    return list(model._meta.get_field("state").flatchoices)
