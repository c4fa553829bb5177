from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import URLValidator
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from apps.cities.models import City
from apps.core.files import UploadField
from apps.core.forms import DateField
from apps.core.lookups import LookupField, LookupsField
from apps.core.zones import zone_of
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
    left = LookupField(City.objects.acting(), suggests="cities:city_lookup", label=_("City"))
    right = LookupField(
        City.objects.acting(), suggests="cities:city_lookup", label=_("Counterpart")
    )
    note = forms.CharField(
        label=_("Why these two?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, city: City | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if city is not None:
            self.fields["left"].queryset = City.objects.filter(pk=city.pk)
            self.initial["left"] = city


class ExchangeForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=ExchangeKind.choices)
    subject = forms.CharField(label=_("Subject"), max_length=300)
    takes_place_on = DateField(label=_("Date"))
    starts = forms.TimeField(
        label=_("Start"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Enter a time, for example 14:30.")},
    )
    minutes = forms.IntegerField(
        label=_("Duration in minutes"), required=False, min_value=5, max_value=10_080
    )
    link = forms.URLField(
        label=_("Link to join"),
        required=False,
        max_length=500,
        assume_scheme="https",
        validators=[
            URLValidator(schemes=["https"], message=_("Enter a link that begins with https."))
        ],
        help_text=_("For a video conference. Only those who take part see it."),
    )
    cities = LookupsField(
        City.objects.none(),
        suggests="cities:city_lookup",
        label=_("With"),
        help_text=_(
            "One city or several, paired with yours or not. Type a part of a name; put semicolons"
            " between several."
        ),
    )
    participants = forms.CharField(
        label=_("Participants in words"),
        max_length=300,
        required=False,
        help_text=_("For example: physicians of two hospitals. Public: no names."),
    )

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cities"].queryset = City.objects.acting().exclude(pk=city.pk)
        self.zone = zone_of(city.time_zone)
        self.fields["starts"].help_text = _("In the time of %(city)s (%(zone)s).") % {
            "city": city,
            "zone": self.zone,
        }

    def clean(self) -> dict[str, Any]:
        """`starts_at` is the day and the time of the city that enters it, as one moment."""
        data = super().clean() or {}
        day, starts = data.get("takes_place_on"), data.pop("starts", None)
        data["starts_at"] = datetime.combine(day, starts, self.zone) if day and starts else None
        return data


class MessageForm(forms.Form):
    text = forms.CharField(label=_("Message"), max_length=2000, widget=forms.Textarea({"rows": 4}))
    language = forms.ChoiceField(label=_("Written in"), choices=settings.LANGUAGES)
    translation = forms.CharField(
        label=_("Translation"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("If you have one: shown beside it, in the other language."),
    )


class ReadForm(forms.Form):
    up_to = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**63 - 1)


class ReviewForm(forms.Form):
    review_on = DateField(label=_("Next review"))
    term_until = DateField(
        label=_("Agreed until"),
        help_text=_("Until this day the two cities mean to stay each other's counterpart."),
    )


class AgreementForm(forms.Form):
    file = UploadField(label=_("Agreement"), help_text=_("A PDF, a JPEG or a PNG, up to 10 MB."))
    signed_on = DateField(label=_("Signed on"))
