import re
import unicodedata
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

GROUPED = re.compile(r"\d{1,3}([,  ’']\d{3})+")


class QuantityField(forms.CharField):
    """A whole number as people write it (1500, 1,500, １５００); each fault has its own sentence."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault(
            "widget", forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})
        )
        self.may_be_zero = kwargs.pop("may_be_zero", False)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        return self.parse(unicodedata.normalize("NFKC", text).strip())

    def parse(self, text: str) -> int:
        if GROUPED.fullmatch(text):
            text = re.sub(r"\D", "", text)
        if re.fullmatch(r"\d+[.]\d+", text):
            raise ValidationError(
                _("It is counted in whole units: enter a number without a fraction.")
            )
        if re.fullmatch(r"-\d+([.]\d+)?", text) or (text.isdigit() and int(text) == 0):
            if self.may_be_zero and text.strip("-0") == "" and not text.startswith("-"):
                return 0
            raise ValidationError(_("Enter a number greater than 0."))
        if not re.fullmatch(r"[0-9]+", text):
            raise ValidationError(_("Enter digits only, for example 1500."))
        if int(text) > settings.LARGEST_QUANTITY:
            raise ValidationError(
                _("The largest quantity is %(largest)s."),
                params={"largest": f"{settings.LARGEST_QUANTITY:,}"},
            )
        return int(text)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}" if isinstance(value, int) else value


class DateField(forms.DateField):
    """A day, chosen from the browser's calendar or typed year-month-day."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {
        "invalid": _("Enter a date as year-month-day, for example 2026-05-01.")
    }

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and not 2000 <= day.year <= 2100:
            raise ValidationError(_("Choose a date between 2000 and 2100."))
        return day


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button is the answer."""


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Those concerned see it."),
    )


class OptionalReasonForm(ReasonForm):
    reason = forms.CharField(
        label=_("Remark"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )
