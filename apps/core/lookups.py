"""A choice among more rows than a page can list: typed, found on the server, suggested while typing."""

import re
from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

SUGGESTED = 12
MOST = 20  # rows of a field that takes several
SEPARATOR = re.compile("[;；]")


class Chosen(str):
    """The code of a row, with the name that scripts show for it."""

    label: str

    def __new__(cls, row: Any) -> "Chosen":
        chosen = super().__new__(cls, row.code)
        chosen.label = str(row)
        return chosen

    @classmethod
    def several(cls, rows: Collection[Any]) -> "Chosen":
        chosen = super().__new__(cls, ";".join(row.code for row in rows))
        chosen.label = ";".join(map(str, rows))
        return chosen


class LookupInput(forms.TextInput):
    """A text input that scripts turn into a box with suggestions from the address `suggests`."""

    def __init__(self, suggests: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.suggests = suggests

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = {"data-suggests": reverse(self.suggests)}
        if isinstance(value, Chosen):
            shown["data-label"] = value.label
        context["widget"]["attrs"] |= shown
        return context

    class Media:
        js = (
            Script("vendor/tom-select/tom-select.base.min.js", defer=True),
            Script("js/lookup.js", defer=True),
        )
        css = {"all": ("vendor/tom-select/tom-select.bootstrap5.min.css",)}


class LookupField(forms.CharField):
    """One row, by its `code` or by what it is called.

    `queryset` is what may be chosen; its method `search(text)` finds rows by a part of their names,
    and a row's `lookup_note` tells it from others of its name.
    What fits exactly one row, or one row's whole name, is that row; otherwise the error names those
    that fit, so that also without a script the next attempt succeeds.
    """

    default_error_messages = {
        "required": _("Type a name and choose one."),
        "none": _("Nothing is called “%(text)s”."),
        "several": _("Several fit “%(text)s”: %(names)s. Type the whole name or its code."),
    }

    def __init__(self, queryset: Any, *, suggests: str, **kwargs: Any) -> None:
        super().__init__(widget=LookupInput(suggests), max_length=120, **kwargs)
        self.queryset = queryset

    def prepare_value(self, value: Any) -> Any:
        return Chosen(value) if hasattr(value, "code") else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text or not isinstance(text, str):
            return None
        super().run_validators(text)  # before the database reads it
        return self.queryset.filter(code=text).first() or self.called(text)

    def called(self, text: str) -> Any:
        found = sorted(self.queryset.search(text)[: SUGGESTED + 1], key=str)
        whole = [row for row in found if text.casefold() in names_of(row)]
        fitting = whole if len(whole) == 1 else found
        if len(fitting) == 1:
            return fitting[0]
        names = "; ".join(f"{row} ({row.code})" for row in found[:SUGGESTED])
        code = "several" if found else "none"
        raise ValidationError(
            self.error_messages[code], code=code, params={"text": text, "names": names}
        )

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """They looked at the text, not at the row that it became."""


class LookupsField(LookupField):
    """Several rows, separated by semicolons of either script."""

    default_error_messages = {"many": _("Name at most %(most)s.")}

    def __init__(self, queryset: Any, **kwargs: Any) -> None:
        super().__init__(queryset, **kwargs)
        self.widget.attrs |= {"data-several": "", "maxlength": str(MOST * (self.max_length or 1))}

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else Chosen.several(value)

    def to_python(self, value: Any) -> Any:
        texts = SEPARATOR.split(value or "")
        if len(texts) > MOST:
            raise ValidationError(self.error_messages["many"], code="many", params={"most": MOST})
        return list(dict.fromkeys(filter(None, map(super().to_python, texts))))

    def validate(self, value: Any) -> None:
        super().validate(value or None)


def names_of(row: Any) -> set[str]:
    names = (getattr(row, name, "") or "" for name in ("name", "name_en", "name_zh_hans"))
    return {name.casefold() for name in names}


def suggestions(request: HttpRequest, queryset: Any) -> JsonResponse:
    """At most a dozen rows that fit `?q=`, as {"value": code, "text": name, "note": where or what}."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:120]
    found = queryset.search(text)[:SUGGESTED] if text else []
    rows = [{"value": row.code, "text": str(row), "note": str(row.lookup_note)} for row in found]
    return JsonResponse({"results": rows})
