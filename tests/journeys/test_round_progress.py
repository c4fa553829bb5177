"""The page of a round follows it to its end by itself."""

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from apps.matching.services import open_round
from apps.matching.services.running import run_open_round
from apps.matching.words.rounds import PHASES
from tests import factories
from tests.journeys.visits import Visitor
from tests.ways import make_way

pytestmark = pytest.mark.browser


def test_page_changes_by_itself_when_a_round_goes_on(live: str, chromium: Browser):
    now, user = timezone.now(), factories.UserFactory(coordinator=True)
    make_way(now, need={"quantity": 100}, offer={"quantity": 100}).reject()
    waiting = open_round(by=user, now=now, parameters={})
    visitor = Visitor(chromium, live, user)
    page = visitor.open(f"/rounds/{waiting.pk}/")
    page.evaluate("window.sameVisit = true")
    progress = page.locator("main [role=status]").filter(has=page.locator("progress"))
    expect(progress).to_contain_text("Waiting for the worker.")
    seen = []

    def look(phase: str, done: float) -> None:
        """Called before the row is written: the page shows what was written before."""
        if phase in ("arcs", "check") and phase not in seen:
            expect(progress).to_contain_text("Running: ")
            seen.append(phase)

    done = run_open_round(look)

    assert (done.state, done.state_reason, seen) == ("finished", "", ["arcs", "check"])
    expect(page.locator("h1 .badge")).to_have_text("finished")
    expect(progress).to_have_count(0)
    expect(page.locator("main")).to_contain_text("pairings proposed")
    assert page.evaluate("window.sameVisit")
    assert visitor.complaints == []
    visitor.context.close()
    assert set(seen) <= set(PHASES)
