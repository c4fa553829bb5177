"""From province or state to state: what is added, what is left out, how it is drawn."""

from datetime import date

import pytest

from apps.ledger.flows import directions
from apps.ledger.models import LedgerEntry
from apps.ledger.months import bands
from apps.ledger.sankey import Link, draw
from apps.ledger.services import party_of, reverse_entry
from tests import factories


@pytest.fixture
def jiangsu(wuxi):
    wuxi.parent = factories.StateFactory(name_en="Jiangsu", country="CN")
    wuxi.save()
    return wuxi.parent


def found(entries=None):
    """{(from, to): [(giver, receiver, entries, units, unknown)]}"""
    rows = directions(LedgerEntry.objects.all() if entries is None else entries)
    return {
        (one.giver_country, one.receiver_country): [
            (flow.giver.name, flow.receiver.name, flow.entries, flow.units, flow.unknown)
            for flow in one.flows
        ]
        for one in rows
    }


def test_cities_of_one_state_and_the_state_itself_are_one_place(enter, jiangsu):
    nanjing = party_of(factories.CityFactory(chinese=True, parent=jiangsu))
    for giver in ({}, {"giver": nanjing}, {"giver": party_of(jiangsu)}):
        enter(quantity=100, **giver)

    assert found() == {("CN", "US"): [("Jiangsu", "not stated", 3, 300, 0)]}


def test_party_of_a_country_without_a_place_is_told_apart_from_its_states(enter, jiangsu, giver):
    enter(quantity=None, giver=factories.PartyFactory(country="CN"))
    enter(quantity=5)

    assert found() == {
        ("CN", "US"): [("Jiangsu", "not stated", 1, 5, 0), ("not stated", "not stated", 1, 0, 1)]
    }


def test_largest_direction_and_flow_come_first(enter, jiangsu, giver, receiver):
    texas = party_of(factories.StateFactory(name_en="Texas"))
    enter(giver=receiver, receiver=giver)
    for other in (texas, texas, receiver):
        enter(receiver=other)

    assert list(found()) == [("CN", "US"), ("US", "CN")]
    assert [row[1:3] for row in found()["CN", "US"]] == [("Texas", 2), ("not stated", 1)]


def test_what_does_not_count_is_left_out(enter, jiangsu, now):
    money = enter(quantity=700)
    enter(kind="stated")
    enter(is_demo=True)
    enter(purchased_with=money)
    reverse_entry(enter(), by=None, now=now, reason="twice")

    assert found() == {("CN", "US"): [("Jiangsu", "not stated", 1, 700, 0)]}


def test_flows_take_two_queries_however_many_places_there_are(
    enter, jiangsu, django_assert_num_queries
):
    for _ in range(3):
        enter(receiver=party_of(factories.CityFactory(parent=factories.StateFactory())))

    with django_assert_num_queries(2):
        assert len(found()["CN", "US"]) == 3


# Months


def months(**options):
    options = {"by_units": False} | options
    return [
        (band.is_known, [(month.label, month.amount) for month in band.months])
        for band in bands(LedgerEntry.objects.all(), **options)
    ]


def test_months_stand_in_their_order_and_unknown_days_apart(enter):
    enter(occurred_on=date(2020, 4, 2))
    enter(occurred_on=date(2020, 3, 1), precision="month")
    enter(occurred_on=date(2020, 3, 5))
    enter(occurred_on=date(2020, 5, 26), precision="as_of")
    enter(occurred_on=date(2020, 1, 1), precision="year")
    enter(occurred_on=None)

    assert months() == [
        (True, [("Mar 2020", 2), ("Apr 2020", 1)]),
        (
            False,
            [
                ("listed in May 2020, day not known", 1),
                ("date not stated", 1),
                ("2020, month not known", 1),
            ],
        ),
    ]


def test_units_are_added_when_one_item_is_chosen(enter):
    enter(quantity=100)
    enter(quantity=50)
    enter(quantity=None)

    assert months(by_units=True) == [(True, [("Mar 2020", 150)])]


def test_there_is_no_band_when_there_is_no_entry(db):
    assert months() == []


# The drawing


def test_bands_fill_their_nodes_from_edge_to_edge():
    drawn = draw([Link(("A", "X"), 30), Link(("A", "Y"), 10), Link(("B", "Y"), 40)])

    assert [(node.text, node.height) for node in drawn.givers] == [("A 40", 110), ("B 40", 110)]
    assert [(node.text, node.height) for node in drawn.receivers] == [
        ("Y 50", 137.5),
        ("X 30", 82.5),
    ]
    assert [band.text for band in drawn.bands] == ["A → Y: 10", "A → X: 30", "B → Y: 40"]
    assert drawn.bands[0].path.startswith("M122 0.0C")
    assert "V27.5C" in drawn.bands[0].path


def test_smaller_ones_are_others_when_there_are_many():
    drawn = draw([Link((f"giver {n:02}", "X"), 100 - n) for n in range(12)])

    names = [node.text for node in drawn.givers]
    assert (len(names), names[0], names[-1]) == (10, "giver 00 100", "others 270")


def test_every_node_has_room_for_its_name():
    drawn = draw([Link(("A", "X"), 10_000), Link(("B", "Y"), 1)])

    assert min(node.height for node in drawn.givers) == 13
    assert drawn.height >= max(node.y + node.height for node in drawn.givers)
