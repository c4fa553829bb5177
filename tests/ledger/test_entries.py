from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from apps.core.errors import DomainError
from apps.ledger.chain import verify
from apps.ledger.models import LedgerEntry, Party
from apps.ledger.services import (
    parties_of,
    party_named,
    party_of,
    record_entry,
    reverse_entry,
    reverse_source,
)
from tests import factories
from tests.database import by_sql, names_of, refused_by
from tests.unchanged import nothing_changes


def test_quantity_and_date_say_that_they_are_unknown_when_they_are_none(enter):
    entry = enter(quantity=None, occurred_on=None)

    entry.refresh_from_db()
    assert (entry.quantity, entry.qualifier) == (None, "not_stated")
    assert (entry.occurred_on, entry.precision) == (None, "not_stated")


def test_quantity_and_date_are_exact_when_they_are_given(enter):
    entry = enter(quantity=7, occurred_on=date(2020, 2, 3))

    entry.refresh_from_db()
    assert (entry.quantity, entry.qualifier) == (7, "exact")
    assert (entry.occurred_on, entry.precision) == (date(2020, 2, 3), "day")


def test_the_entry_keeps_what_the_source_says_when_more_is_known(enter, administrator):
    cash, bank = enter(), factories.PartyFactory()

    entry = enter(
        qualifier="about",
        precision="month",
        intermediary=bank,
        source_text="Table 2, row 7",
        as_printed="about 100",
        is_ambiguous=True,
        note="read as pieces",
        purchased_with=cash,
        is_demo=True,
        by=administrator,
    )

    entry.refresh_from_db()
    assert (entry.qualifier, entry.precision, entry.intermediary) == ("about", "month", bank)
    assert (entry.source_text, entry.as_printed) == ("Table 2, row 7", "about 100")
    assert (entry.is_ambiguous, entry.note, entry.is_demo) == (True, "read as pieces", True)
    assert (entry.purchased_with, entry.recorded_by) == (cash, administrator)


# Reversals


def test_a_reversal_negates_the_entry_when_an_administrator_reverses_it(enter, administrator, now):
    entry = enter(quantity=100, qualifier="about", is_demo=True)

    reversal = reverse_entry(entry, by=administrator, now=now, reason="counted twice")

    reversal.refresh_from_db()
    assert (reversal.quantity, reversal.qualifier, reversal.reverses) == (-100, "about", entry)
    assert (reversal.kind, reversal.giver, reversal.receiver) == (
        entry.kind,
        entry.giver,
        entry.receiver,
    )
    assert (reversal.source_kind, reversal.source_id) == (entry.source_kind, entry.source_id)
    assert (reversal.note, reversal.recorded_by, reversal.is_demo) == (
        "counted twice",
        administrator,
        True,
    )
    assert entry.reversed_by == reversal
    assert verify().holds


def test_a_reversal_is_unknown_too_when_the_entry_is(enter, administrator, now):
    entry = enter(quantity=None, occurred_on=None)

    reversal = reverse_entry(entry, by=administrator, now=now, reason="no such gift")

    assert (reversal.quantity, reversal.qualifier) == (None, "not_stated")
    assert (reversal.occurred_on, reversal.precision) == (None, "not_stated")


def test_a_second_reversal_is_refused_when_the_entry_is_reversed(enter, administrator, now):
    entry = enter()
    reverse_entry(entry, by=administrator, now=now, reason="once")

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        reverse_entry(entry, by=administrator, now=now, reason="twice")

    assert str(refusal.value) == "This entry is a reversal, or has been reversed already."


def test_a_reversal_is_refused_when_the_entry_is_a_reversal(enter, administrator, now):
    reversal = reverse_entry(enter(), by=administrator, now=now, reason="once")

    with nothing_changes(), pytest.raises(DomainError):
        reverse_entry(reversal, by=administrator, now=now, reason="back again")


@pytest.mark.parametrize("person", ["coordinator", "member", "inactive administrator"])
def test_a_reversal_is_denied_when_the_person_is_no_administrator(enter, now, person):
    entry = enter()
    user = factories.UserFactory(
        role={"coordinator": "coordinator", "member": "member"}.get(person, "administrator"),
        is_active=person != "inactive administrator",
    )

    with nothing_changes(), pytest.raises(PermissionDenied):
        reverse_entry(entry, by=user, now=now, reason="because")


def test_only_what_stands_is_reversed_when_a_source_is_withdrawn(enter, administrator, now):
    gone = enter(source=("gift", 5), kind="sent")
    reverse_entry(gone, by=administrator, now=now, reason="first")
    standing = enter(source=("gift", 5), kind="received")
    other = enter(source=("gift", 55))

    reverse_source("gift", 5, now=now, reason="withdrawn")

    reversed_ones = LedgerEntry.objects.exclude(reverses=None).order_by("number")
    assert [entry.reverses for entry in reversed_ones] == [gone, standing]
    assert not LedgerEntry.objects.filter(reverses=other).exists()


# Parties


def test_a_city_is_one_party_when_it_is_asked_for_twice(wuxi):
    first, second = party_of(wuxi), party_of(wuxi)

    assert first == second
    assert (first.kind, first.code, first.city, first.country) == ("city", wuxi.code, wuxi, "CN")
    assert (first.name_en, first.name_zh_hans) == (wuxi.name_en, wuxi.name_zh_hans)
    assert Party.objects.count() == 1


