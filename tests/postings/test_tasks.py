from datetime import UTC, date, datetime

import pytest
import time_machine

from apps.notifications.models import Notification
from apps.postings.models import Posting
from apps.postings.tasks import expire_postings
from tests import factories
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

LAST_DAY = date(2026, 3, 1)


def posting_in(zone: str, **fields: object) -> Posting:
    return factories.NeedFactory(city__time_zone=zone, expires_on=LAST_DAY, **fields)


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        ("Pacific/Kiritimati", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("Asia/Shanghai", datetime(2026, 3, 1, 16, tzinfo=UTC)),
        ("UTC", datetime(2026, 3, 2, 0, tzinfo=UTC)),
        ("America/Chicago", datetime(2026, 3, 2, 6, tzinfo=UTC)),
        ("Pacific/Pago_Pago", datetime(2026, 3, 2, 11, tzinfo=UTC)),
    ],
)
def test_posting_expires_at_midnight_of_its_city_when_the_job_runs(zone, midnight):
    posting = posting_in(zone)

    with time_machine.travel(midnight.timestamp() - 1, tick=False), nothing_changes():
        before = expire_postings()
    with time_machine.travel(midnight, tick=False):
        after = expire_postings()

    posting.refresh_from_db()
    assert (before, after) == (0, 1)
    assert (posting.state, posting.state_since) == ("expired", midnight)


def test_only_those_whose_day_is_over_expire_when_two_cities_are_half_a_day_apart():
    shanghai, chicago = posting_in("Asia/Shanghai"), posting_in("America/Chicago")
    held = posting_in("Asia/Shanghai", state="held")
    for state in ("draft", "fulfilled", "withdrawn", "expired"):
        posting_in("Asia/Shanghai", state=state)

    with time_machine.travel(datetime(2026, 3, 1, 20, tzinfo=UTC), tick=False):
        count = expire_postings()

    chicago.refresh_from_db()
    assert count == 2
    assert chicago.state == "open"
    closed = Posting.objects.filter(pk__in=[shanghai.pk, held.pk]).values_list("state", flat=True)
    assert list(closed) == ["expired", "expired"]


def test_officers_are_told_once_when_the_job_runs_twice():
    posting = posting_in("Asia/Shanghai")
    officer = factories.LiaisonFactory(city=posting.city).user

    with time_machine.travel(datetime(2026, 3, 3, tzinfo=UTC), tick=False):
        expire_postings()
        with nothing_changes():
            again = expire_postings()

    assert again == 0
    assert Notification.objects.values_list("kind", "recipient_id").get() == (
        "posting_expired",
        officer.pk,
    )


def test_clock_change_moves_no_deadline_when_the_day_is_short():
    posting = factories.NeedFactory(
        city__time_zone="America/Chicago", expires_on=date(2026, 3, 8)
    )  # 23 hours long there

    with time_machine.travel(datetime(2026, 3, 9, 4, 59, 59, tzinfo=UTC), tick=False):
        assert expire_postings() == 0
    with time_machine.travel(datetime(2026, 3, 9, 5, tzinfo=UTC), tick=False):
        assert expire_postings() == 1

    posting.refresh_from_db()
    assert posting.state == "expired"


@pytest.mark.parametrize("rows", [1, 3])
def test_job_asks_once_when_nothing_is_over(rows, now, django_assert_num_queries):
    for _ in range(rows):
        factories.NeedFactory(expires_on=date(2026, 4, 1))

    with time_machine.travel(now, tick=False), django_assert_num_queries(1):
        assert expire_postings() == 0
