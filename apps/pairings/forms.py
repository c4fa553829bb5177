from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.cities.models import City
from apps.core.forms import DateField, RowsField
from apps.pairings.models import ExchangeKind


def acting_cities() -> Any:
    return City.objects.acting().order_by("country", "name_en")


class ProposeForm(forms.Form):
    left = forms.ModelChoiceField(City.objects.none(), label=_("City"), empty_label=_("choose"))
    right = forms.ModelChoiceField(
        City.objects.none(), label=_("Counterpart"), empty_label=_("choose")
    )
    note = forms.CharField(
        label=_("Why these two?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, city: City | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["left"].queryset = acting_cities()
        self.fields["right"].queryset = acting_cities()
        if city is not None:
            self.fields["left"].queryset = City.objects.filter(pk=city.pk)
            self.initial["left"] = city


class ExchangeForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=ExchangeKind.choices)
    subject = forms.CharField(label=_("Subject"), max_length=300)
    takes_place_on = DateField(label=_("Date"))
    cities = RowsField(
        City.objects.none(),
        label=_("With"),
        widget=forms.SelectMultiple({"size": 8}),
        help_text=_("One city or several, paired with yours or not."),
    )
    participants = forms.CharField(
        label=_("Participants in words"),
        max_length=300,
        required=False,
        help_text=_("For example: physicians of two hospitals. Public: no names."),
    )

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cities"].queryset = acting_cities().exclude(pk=city.pk)
