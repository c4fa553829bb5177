import uuid

import pytest
from django.core.exceptions import PermissionDenied

from apps.audit.models import AuditEntry
from apps.postings.models import Posting
from apps.postings.services import LineRefused, draft_postings, publish_postings, withdraw_posting
from tests import factories
from tests.unchanged import nothing_changes


@pytest.fixture
def lines(masks):
    visors = factories.ItemFactory()
    return {
        0: {"item": masks, "quantity": 100, "urgency": 1, "submission": uuid.uuid4()},
        3: {"item": visors, "quantity": 200, "urgency": 2, "submission": uuid.uuid4()},
    }


def test_every_line_is_open_when_published(city, officer, lines, now):
    made = publish_postings(city, "need", lines, by=officer, now=now)

    assert [(p.item, p.quantity, p.urgency, p.state, p.opened_at) for p in made] == [
        (line["item"], line["quantity"], line["urgency"], "open", now) for line in lines.values()
    ]


def test_nothing_is_published_and_the_line_is_named_when_one_is_refused(
    city, officer, lines, manual, now
):
    lines[3]["substitutes"] = [manual]

    with nothing_changes(), pytest.raises(LineRefused) as refused:
        publish_postings(city, "need", lines, by=officer, now=now)

    assert (refused.value.number, refused.value.field) == (3, "substitutes")
    assert refused.value.message == "Manual is counted in another unit."


@pytest.mark.parametrize("service", [draft_postings, publish_postings])
def test_nothing_more_happens_when_the_same_is_sent_again(city, officer, lines, now, service):
    first = service(city, "need", lines, by=officer, now=now)

    with nothing_changes():
        second = service(city, "need", lines, by=officer, now=now)

    assert first == second


def test_draft_becomes_what_was_sent_last_when_it_is_published(city, officer, lines, manual, now):
    drafts = draft_postings(city, "need", lines, by=officer, now=now)
    lines[0] |= {"quantity": 150, "details": "For two hospitals."}

    made = publish_postings(city, "need", lines, by=officer, now=now)

    assert made == drafts
    found = Posting.objects.order_by("pk").values_list("quantity", "details", "version", "state")
    assert list(found) == [(150, "For two hospitals.", 2, "open"), (200, "", 1, "open")]
    verbs = AuditEntry.objects.filter(subject_id=str(drafts[1].pk)).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["draft_posting", "publish_posting"]


def test_published_line_stays_as_it_is_when_the_page_is_sent_again_otherwise(
    city, officer, lines, now
):
    publish_postings(city, "need", lines, by=officer, now=now)
    lines[0]["quantity"] = 999

    with nothing_changes():
        made = publish_postings(city, "need", lines, by=officer, now=now)

    assert made[0].quantity == 100


def test_somebody_elses_line_is_not_taken_over_when_its_number_is_known(city, officer, lines, now):
    draft_postings(city, "need", lines, by=officer, now=now)
    other = factories.LiaisonFactory()

    with nothing_changes(), pytest.raises(PermissionDenied):
        publish_postings(other.city, "need", lines, by=other.user, now=now)


def test_withdrawn_draft_is_not_published_when_the_page_is_sent_again(city, officer, lines, now):
    draft, __ = draft_postings(city, "need", lines, by=officer, now=now)
    withdraw_posting(draft, by=officer, now=now, reason="a mistake")

    with nothing_changes(), pytest.raises(LineRefused) as refused:
        publish_postings(city, "need", lines, by=officer, now=now)

    assert refused.value.number == 0