def test_a_state_is_a_party_of_its_own_kind_when_it_gives(db):
    assert party_of(factories.StateFactory()).kind == "state"


def test_a_party_takes_the_name_of_today_when_the_city_was_renamed(wuxi):
    party = party_of(wuxi)
    wuxi.name_en = "Wuxi New"

    party_of(wuxi)

    party.refresh_from_db()
    assert party.name_en == "Wuxi New"


def test_a_city_stays_the_same_party_when_its_code_was_corrected(wuxi):
    party = party_of(wuxi)
    wuxi.code = "cn-js-wuxi-corrected"
    wuxi.save()

    assert party_of(wuxi) == party


def test_parties_come_in_the_order_asked_when_several_are_made(wuxi, san_antonio):
    assert [party.city for party in parties_of(san_antonio, wuxi)] == [san_antonio, wuxi]


def test_a_named_party_is_made_once_when_it_is_written_alike(wuxi):
    first = party_named("No. 1 Hospital", "hospital", wuxi)
    second = party_named("No 1  hospital", "hospital", wuxi)

    assert first == second
    assert (first.kind, first.name, first.city, first.country) == (
        "hospital",
        "No. 1 Hospital",
        wuxi,
        "CN",
    )


def test_named_parties_are_two_when_their_cities_differ(wuxi, san_antonio):
    here, there = (party_named("Red Cross", "association", city) for city in (wuxi, san_antonio))

    assert here != there


def test_named_parties_are_two_when_their_chinese_names_differ(wuxi):
    assert party_named("第一医院", "hospital", wuxi) != party_named("第二医院", "hospital", wuxi)


def test_a_named_party_is_not_a_city_when_it_is_called_like_one(db):
    state = factories.StateFactory(code="us-tx")
    city = factories.CityFactory(code="us-tx-austin")

    agency = party_named("Austin", "agency", state)

    assert party_of(city) != agency
    assert party_of(city).city == city


def test_a_person_is_not_named_when_no_consent_was_given(wuxi):
    party = factories.PartyFactory(kind="person", name="Somebody", may_be_named=False)

    assert str(party) == "a person, not named"


# What the database refuses


def entry_values(enter) -> dict:
    values = LedgerEntry._base_manager.filter(pk=enter().pk).values().get()
    del values["id"]
    return values | {"number": 900, "hash": "9" * 64, "source_id": "900"}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("ledger_entry_kind_known", {"kind": "lent"}),
        ("ledger_entry_unknown_quantity_is_said", {"quantity": None}),
        ("ledger_entry_unknown_quantity_is_said", {"qualifier": "not_stated"}),
        ("ledger_entry_only_reversals_are_negative", {"quantity": -1}),
        ("ledger_entry_only_reversals_are_negative", {"quantity": 0}),
        ("ledger_entry_only_reversals_are_negative", {"reverses_id": "first"}),
        ("ledger_entry_unknown_date_is_said", {"occurred_on": None}),
        ("ledger_entry_unknown_date_is_said", {"precision": "not_stated"}),
        ("ledger_entry_two_parties", {"giver_id": "receiver"}),
        ("ledger_entry_source_once", {"source_id": "1"}),
    ],
)
def test_the_database_refuses_an_entry_when_it_breaks(enter, name, values):
    row = entry_values(enter)
    first = LedgerEntry.objects.get()
    known = {"first": first.pk, "receiver": first.receiver_id}
    row |= {key: known.get(value, value) for key, value in values.items()}

    with nothing_changes(), refused_by(LedgerEntry, name):
        LedgerEntry.objects.bulk_create([LedgerEntry(**row)])


def test_every_constraint_is_tested_when_the_entry_has_a_new_one():
    tested = test_the_database_refuses_an_entry_when_it_breaks.pytestmark[0].args[1]

    assert {name for name, __ in tested} == names_of(LedgerEntry)


def test_the_database_refuses_a_party_when_its_kind_is_not_known(giver):
    with nothing_changes(), refused_by(Party, "ledger_party_kind_known"):
        by_sql(giver, kind="club")


def test_the_database_refuses_a_party_when_the_city_has_one(giver, wuxi):
    with nothing_changes(), refused_by(Party, "ledger_party_one_per_city"):
        factories.PartyFactory(kind="city", city=wuxi)


def test_a_second_line_of_a_kind_is_refused_when_the_source_has_one(enter):
    enter(source=("gift", 1))

    with nothing_changes(), refused_by(LedgerEntry, "ledger_entry_source_once"):
        enter(source=("gift", 1))


def test_giver_and_receiver_are_two_when_an_entry_is_recorded(enter, giver):
    with nothing_changes(), refused_by(LedgerEntry, "ledger_entry_two_parties"):
        enter(receiver=giver)


def test_the_stored_row_is_the_answer_when_an_entry_is_recorded(giver, receiver, masks, now):
    entry = record_entry(
        "sent",
        giver=giver,
        receiver=receiver,
        item=masks,
        quantity=3,
        source=("x", 1),
        by=None,
        now=now,
    )

    assert LedgerEntry.objects.get() == entry
