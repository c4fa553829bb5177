from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.cities.models import City
from apps.core.forms import QuantityField, RowsField
from apps.matching.services.parameters import USUAL
from apps.pairings.forms import acting_cities

POLICIES = [
    ("pair_first", _("counterparts first, the network with what remains")),
    ("urgency_first", _("the most urgent of the whole network first")),
]
OBJECTIVES = [
    ("widest", _("widest: as many cities as possible, the critical ones first")),
    ("total", _("total: the highest sum of scores")),
    ("egalitarian", _("egalitarian: widest, then the worst off as well as possible")),
]
POOLS = [
    ("country", _("two sides, by country")),
    ("list", _("two sides, by list")),
    ("one", _("one pool: any city with any other")),
]


class RoundForm(forms.Form):
    policy = forms.ChoiceField(
        label=_("How offers are split"), choices=POLICIES, initial=USUAL["policy"]
    )
    objective = forms.ChoiceField(
        label=_("What the pairing aims at"), choices=OBJECTIVES, initial=USUAL["objective"]
    )
    pool = forms.ChoiceField(label=_("Who can pair with whom"), choices=POOLS, initial="country")
    left = RowsField(
        City.objects.none(),
        to_field_name="code",
        label=_("Cities of the one side"),
        required=False,
        widget=forms.SelectMultiple({"size": 8}),
        help_text=_("Only for two sides by list; all other cities are the other side."),
    )
    reason = forms.CharField(
        label=_("Reason for this choice"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Needed unless the round is as usual: counterparts first, widest."),
    )
    is_dry_run = forms.BooleanField(
        label=_("Dry run"), required=False, help_text=_("Computes and shows; proposes nothing.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["left"].queryset = acting_cities()

    def clean_left(self) -> list[str]:
        return sorted(city.code for city in self.cleaned_data["left"])


class ApproveForm(forms.Form):
    quantity = QuantityField(label=_("Quantity"))
    reason = forms.CharField(
        label=_("Reason, if the quantity differs from the proposed one"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Both cities see it."),
    )
