"""The same form arriving several times at the same moment, from one browser on a poor line."""

import uuid

from django.utils import timezone

from apps.dashboard.invariants import check_invariants
from apps.postings.models import Posting
from apps.postings.services import draft_posting, publish_postings
from tests import factories
from tests.concurrency.races import at_once

TIMES = 4


def test_one_posting_is_made_when_a_form_arrives_several_times_at_once():
    officer, item, token = factories.LiaisonFactory(), factories.ItemFactory(), uuid.uuid4()

    def send() -> int:
        now = timezone.now()
        fields = {"item": item, "quantity": 5, "submission": token}
        return draft_posting(officer.city, "offer", by=officer.user, now=now, **fields).pk

    made = at_once([send] * TIMES)

    assert made == [Posting.objects.get().pk] * TIMES
    assert check_invariants() == []


def test_every_line_is_published_once_when_a_sheet_arrives_several_times_at_once():
    officer = factories.LiaisonFactory()
    lines = {
        number: {"item": factories.ItemFactory(), "quantity": 5, "submission": uuid.uuid4()}
        for number in range(3)
    }

    def send() -> list[int]:
        made = publish_postings(officer.city, "offer", lines, by=officer.user, now=timezone.now())
        return [posting.pk for posting in made]

    made = at_once([send] * TIMES)

    wanted = list(Posting.objects.order_by("pk").values_list("pk", flat=True))
    assert made == [wanted] * TIMES
    assert set(Posting.objects.values_list("state", "version")) == {("open", 1)}
    assert check_invariants() == []
