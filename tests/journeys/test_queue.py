"""The queue as a coordinator works through it: keys, the panel, many at once, seconds to undo."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from apps.matching.models import Match
from tests import factories
from tests.journeys.person import UNPROCESSABLE
from tests.journeys.visits import Visitor
from tests.ways import make_way

pytestmark = pytest.mark.browser
CURRENT = re.compile("is-current")


@pytest.fixture
def matches(live: str) -> list[Match]:
    """Two of the same item, so that a filter shows them alone; the larger stands first."""
    item = factories.ItemFactory(unit="piece")
    needs = {"item": item, "urgency": 1, "quantity": 1000}
    both = {"need": needs, "round": factories.RoundFactory()}
    return [make_way(timezone.now(), quantity=many, **both).match for many in (300, 200)]


@pytest.fixture
def arrive(live: str, chromium: Browser, matches: list[Match]) -> Iterator[Callable[[], Page]]:
    """Opens the queue of the two matches; what the console says fails the test."""
    user = factories.UserFactory(coordinator=True)
    visitor = Visitor(chromium, live, user, viewport={"width": 1280, "height": 900})
    yield lambda: visitor.open(f"/queue/?item={matches[0].need.item_id}")
    visitor.context.close()
    assert [line for line in visitor.complaints if UNPROCESSABLE not in line] == []


def row_of(page: Page, match: Match) -> Locator:
    return page.locator(f'.queue-row[data-key="match-{match.pk}"]')


def states_of(matches: list[Match]) -> list[str]:
    return [Match.objects.get(pk=match.pk).state for match in matches]


def approve_both(page: Page) -> None:
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    page.get_by_role("button", name="Approve those chosen (2)").click()
    expect(page.locator("main")).to_contain_text("2 will be approved")
    expect(page.locator("main")).to_contain_text("500 pieces")
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.locator("[role=status]")).to_contain_text("2 approved")


def test_rows_are_walked_and_chosen_when_keys_are_pressed(arrive, matches):
    page = arrive()
    first, second = (row_of(page, match) for match in matches)

    page.keyboard.press("j")
    expect(first.get_by_role("link")).to_be_focused()
    page.keyboard.press("j")
    expect(second.get_by_role("link")).to_be_focused()
    expect(second).to_have_class(CURRENT)
    expect(first).not_to_have_class(CURRENT)
    page.keyboard.press("x")
    expect(second.get_by_role("checkbox")).to_be_checked()
    expect(page.get_by_role("button", name="Approve those chosen (1)")).to_be_enabled()
    page.keyboard.press("x")
    expect(page.get_by_role("button", name="Approve those chosen")).to_be_disabled()
    page.keyboard.press("k")
    expect(first.get_by_role("link")).to_be_focused()


def test_reason_is_asked_for_when_the_key_for_rejecting_is_pressed(arrive, matches):
    page = arrive()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    panel = page.locator("#panel")
    expect(panel).to_contain_text("Approve 300 pieces")

    page.keyboard.press("r")
    reject = panel.locator("[data-reject]")
    expect(reject.locator("select")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("Tab")
    page.keyboard.type("jaxr?")

    expect(reject.locator("[name=reason]")).to_have_value("jaxr?")
    expect(row_of(page, matches[0])).to_have_class(CURRENT)
    assert states_of(matches) == ["proposed", "proposed"]


def test_what_is_opened_is_approved_when_its_key_is_pressed(arrive, matches):
    page = arrive()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_contain_text("Approve 300 pieces")

    page.keyboard.press("a")

    expect(page.locator("[data-undo]")).to_be_visible()
    expect(page.locator("#panel")).to_contain_text("Approve 200 pieces")
    assert states_of(matches) == ["approved", "proposed"]


def test_keys_do_nothing_when_they_are_switched_off(arrive, matches):
    page = arrive()
    first = row_of(page, matches[0])

    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Shortcuts of this page")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Shortcuts are on").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.reload()
    page.keyboard.press("j")
    expect(first).not_to_have_class(CURRENT)

    page.get_by_role("button", name="Shortcuts (?)").click()
    dialog.get_by_label("Shortcuts are on").check()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(first).to_have_class(CURRENT)


def test_summary_of_faults_takes_the_focus_when_the_panel_is_filled_in_wrongly(arrive):
    page = arrive()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    another = page.locator("#panel details").filter(has=page.locator("[name=quantity]"))
    another.locator("summary").click()
    another.locator("[name=quantity]").fill("100")

    another.get_by_role("button").click()

    summary = page.locator("#panel .error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Say why the quantity differs from the proposed one.")
    another.get_by_role("button").click()
    expect(summary).to_be_focused()
    expect(summary).to_have_count(1)


def test_approvals_are_taken_back_when_undo_is_pressed_in_its_seconds(arrive, matches):
    page = arrive()
    approve_both(page)
    assert states_of(matches) == ["approved", "approved"]

    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_have_text(re.compile(r"Undo \((10|9) s\)"))
    expect(undo).to_have_text("Undo (8 s)")
    undo.click()

    expect(page.locator("[role=status]")).to_contain_text("Undone, and nobody was told")
    expect(row_of(page, matches[1])).to_be_visible()
    assert states_of(matches) == ["proposed", "proposed"]


def test_undo_goes_away_when_its_seconds_are_over(arrive, matches):
    page = arrive()
    page.clock.install()
    approve_both(page)
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()

    page.clock.run_for(10_000)

    expect(undo).to_have_count(0)
    expect(page.locator("[role=status]")).to_contain_text("2 approved")
    assert states_of(matches) == ["approved", "approved"]
