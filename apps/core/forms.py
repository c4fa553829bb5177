import re
import unicodedata
import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

GROUPED = re.compile(r"-?[0-9]{1,3}([, '’٬][0-9]{3})+")
HIDDEN = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e]")


def refuse_hidden_signs(value: object) -> None:
    """Control characters, and signs that turn what follows around, are nobody's words."""
    text = str(value)
    if HIDDEN.search(text):
        raise ValidationError(_("Remove the hidden control characters."))
    if all(unicodedata.category(sign)[0] in "CZ" for sign in text):
        raise ValidationError(_("Enter something that can be seen."))


def guard_texts(form: forms.BaseForm) -> None:
    """Let the form take no text that reads otherwise than it was typed."""
    for field in form.fields.values():
        if isinstance(field, forms.CharField):
            field.validators.append(refuse_hidden_signs)


def say_what_is_missing(form: forms.BaseForm) -> None:
    """Let every field that must be filled in ask for it; those with words of their own keep them."""
    for field in form.fields.values():
        if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
            field.error_messages["required"] = missing(field)


def missing(field: forms.Field) -> str:
    if isinstance(field, forms.ModelMultipleChoiceField):
        return _("Choose at least one.")
    if isinstance(field, forms.ChoiceField):
        return _("Choose one.")
    return _("Fill this in.")


class QuantityField(forms.CharField):
    """A whole number as people write it (1500, 1,500, １５００, ١٥٠٠); each fault has its own sentence."""

    default_error_messages = {"required": _("Enter a quantity.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})
        )
        self.may_be_zero = kwargs.pop("may_be_zero", False)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        return self.parse(with_plain_digits(text)) if text else None

    def parse(self, text: str) -> int:
        if GROUPED.fullmatch(text):
            text = re.sub(r"[^0-9-]", "", text)
        if re.fullmatch(r"[0-9]+[.][0-9]+", text):
            raise ValidationError(
                _("It is counted in whole units: enter a number without a fraction.")
            )
        if re.fullmatch(r"-[0-9]+([.][0-9]+)?", text):
            raise self.too_small()
        if not re.fullmatch(r"[0-9]+", text):
            raise ValidationError(_("Enter digits only, for example 1500."))
        number = int(text.lstrip("0")[:20] or 0)  # what is cut off stands behind a number too large
        if number == 0 and not self.may_be_zero:
            raise self.too_small()
        return refuse_too_large(number)

    def too_small(self) -> ValidationError:
        if self.may_be_zero:
            return ValidationError(_("Enter 0 or a greater number."))
        return ValidationError(_("Enter a number greater than 0."))

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}" if isinstance(value, int) else value


def with_plain_digits(text: str) -> str:
    """The digits of any script as 0 to 9, and wide signs as narrow ones."""
    text = unicodedata.normalize("NFKC", text).strip()
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)


def refuse_too_large(quantity: int) -> int:
    if quantity > settings.LARGEST_QUANTITY:
        raise ValidationError(
            _("The largest quantity is %(largest)s."),
            params={"largest": f"{settings.LARGEST_QUANTITY:,}"},
        )
    return quantity


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows; a number larger than the database knows is no row."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError:
            raise ValidationError(
                self.error_messages["invalid_list"], code="invalid_list"
            ) from None


class DateField(forms.DateField):
    """A day, chosen from the browser's calendar or typed year-month-day."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {
        "required": _("Enter a date."),
        "invalid": _("Enter a date as year-month-day, for example 2026-05-01."),
    }

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and not 2000 <= day.year <= 2100:
            raise ValidationError(_("Choose a date between 2000 and 2100."))
        return day


class DecoyField(forms.CharField):
    """Out of people's sight and reach: whatever fills it in is a machine."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput({"autocomplete": "off", "tabindex": "-1"})
        super().__init__(
            label=_("Leave this field empty"),
            required=False,
            widget=widget,
            max_length=100,
            **kwargs,
        )

    def validate(self, value: Any) -> None:
        if value:
            raise ValidationError(_("Leave this field empty."))


class VisitorForm(forms.Form):
    """A form that nobody has to sign in for; `submission` makes sending it twice harmless."""

    homepage = DecoyField()
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("submission", uuid.uuid4())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data.pop("homepage", None)
        return data


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
