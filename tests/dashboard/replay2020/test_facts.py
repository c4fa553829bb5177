"""Which entries and ties the replay takes, and which it leaves out, and why."""

import json
from collections import Counter
from datetime import date

import pytest
from django.conf import settings

from apps.dashboard.replay2020.facts import read_facts
from apps.ledger.models import LedgerEntry
from apps.ledger.services import party_of, record_entry
from tests import factories

NO_PLACE = ["d060", "d061", "d067", "d068", "d073", "d084", "d085", "d086", "d087", "d088"]
IN_THE_TEXT = ["d118", "d140", "d141", "d142", "d143", "d144", "d153"]


def fixture(name):
    return json.loads((settings.ROOT / "fixtures" / name).read_text(encoding="utf-8"))


def test_really_given_are_the_figures_of_the_ledger(facts):
    cities = {row["code"] for row in fixture("cities.json")}
    homes = {row["code"]: row["city"] for row in fixture("parties.json")}
    expected = Counter()
    for row in fixture("donations.json"):
        giver, receiver = (
            row[side] if row[side] in cities else homes[row[side]] for side in ("giver", "receiver")
        )
        if row["source_text"].startswith("Report of 2020, Table 1,") and giver and receiver:
            expected[row["item"], giver, receiver] += row["quantity"]

    found = {(f.item, f.giver, f.receiver): f.quantity for f in facts.table.flows}

    assert found == expected
    assert (len(facts.used), sum(found.values())) == (87, 2_750_832)


def test_left_out_are_told_with_their_reason(facts):
    names = {why: [e.source_id for e in rows] for why, rows in facts.left_out.items()}

    assert names == {
        "not_in_table": IN_THE_TEXT,
        "no_quantity": [],
        "no_place": NO_PLACE,
        "no_population": [],
    }


def test_places_are_those_that_gave_and_received(facts):
    table = facts.table

    assert (len(table.givers), len(table.receivers), table.day) == (32, 48, date(2020, 5, 26))
    assert {facts.cities[place.code].country.code for place in table.givers} == {"CN"}
    assert {facts.cities[place.code].country.code for place in table.receivers} == {"US"}


def test_tie_of_2021_is_left_out_though_a_gift_went_along_it(facts):
    pair = ("cn-fj-fuzhou", "us-hi-honolulu")

    assert pair in {(flow.giver, flow.receiver) for flow in facts.table.flows}
    assert pair not in facts.table.ties
    assert (facts.ties.counted, facts.ties.without_year, facts.ties.too_late) == (28, 9, 1)


def test_reversed_entry_is_not_there_any_more(facts, now):
    entry = LedgerEntry.objects.get(source_id="d001")
    record_entry(
        "sent",
        giver=entry.giver,
        receiver=entry.receiver,
        item=entry.item,
        quantity=-entry.quantity,
        source=("report", "d001"),
        source_text=entry.source_text,
        reverses=entry,
        by=None,
        now=now,
    )

    again = read_facts()

    assert len(again.used) == 86
    assert ("cn-sh-shanghai", "us-ca-san-francisco") not in {
        (flow.giver, flow.receiver) for flow in again.table.flows
    }


def test_nothing_is_read_while_the_facts_are_not_loaded(empty_ledger):
    assert read_facts() is None


@pytest.mark.parametrize(
    ("tie", "counts", "place"),
    [
        ({}, True, "without_year"),
        ({"year": 2019}, True, "counted"),
        ({"year": 2020}, False, "too_late"),
        ({"year": 1990, "status": "ended"}, False, "not_live"),
        ({"year": 1990, "status": "uncertain"}, False, "not_live"),
    ],
)
def test_tie_counts_when_it_is_live_and_not_known_to_be_of_2020_or_younger(
    tie, counts, place, empty_ledger, now
):
    giver = factories.CityFactory(chinese=True)
    receiver = factories.CityFactory(population=1_000)
    factories.TieFactory.between(giver, receiver, **tie)
    record_entry(
        "sent",
        giver=party_of(giver),
        receiver=party_of(receiver),
        item=factories.ItemFactory(),
        quantity=5,
        source=("report", "x1"),
        source_text="Report of 2020, Table 1, row 1",
        by=None,
        now=now,
    )

    facts = read_facts()

    assert facts.table.ties == (((giver.code, receiver.code),) if counts else ())
    assert getattr(facts.ties, place) == 1
