"""What is drawn without templates is what Django's templates draw."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html
from django.utils.safestring import mark_safe

from apps.core.widgets import Renderer

GROUPS = [("", "<none>"), ("A & B", [(1, "one"), ("<2>", mark_safe("<b>two</b>"))]), (3, "three")]
ATTRS = {"id": "x", "title": 'a "b" <c>', "required": True, "disabled": False, "data-n": 0}
WIDGETS = [
    (forms.Select(choices=GROUPS), "<2>"),
    (forms.Select(choices=GROUPS), None),
    (forms.Select(choices=GROUPS), 9),
    (forms.Select(), "1"),
    (forms.SelectMultiple(choices=GROUPS), ["1", "3"]),
    (forms.NullBooleanSelect(), True),
    (forms.TextInput(), '"<&>'),
    (forms.TextInput(), None),
    (forms.TextInput(), ""),
    (forms.NumberInput(), 0),
    (forms.EmailInput(), "a@example.org"),
    (forms.URLInput(), "https://example.org/?a=1&b=2"),
    (forms.PasswordInput(), "never shown"),
    (forms.HiddenInput(), 7),
    (forms.DateInput(attrs={"type": "date"}), "2026-05-01"),
    (forms.CheckboxInput(), True),
    (forms.CheckboxInput(), False),
    (forms.Textarea(), "<p>"),
]


@pytest.mark.parametrize(("widget", "value"), WIDGETS)
@pytest.mark.parametrize("attrs", [{}, ATTRS])
def test_widget_is_drawn_as_by_its_template_when_it_is_drawn_without(widget, value, attrs):
    drawn = widget.render("n&me", value, attrs, renderer=Renderer())

    assert parse_html(drawn) == parse_html(
        widget.render("n&me", value, attrs, renderer=DjangoTemplates())
    )
    assert type(drawn) is type(mark_safe(""))
