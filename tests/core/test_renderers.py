"""What the quick renderer makes is what Django's templates make."""

import datetime

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from apps.core.renderers import QUICK, QuickRenderer

CHOICES = [
    ("", "---------"),
    (1, _("Yes")),
    ("<b>", 'A "quoted" & <i>marked</i> word'),
    ("safe", mark_safe("<span>safe</span>")),
    (12000, 12000),
    ("Group <1>", [("a", "A"), ("b", "B")]),
]
ODD = {"class": "a b", "required": True, "disabled": False, "data-x": '"><script>', "maxlength": 5}
WIDGETS = {
    "select": (forms.Select(choices=CHOICES), "<b>"),
    "select of a group": (forms.Select(choices=CHOICES), "b"),
    "select of nothing": (forms.Select(choices=[]), None),
    "select of unknown": (forms.Select(choices=CHOICES), "unknown"),
    "text": (forms.TextInput(), '"><script>alert(1)</script>'),
    "number": (forms.NumberInput(), 12000),
    "nothing": (forms.TextInput(), None),
    "empty": (forms.TextInput(), ""),
    "hidden": (forms.HiddenInput(), 7),
    "date": (forms.DateInput(), datetime.date(2020, 4, 1)),
    "password": (forms.PasswordInput(), "secret"),
    "e-mail": (forms.EmailInput(), "a@example.org"),
    "address": (forms.URLInput(), "https://example.org/?a=1&b=2"),
}


@pytest.mark.parametrize("attrs", [{}, ODD], ids=["plain", "with attributes"])
@pytest.mark.parametrize(("widget", "value"), WIDGETS.values(), ids=WIDGETS)
def test_html_is_the_same_as_of_templates(widget, value, attrs):
    here = widget.render("name <1>", value, attrs, QuickRenderer())
    there = widget.render("name <1>", value, attrs, DjangoTemplates())

    assert parse_html(here) == parse_html(there)
    assert "<script>" not in here


def test_every_quick_widget_replaces_a_template_of_django():
    assert all(DjangoTemplates().get_template(name) for name in QUICK)
