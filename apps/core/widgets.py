"""Inputs and selects as Django draws them, without a template and its includes for every option."""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

FOLDER = "django/forms/widgets/"
INPUTS = {
    f"{FOLDER}{kind}.html"
    for kind in ("text", "number", "email", "url", "password", "hidden", "date", "checkbox")
}


class Renderer(DjangoTemplates):
    """Draws the widgets a page has many of; all others, and whole forms, by their templates."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> Any:
        if template_name in INPUTS:
            return input_(context["widget"])
        if template_name == f"{FOLDER}select.html":
            return select(context["widget"])
        return super().render(template_name, context, request)


def input_(widget: Mapping[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else format_html(' value="{}"', str(widget["value"]))
    drawn = (widget["type"], widget["name"], value, attributes(widget["attrs"]))
    return format_html('<input type="{}" name="{}"{}{}>', *drawn)


def select(widget: Mapping[str, Any]) -> SafeString:
    lines = [format_html('<select name="{}"{}>', widget["name"], attributes(widget["attrs"]))]
    for group, options, __ in widget["optgroups"]:
        drawn = [option(one) for one in options]
        if group:
            drawn = [format_html('<optgroup label="{}">', group), *drawn, "</optgroup>"]
        lines += drawn
    return SafeString("\n".join([*lines, "</select>"]))


def option(widget: Mapping[str, Any]) -> str:
    value, label = conditional_escape(str(widget["value"])), conditional_escape(widget["label"])
    return f'<option value="{value}"{attributes(widget["attrs"])}>{label}</option>'


def attributes(attrs: Mapping[str, Any]) -> SafeString:
    """Those that are False are left out, those that are True stand without a value."""
    return SafeString(
        "".join(
            f" {conditional_escape(name)}"
            + ("" if value is True else f'="{conditional_escape(str(value))}"')
            for name, value in attrs.items()
            if value is not False
        )
    )
