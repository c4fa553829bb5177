"""Every form says at the field what is wrong with it, keeps what was entered, and stores nothing."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from apps.accounts.models import User
from apps.core.forms import DateField, QuantityField
from apps.matching.models import Round
from tests.pages.addresses import address
from tests.pages.html import Page
from tests.pages.matrix import ROWS, STARTS_A_ROUND, Row, data_for
from tests.unchanged import fingerprint, nothing_changes, stored

FORMS = list({row.name: row for row in reversed(ROWS) if "302" in row.answers.values()}.values())
FORMS = [
    row
    for row in FORMS
    if row.method == "POST"
    and not row.name.startswith("notifications:notification_read")
    and row.name != "dashboard:approve_chosen"  # boxes beside the rows of a list
]
SUMMARY = 'id="error-summary"'
HOSTILE = "<script>alert('x')</script> ' \" & {{ 7 }} {% url %} %s"
BAD = {
    QuantityField: ["1e14", "-5", "1.5", "ten", "9" * 5_000, "0x10", "1_000", "١٬٠٠٠٬٠٠٠٬٠٠١"],
    DateField: ["0001-01-01", "9999-12-31", "2026-02-30", "03/04/2026", "tomorrow", "9" * 5_000],
    forms.URLField: ["javascript:alert(1)", "ftps://example.org/x", "http://", "a" * 600, "data:x"],
    forms.EmailField: ["nobody", "a@b", "a" * 300 + "@example.org"],
    forms.CharField: ["\x00", "a\x07b", "\u202egnp.exe", "\u200b\u2060\u00ad", "a" * 10_001],
    forms.ModelMultipleChoiceField: ["nonsense", str(10**20), "-1", "\x00"],
    forms.ModelChoiceField: ["nonsense", str(10**20), "-1", "\x00"],
    forms.TypedChoiceField: ["nonsense", "9", "\x00"],
    forms.ChoiceField: ["nonsense", "\x00", "a" * 10_000],
    forms.IntegerField: ["nonsense", "1e14"],
    forms.UUIDField: ["nonsense", "a" * 10_000],
}
KEPT = (QuantityField, DateField, forms.CharField)


class Filled:
    """A form as somebody who may send it fills it in."""

    def __init__(self, row: Row, world: Any, sign_in: Any) -> None:
        if row.name in STARTS_A_ROUND:
            Round.objects.filter(state="open").update(state="cancelled")
        self.url = address(row.name, world[row.key] if row.key else None)
        self.data = data_for(row.name, world)
        persona = next(persona for persona, status in row.answers.items() if status == "302")
        self.browser = sign_in(world.persona(persona, row.key))
        form = self.browser.get(self.url).context["form"]
        self.fields: dict[str, forms.Field] = form.fields
        self.data = {name: self.data[name] for name in self.fields if name in self.data}

    def send(self, **changes: Any) -> Any:
        return self.browser.post(self.url, {**self.data, **changes})

    def faults(self) -> Iterator[tuple[str, str, Any]]:
        for name, field in self.fields.items():
            kind = next((kind for kind in BAD if isinstance(field, kind)), None)
            yield from ((name, bad, field) for bad in BAD.get(kind, ()))


def says(response: Any, name: str) -> bool:
    return f'id="error_1_id_{name}"' in response.text


@pytest.mark.parametrize("row", FORMS, ids=str)
def test_form_names_every_field_that_is_missing_when_it_is_sent_empty(row, world, sign_in):
    filled = Filled(row, world, sign_in)
    required = [name for name, field in filled.fields.items() if field.required]
    visible = [name for name in required if not filled.fields[name].widget.is_hidden]
    if not required:
        return

    with nothing_changes():
        response = filled.browser.post(filled.url, {})

    assert (response.status_code, [name for name in visible if not says(response, name)]) == (
        422,
        [],
    )


@pytest.mark.parametrize("row", FORMS, ids=str)
def test_summary_comes_first_takes_the_focus_and_leads_to_the_fields(row, world, sign_in):
    filled = Filled(row, world, sign_in)
    required = [
        name
        for name, field in filled.fields.items()
        if field.required and not field.widget.is_hidden
    ]
    if not required:
        return

    before = filled.browser.get(filled.url).text
    after = filled.browser.post(filled.url, {}).text

    targets = re.findall(r'<a href="#([^"]+)">', summary(after))
    assert [name for name in required if f"id_{name}" not in " ".join(targets)] == []
    assert [target for target in targets if f' id="{target}"' not in after] == []
    assert "This field is required" not in after
    assert Page(after).title == f"Error: {Page(before).title}"
    assert SUMMARY in after
    assert SUMMARY not in before


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Error: Sign in"), ("zh-hans", "错误： 登录")]
)
def test_summary_says_what_is_wrong_with_the_form_as_a_whole(language, title, world, sign_in):
    with translation.override(language):
        url = reverse("account_login")
        response = sign_in(None).post(url, {"login": "nobody@example.org", "password": "x"})
        sentence = response.context["form"].non_field_errors()[0]

    assert " ".join(Page(response.text).title.split()) == f"{title} · Counterpart"
    assert response.text.count(escape(sentence)) == 1
    assert escape(sentence) in summary(response.text)


def summary(text: str) -> str:
    """The list of faults, which is the first thing in the page that takes the focus."""
    before, __, rest = text.partition('role="alert" tabindex="-1" autofocus')
    assert rest
    assert "<h1" not in before
    assert "autofocus" not in before
    return rest.partition("</div>")[0]


@pytest.mark.parametrize("row", FORMS, ids=str)
def test_form_names_the_field_and_keeps_what_was_entered_when_one_is_wrong(row, world, sign_in):
    filled, found = Filled(row, world, sign_in), []

    with nothing_changes():
        for name, bad, field in filled.faults():
            response = filled.send(**{name: bad})
            if response.status_code != 422:
                found.append(f"{name}={bad[:30]!r} answers {response.status_code}")
            elif field.widget.is_hidden:
                continue
            elif not says(response, name):
                found.append(f"{name}={bad[:30]!r} is not named")
            elif not keeps(response.text, {**filled.data, name: bad}, filled.fields):
                found.append(f"{name}={bad[:30]!r} loses what was entered")

    assert found == []


def keeps(text: str, data: dict[str, Any], fields: dict[str, forms.Field]) -> bool:
    """Whether every text that was typed stands in the form again."""
    typed = [
        str(value)
        for name, value in data.items()
        if isinstance(fields[name], KEPT) and "\x00" not in str(value)
    ]
    return all(escape(value) in text for value in typed)


@pytest.mark.parametrize("row", FORMS, ids=str)
def test_every_text_of_a_form_has_a_limit(row, world, sign_in):
    filled = Filled(row, world, sign_in)
    texts = [
        name
        for name, field in filled.fields.items()
        if isinstance(field, forms.CharField) and not isinstance(field, QuantityField)
    ]

    with nothing_changes():
        found = {name: filled.send(**{name: "a" * 2_001}).status_code for name in texts}

    assert found == dict.fromkeys(texts, 422)


@pytest.mark.parametrize("row", FORMS, ids=str)
def test_markup_is_shown_as_text_when_it_is_entered(row, world, sign_in):
    filled = Filled(row, world, sign_in)
    texts = {
        name: HOSTILE
        for name, field in filled.fields.items()
        if type(field) is forms.CharField and name not in ("office_phone", "phone", "time_zone")
    }
    if not texts:
        return
    before = stored()

    sent = filled.send(**texts)
    assert (sent.status_code, stored() != before) == (302, True)
    page = filled.browser.get(sent.url)

    assert (page.status_code, Page(page.text).faults, "<script>alert" in page.text) == (
        200,
        [],
        False,
    )


@pytest.mark.parametrize("row", FORMS, ids=str)
def test_form_shows_markup_as_text_when_something_else_is_wrong(row, world, sign_in):
    filled = Filled(row, world, sign_in)
    texts = [name for name, field in filled.fields.items() if isinstance(field, forms.CharField)]
    if not texts:
        return

    with nothing_changes():
        response = filled.send(**dict.fromkeys(texts, HOSTILE * 400))

    assert (response.status_code, "<script>alert" in response.text) == (422, False)
    assert escape(HOSTILE) in response.text


@pytest.mark.parametrize("row", FORMS, ids=str)
def test_nothing_else_is_set_when_a_form_carries_more_than_it_asks(row, world, sign_in):
    """State, decider, sums and the like are nobody's to send."""
    filled = Filled(row, world, sign_in)
    forged = {
        **dict.fromkeys(["state", "answer", "source", "hash", "code", "decision_reason"], "forged"),
        **dict.fromkeys(["allocated", "fulfilled", "dispatched", "received"], "987654321"),
        **dict.fromkeys(["is_demo", "is_superuser", "is_lead", "is_ambiguous"], "on"),
        "role": "administrator",
    }

    response = filled.send(**forged)

    found = repr(fingerprint())
    assert response.status_code == 302
    assert [word for word in FORGED if word in found] == []
    assert User.objects.get(role="administrator") == world.administrator


FORGED = ["forged", "987654321", *(f"'is_{word}': True" for word in ("demo", "superuser", "lead"))]
