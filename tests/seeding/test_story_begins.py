"""When the story is told, and what becomes of a step that a service refuses."""

from datetime import datetime, timedelta

from apps.dashboard.invariants import check_invariants
from apps.matching.services import open_round
from apps.pairings.models import Pairing
from apps.postings.models import Posting
from apps.seeding.demo import Demo
from apps.seeding.story import read_script, tell_story

BOTH = ["cn-js-wuxi", "us-tx-san-antonio"]
WUXI = "officer.wuxi@demo.example"


def test_story_is_not_told_when_a_round_was_opened(demo: Demo, now: datetime) -> None:
    open_round(by=None, now=now, parameters={})

    assert tell_story(read_script(), now=now) is None
    assert Pairing.objects.count() == 0


def test_story_goes_on_when_a_step_is_refused(demo: Demo, now: datetime) -> None:
    propose = {"does": "propose_pairing", "between": BOTH, "note": "demo"}
    accept = {"does": "accept_pairing", "between": BOTH}
    post = {"does": "post", "key": "late", "kind": "offer", "item": "goggles", "quantity": 5}
    rows = [
        {"days_ago": 3, "by": [WUXI], **accept},
        {"days_ago": 3, "by": [WUXI], **post, "details": "demo", "expires_in": -1},
        {"days_ago": 2, "by": [WUXI, WUXI], **propose},
    ]

    told = tell_story(rows, now=now)

    assert told is not None
    assert told.steps == 1
    assert [line.split(": ")[0] for line in told.left_out] == [
        "demo_story.json, row 1",
        "demo_story.json, row 2",
        "demo_story.json, row 3",
    ]
    assert Pairing.objects.get().created_at == now - timedelta(days=2)
    assert Posting.objects.filter(source="demo:story:late").count() == 0
    assert check_invariants() == []
