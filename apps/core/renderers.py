"""Inputs and choices of forms, made without a template for each option."""

from collections.abc import Callable
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

INPUTS = ["date", "email", "hidden", "number", "password", "search", "tel", "text", "url"]


class QuickRenderer(DjangoTemplates):
    """Django's own HTML; a filter form of 130 options costs a tenth of what its templates do."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        quick = QUICK.get(template_name)
        if quick is None:
            return super().render(template_name, context, request)
        return quick(context["widget"])


def select(widget: dict[str, Any]) -> SafeString:
    groups = format_html_join("", "{}", ((group(*each),) for each in widget["optgroups"]))
    return format_html(
        '<select name="{}"{}>{}\n</select>', widget["name"], attributes(widget["attrs"]), groups
    )


def group(name: str | None, options: list[dict[str, Any]], __: int) -> SafeString:
    lines = mark_safe("".join(map(option, options)))  # noqa: S308 (escaped one by one)
    if not name:
        return lines
    return format_html('\n  <optgroup label="{}">{}\n  </optgroup>', name, lines)


def option(widget: dict[str, Any]) -> str:
    label = conditional_escape(localize(widget["label"]))
    attrs = attributes(widget["attrs"])
    return f'\n  <option value="{escape(str(widget["value"]))}"{attrs}>{label}</option>'


def single_input(widget: dict[str, Any]) -> SafeString:
    value = widget["value"]
    return format_html(
        '<input type="{}" name="{}"{}{}>',
        widget["type"],
        widget["name"],
        "" if value is None else format_html(' value="{}"', str(value)),
        attributes(widget["attrs"]),
    )


def attributes(attrs: dict[str, Any]) -> SafeString:
    return format_html_join("", "{}", ((attribute(*each),) for each in attrs.items()))


def attribute(name: str, value: Any) -> SafeString | str:
    if value is False:
        return ""
    return format_html(" {}", name) if value is True else format_html(' {}="{}"', name, str(value))


QUICK: dict[str, Callable[[dict[str, Any]], str]] = {
    "django/forms/widgets/select.html": select,
    **{f"django/forms/widgets/{kind}.html": single_input for kind in INPUTS},
}
