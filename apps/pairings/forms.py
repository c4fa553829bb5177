from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from apps.cities.models import City
from apps.core.forms import DateField, RowsField
from apps.pairings.models import ExchangeKind


def acting_cities() -> Any:
    return City.objects.acting().order_by("country", "name_en")


CANNED = [
    gettext_noop("The goods are not fit for this use."),
    gettext_noop("It cannot be brought there in time."),
    gettext_noop("An export or import permit is missing."),
    gettext_noop("The need is being met another way."),
    gettext_noop("The city has asked for something else."),
    gettext_noop("Another choice serves more cities."),
]


class RejectForm(forms.Form):
    """Why not: a usual reason, stored as it stands here and read in the reader's language, or the
    person's own words, or both in one."""

    usual = forms.ChoiceField(
        label=_("Reason"),
        choices=lambda: [("", _("in my own words")), *((text, gettext(text)) for text in CANNED)],
        required=False,
    )
    reason = forms.CharField(
        label=_("In your own words"),
        max_length=400,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Those concerned see it."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        usual, own = data.pop("usual", ""), data.get("reason", "")
        if not usual and not own and "reason" not in self.errors:
            self.add_error("reason", _("Choose a reason, or give one in your own words."))
        data["reason"] = f"{gettext(usual)} {own}" if usual and own else usual or own
        return data


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
