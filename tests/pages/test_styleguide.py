"""The style guide shows the very parts that the pages are made of, in their states."""

import pytest
from django.urls import reverse

from tests.pages.html import Page

pytestmark = pytest.mark.django_db
PARTS = {
    "components/bar_chart.html",
    "components/empty.html",
    "components/error_summary.html",
    "components/messages.html",
    "components/pair.html",
    "components/score_bars.html",
    "components/text.html",
    "components/verb_form.html",
    "dashboard/_cover.html",
    "dashboard/_map.html",
    "dashboard/_no_tasks.html",
    "dashboard/_queue_panel.html",
    "dashboard/_queue_rows.html",
    "dashboard/_reasons.html",
    "dashboard/_tasks.html",
    "matching/_progress.html",
    "pairings/_thread.html",
}
SAID = (
    "overdue",
    "Later",
    "Nothing waits for you.",
    "Nobody has written yet.",
    "you serve this city",
    "stays uncovered: 900 pieces",
    "Open a row to see here why it is proposed",
    "Waiting for the worker.",
    "Running: finding the reasons, 42 %",
    "position not known to us",
    "Undo",
)


def test_parts_are_shown_in_their_states_when_staff_opens_the_style_guide(client, administrator):
    client.force_login(administrator)

    response = client.get(reverse("dashboard:styleguide"))

    assert {template.name for template in response.templates} >= PARTS
    page = Page(response.text)
    assert [words for words in SAID if words not in page.words] == []
