from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.core.forms import DateField
from apps.postings.forms.lines import URGENCIES


def text_area(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class HeadForm(forms.Form):
    """What all lines share, unless a line says otherwise; the details keep their language."""

    head_rare: ClassVar[tuple[str, ...]] = (
        *("details", "language", "details_translation", "translation_language", "expires_on"),
    )

    details = forms.CharField(
        label=_("Details"),
        required=False,
        max_length=2000,
        widget=text_area(3),
        help_text=_(
            "For whom, which standard, which papers. Public: no names, no telephone numbers."
        ),
    )
    language = forms.ChoiceField(
        label=_("Language of the details"), choices=settings.LANGUAGES, required=False
    )
    details_translation = forms.CharField(
        label=_("Your translation of the details"),
        required=False,
        max_length=2000,
        widget=text_area(3),
        help_text=_("If you have one. It is shown beside the details as given by your city."),
    )
    translation_language = forms.ChoiceField(
        label=_("Language of the translation"), choices=settings.LANGUAGES, required=False
    )
    expires_on = DateField(
        label=_("Show until"), required=False, help_text=_("30 days from today if left empty.")
    )

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        """`language` is that of the page, in which people mostly write."""
        super().__init__(*args, **kwargs)
        self.page_language = language
        self.initial.setdefault("language", language)
        self.initial.setdefault("translation_language", other_than(language))

    def usual_head(self) -> list[forms.BoundField]:
        return [self[name] for name in HEAD if name in self.fields]

    def rare_head(self) -> list[forms.BoundField]:
        return [self[name] for name in self.head_rare]

    def uses_rare_head(self) -> bool:
        texts = (self["details"], self["details_translation"])
        return any(field.value() for field in texts) or any(
            field.errors for field in self.rare_head()
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["language"] = data.get("language") or self.page_language
        if not data.get("details_translation"):
            data["translation_language"] = ""
            return data
        given = data.get("translation_language") or other_than(data["language"])
        data["translation_language"] = given
        if given == data["language"]:
            self.add_error("translation_language", _("The details are in this language already."))
        return data


def other_than(language: str) -> str:
    return next(code for code, __ in settings.LANGUAGES if code != language)


class NeedHead(HeadForm):
    urgency = forms.TypedChoiceField(
        label=_("Urgency"),
        choices=URGENCIES,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how urgent the need is.")},
    )
    needed_by = DateField(label=_("Needed by"), required=False)


class OfferHead(HeadForm):
    available_from = DateField(label=_("Available from"), required=False)
    available_until = DateField(label=_("Available until"), required=False)


HEAD = ("urgency", "needed_by", "available_from", "available_until")
