import pytest

from apps.ledger.models import LedgerEntry
from apps.ledger.services import party_of, reverse_entry
from apps.ledger.totals import both_ways, totals, totals_by_giver
from tests import factories


def figures(entries=None, **options):
    """(item, from, to, pledged, sent, received, unknown) of every row."""
    rows = totals(LedgerEntry.objects.all() if entries is None else entries, **options)
    return [
        (t.item.code, t.giver_country, t.receiver_country, t.pledged, t.sent, t.received, t.unknown)
        for t in rows
    ]


def test_pledged_sent_and_received_stand_apart_when_they_are_added(enter, masks):
    for kind, quantity in (("pledged", 500), ("sent", 300), ("sent", 100), ("received", 390)):
        enter(kind=kind, quantity=quantity)

    assert figures() == [(masks.code, "CN", "US", 500, 400, 390, 0)]


def test_the_two_directions_stand_apart_when_both_gave(enter, masks, giver, receiver):
    enter(quantity=300)
    enter(quantity=20, giver=receiver, receiver=giver)

    assert figures() == [
        (masks.code, "CN", "US", 0, 300, 0, 0),
        (masks.code, "US", "CN", 0, 20, 0, 0),
    ]


def test_what_two_cities_gave_stands_apart_when_both_lie_in_one_country(
    enter, masks, django_assert_num_queries
):
    one, other = party_of(factories.CityFactory()), party_of(factories.CityFactory())
    enter(quantity=300, giver=one, receiver=other)
    enter(quantity=20, giver=other, receiver=one)

    with django_assert_num_queries(2):
        found = totals_by_giver(LedgerEntry.objects.all())

    assert {city: [total.sent for total in rows] for city, rows in found.items()} == {
        one.city_id: [300],
        other.city_id: [20],
    }


def test_items_stand_apart_and_in_catalogue_order_when_there_are_several(enter, masks):
    first = factories.ItemFactory(
        code="zz", category=factories.CategoryFactory(code="first", rank=0)
    )
    masks.category.rank = 1
    masks.category.save()
    enter(quantity=1)
    enter(quantity=2, item=first)

    assert [(row[0], row[4]) for row in figures()] == [("zz", 2), (masks.code, 1)]


def test_unknown_quantities_are_counted_apart_and_add_nothing_when_some_are_known(enter, masks):
    enter(quantity=300)
    enter(quantity=None)
    enter(quantity=None, kind="received")

    assert figures() == [(masks.code, "CN", "US", 0, 300, 0, 2)]


def test_a_reversal_cancels_what_it_reverses_when_totals_are_added(enter, masks, now):
    enter(quantity=300)
    reverse_entry(enter(quantity=50), by=None, now=now, reason="counted twice")
    reverse_entry(enter(quantity=None), by=None, now=now, reason="counted twice")

    assert figures() == [(masks.code, "CN", "US", 0, 300, 0, 0)]


@pytest.mark.parametrize("left_out", [{"is_demo": True}, {"kind": "stated"}])
def test_demo_and_stated_totals_are_left_out_when_totals_are_added(enter, masks, left_out):
    enter(quantity=300)
    enter(quantity=9000, item=factories.ItemFactory(), **left_out)
    enter(quantity=9000, **left_out)

    assert figures() == [(masks.code, "CN", "US", 0, 300, 0, 0)]


def test_demo_entries_count_when_a_page_of_the_demo_asks(enter, masks):
    enter(quantity=300)
    enter(quantity=9000, is_demo=True)

    assert figures(with_demo=True) == [(masks.code, "CN", "US", 0, 9300, 0, 0)]


def test_cash_that_became_goods_counts_once_when_the_goods_name_it(enter, masks):
    cash = factories.ItemFactory(code="cash_usd", unit="usd")
    paid = enter(quantity=5000, item=cash)
    enter(quantity=300, purchased_with=paid)

    assert [(row[0], row[4]) for row in figures()] == [("cash_usd", 5000)]


def test_the_goods_count_when_the_cash_behind_them_was_reversed(enter, masks, now):
    cash = factories.ItemFactory(code="cash_usd", unit="usd")
    paid = enter(quantity=5000, item=cash)
    enter(quantity=300, purchased_with=paid)

    reverse_entry(paid, by=None, now=now, reason="it was no cash")

    assert [(row[0], row[4]) for row in figures()] == [("cash_usd", 0), (masks.code, 300)]


def test_one_city_sees_what_it_gave_and_received_when_both_ways_are_asked(
    enter, wuxi, giver, receiver
):
    company = factories.PartyFactory(kind="company", city=wuxi, country="CN")
    elsewhere = party_of(factories.CityFactory())
    enter(quantity=300)
    enter(quantity=70, giver=company)
    enter(quantity=20, giver=receiver, receiver=giver)
    enter(quantity=5000, giver=elsewhere)

    flows = both_ways(LedgerEntry.objects.of(wuxi), wuxi.pk)

    assert [total.sent for total in flows["given"]] == [370]
    assert [total.sent for total in flows["received"]] == [20]


def test_two_cities_see_what_is_between_them_when_others_gave_too(
    enter, wuxi, san_antonio, receiver
):
    elsewhere = party_of(factories.CityFactory())
    enter(quantity=300)
    enter(quantity=5000, giver=elsewhere)
    enter(quantity=60, giver=receiver, receiver=elsewhere)

    rows = figures(LedgerEntry.objects.between(san_antonio, wuxi))

    assert [row[4] for row in rows] == [300]


def test_totals_take_two_queries_when_they_grow(enter, django_assert_num_queries):
    enter()
    with django_assert_num_queries(2):
        figures()

    for __ in range(3):
        enter(item=factories.ItemFactory())

    with django_assert_num_queries(2):
        figures()


# Confirmation by the receiving side


def confirmed():
    rows = LedgerEntry.objects.with_confirmation().filter(kind="sent", reverses=None)
    return [entry.is_confirmed for entry in rows.order_by("number")]


def test_an_entry_is_confirmed_when_the_same_source_was_received(enter):
    enter(source=("gift", 1))
    enter(source=("gift", 2))
    enter(source=("gift", 1), kind="received")
    enter(source=("delivery", 2), kind="received")

    assert confirmed() == [True, False]


def test_an_entry_is_one_sided_again_when_the_receipt_was_reversed(enter, now):
    enter(source=("gift", 1))
    receipt = enter(source=("gift", 1), kind="received")

    reverse_entry(receipt, by=None, now=now, reason="it was another one")

    assert confirmed() == [False]
