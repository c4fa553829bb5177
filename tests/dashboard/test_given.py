"""What two cities gave each other, month by month: one item at a time, nothing guessed."""

from datetime import date

import pytest

from apps.dashboard.given import Month, over_time
from apps.ledger.models import LedgerEntry
from apps.ledger.services import party_of, record_entry
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def masks():
    return factories.ItemFactory(code="masks", name_en="Masks")


@pytest.fixture
def enter(now, masks):
    def make(giver, receiver, quantity, day=date(2026, 3, 5), kind="sent", item=None, **values):
        return record_entry(
            kind,
            giver=party_of(giver),
            receiver=party_of(receiver),
            item=item or masks,
            quantity=quantity,
            source=("gift", LedgerEntry.objects.count()),
            by=None,
            now=now,
            occurred_on=day,
            **values,
        )

    return make


def shown(left, right, **kwargs):
    return over_time(left, right, **{"with_demo": False, **kwargs})


def test_each_month_tells_who_sent_and_what_arrived(left, right, enter):
    enter(left, right, 100)
    enter(left, right, 50, date(2026, 3, 30))
    enter(left, right, 90, kind="received")
    enter(right, left, 7, date(2026, 5, 1))

    found = shown(left, right)

    assert found.months == [
        Month(date(2026, 3, 1), (150, 0), (90, 0)),
        Month(date(2026, 5, 1), (0, 7), (0, 0)),
    ]
    assert found.apart == 0


def test_nothing_is_shown_when_nothing_moved_between_the_two(left, right, enter):
    enter(left, factories.CityFactory(), 100)

    assert shown(left, right) is None


def test_items_are_never_added_and_the_most_often_moved_comes_first(left, right, enter, masks):
    gowns = factories.ItemFactory(code="gowns")
    enter(left, right, 1_000, item=masks)
    enter(left, right, 3, item=gowns)
    enter(right, left, 4, item=gowns)

    by_default, chosen, unknown = (
        shown(left, right, code=code) for code in ("", "masks", "no-such-item")
    )

    assert by_default.items == [gowns, masks]
    assert (by_default.item, by_default.months[0].sent) == (gowns, (3, 4))
    assert (chosen.item, chosen.months[0].sent) == (masks, (1_000, 0))
    assert unknown.item == gowns


def test_what_is_not_known_stands_apart_and_in_no_month(left, right, enter):
    enter(left, right, 10)
    enter(left, right, None)
    enter(left, right, 20, precision="year")
    enter(left, right, 30, None)

    found = shown(left, right)

    assert [month.sent for month in found.months] == [(10, 0)]
    assert found.apart == 3


def test_a_reversal_takes_back_what_it_reverses(left, right, enter):
    wrong = enter(left, right, 100)
    enter(left, right, 40)
    enter(left, right, -100, reverses=wrong)

    found = shown(left, right)

    assert found.months[0].sent == (40, 0)
    assert found.consignments == (1, 0)


def test_the_demonstration_is_shown_in_its_own_rooms_only(left, right, enter):
    enter(left, right, 100, is_demo=True)

    assert shown(left, right) is None
    assert shown(left, right, with_demo=True).months[0].sent == (100, 0)


def test_the_latest_twelve_months_are_shown_when_there_are_more(left, right, enter):
    for month in range(14):
        enter(left, right, 1, date(2025 + month // 12, month % 12 + 1, 1))

    months = shown(left, right).months

    assert (len(months), months[0].first, months[-1].first) == (
        12,
        date(2025, 3, 1),
        date(2026, 2, 1),
    )


def test_bars_are_as_long_as_what_was_sent(left, right, enter):
    enter(left, right, 100)
    enter(right, left, 50)

    (group,) = shown(left, right).chart.groups

    assert group.label == "Mar 2026"
    assert [(bar.letter, bar.text) for bar in group.bars] == [("A", "100"), ("B", "50")]
    assert float(group.bars[0].length) == 2 * float(group.bars[1].length)
