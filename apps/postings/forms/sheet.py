"""The form on which a city posts: a head for all lines, and any number of lines."""

import re
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.forms import guard_texts, say_what_is_missing
from apps.postings.forms.catalogue import Catalogue
from apps.postings.forms.head import NeedHead, OfferHead
from apps.postings.forms.lines import LineForm, NeedLine, OfferLine
from apps.postings.models import Kind

FORMS = {Kind.NEED: (NeedHead, NeedLine), Kind.OFFER: (OfferHead, OfferLine)}
HEADINGS = {Kind.NEED: _("Post a need"), Kind.OFFER: _("Post an offer")}
MOST_LINES = 30
LINE = re.compile(r"line-([0-9]{1,3})-item")


class PostingSheet:
    """Behaves as one form: fields and errors go by their names in the page, `line-0-item`.

    `submission` is the number of the whole sheet; a line's own follows from it and from its place, so
    that a sheet sent twice is published once, whatever was added or taken out in between.
    """

    def __init__(
        self,
        kind: Kind,
        data: QueryDict | None = None,
        *,
        language: str,
        head: Mapping[str, Any] | None = None,
        lines: Iterable[Mapping[str, Any]] = ({},),
        checked: Collection[str] = ("head", "lines"),
    ) -> None:
        """Empty, with what `head` and `lines` preset; or as it was sent in `data`, of which the parts
        `checked` show their faults and the others only what was typed.
        """
        self.kind, self.heading = kind, HEADINGS[kind]
        self.data, self.checked, self.catalogue = data, checked, Catalogue()
        head_form, line_form = FORMS[kind]
        self.head = self.build(head_form, None, head, language=language)
        presets = enumerate(lines) if data is None else ((n, {}) for n in numbers_in(data))
        self.lines: dict[int, LineForm] = {
            number: self.build(line_form, f"line-{number}", initial, **self.for_lines)
            for number, initial in presets
        }
        if not any(line.has_changed() for line in self.lines.values()):
            next(iter(self.lines.values())).empty_permitted = False
        self.ask_once()
        sent = data.get("submission", "") if data else ""
        self.submission = as_uuid(sent) or uuid.uuid4()

    def build(self, form: type[Any], prefix: str | None, initial: Any, **kwargs: Any) -> Any:
        if self.data is None:
            built = form(prefix=prefix, initial=dict(initial or {}), **kwargs)
        elif ("lines" if prefix else "head") in self.checked:
            built = form(self.data, prefix=prefix, **kwargs)
        else:
            built = form(prefix=prefix, initial=typed(form, self.data, prefix), **kwargs)
        guard_texts(built)
        say_what_is_missing(built)
        return built

    def ask_once(self) -> None:
        """What every line says itself need not be said for all."""
        for name, field in self.head.fields.items():
            lines = self.filled.values()
            if field.required and lines and all(line[name].value() for line in lines):
                field.required = False

    @property
    def for_lines(self) -> dict[str, Any]:
        """A line left empty is no line, unless all are."""
        return {
            "catalogue": self.catalogue,
            "empty_permitted": True,
            "use_required_attribute": False,
        }

    @property
    def blank_line(self) -> LineForm:
        """What the page's script copies when a line is added."""
        return FORMS[self.kind][1](prefix="line-X", **self.for_lines)

    @property
    def may_grow(self) -> bool:
        return len(self.lines) < MOST_LINES

    @property
    def parts(self) -> list[forms.Form]:
        return [*self.lines.values(), self.head]

    @property
    def filled(self) -> dict[int, LineForm]:
        return {number: line for number, line in self.lines.items() if line.has_changed()}

    @property
    def fields(self) -> dict[str, forms.Field]:
        return {
            form.add_prefix(name): field
            for form in self.parts
            for name, field in form.fields.items()
        }

    def __getitem__(self, name: str) -> forms.BoundField:
        return {field.html_name: field for field in self}[name]

    def __iter__(self) -> Iterator[forms.BoundField]:
        return chain.from_iterable(self.parts)

    @property
    def errors(self) -> dict[str, list[str]]:
        return {
            name if name == "__all__" else form.add_prefix(name): found
            for form in self.parts
            for name, found in form.errors.items()
        }

    def non_field_errors(self) -> list[str]:
        return [str(error) for form in self.parts for error in form.non_field_errors()]

    def is_valid(self) -> bool:
        return all(form.is_valid() for form in self.parts)

    def refuse(self, error: DomainError, number: int) -> None:
        """Put what the domain refused at the line's own field, or at the one that all lines share."""
        line = self.filled[number]
        if error.field in line.fields and (
            error.field not in self.head.fields or line.cleaned_data.get(error.field)
        ):
            line.add_error(error.field, error.message)
        else:
            self.head.add_error(
                error.field if error.field in self.head.fields else None, error.message
            )

    def rows(self) -> dict[int, dict[str, Any]]:
        """What each line posts: its own values, the head's where it has none, and its number."""
        shared = dict(self.head.cleaned_data)
        if not shared["expires_on"]:
            del shared["expires_on"]
        return {
            number: {
                **shared,
                **{
                    name: value
                    for name, value in line.cleaned_data.items()
                    if value or name not in shared
                },
                "submission": uuid.uuid5(self.submission, str(number)),
            }
            for number, line in self.filled.items()
        }


def numbers_in(data: Mapping[str, Any]) -> list[int]:
    found = sorted(int(match[1]) for name in data if (match := LINE.fullmatch(name)))
    return found[:MOST_LINES] or [0]


def typed(form: type[forms.Form], data: QueryDict, prefix: str | None) -> dict[str, Any]:
    """What stands in the fields, as it was sent."""
    return {
        name: field.widget.value_from_datadict(data, {}, f"{prefix}-{name}" if prefix else name)
        for name, field in form.base_fields.items()
    }


def as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
