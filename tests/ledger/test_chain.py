from datetime import UTC, date, datetime
from typing import Any

import pytest

from apps.core.models import AppendOnlyError
from apps.ledger.chain import START, hash_of, verify
from apps.ledger.models import LedgerEntry, LedgerHead
from tests import factories
from tests.database import by_sql
from tests.unchanged import nothing_changes

NOT_COVERED = {
    "id",  # the number is the entry's name
    "recorded_by",  # not public, so nobody could check it; the audit trail keeps it
}
CHANGES: dict[str, Any] = {
    "number": 30,
    "kind": "received",
    "giver": lambda: factories.PartyFactory(),
    "receiver": lambda: factories.PartyFactory(),
    "intermediary": lambda: factories.PartyFactory(),
    "item": lambda: factories.ItemFactory(),
    "quantity": 101,
    "qualifier": "about",
    "occurred_on": date(2020, 3, 2),
    "precision": "month",
    "source_kind": "report",
    "source_id": "77",
    "source_text": "Table 1",
    "as_printed": "a batch",
    "is_ambiguous": True,
    "note": "another note",
    "purchased_with": lambda: LedgerEntry.objects.get(number=1),
    "reverses": lambda: LedgerEntry.objects.get(number=2),
    "is_demo": True,
    "recorded_at": datetime(2020, 3, 3, tzinfo=UTC),
    "previous_hash": "1" * 64,
    "hash": "2" * 64,
}


@pytest.fixture
def four(enter) -> list[LedgerEntry]:
    """Two entries, one that is reversed, and its reversal."""
    first, second, third = enter(), enter(), enter()
    return [first, second, third, enter(quantity=-100, reverses=third)]


def numbers() -> list[int]:
    return list(LedgerEntry.objects.order_by("number").values_list("number", flat=True))


def test_the_chain_holds_when_nothing_was_entered(db):
    found = verify()

    assert (found.entries, found.first_bad, found.holds) == (0, None, True)


def test_entries_are_numbered_and_chained_when_they_are_appended(four):
    stored = list(LedgerEntry.objects.order_by("number"))
    head = LedgerHead.objects.get()

    assert [entry.number for entry in stored] == [1, 2, 3, 4]
    assert [entry.previous_hash for entry in stored] == [START, *(e.hash for e in stored[:3])]
    assert [entry.hash for entry in stored] == [hash_of(entry) for entry in stored]
    assert (head.number, head.hash) == (4, stored[3].hash)
    assert verify().holds


def test_no_number_is_lost_when_an_entry_fails(enter):
    enter()

    with pytest.raises(TypeError):
        enter(no_such_field=1)
    enter()

    assert numbers() == [1, 2]
    assert verify().holds


def test_every_column_is_tested_when_the_entry_has_a_new_one():
    columns = {field.name for field in LedgerEntry._meta.concrete_fields}

    assert columns == CHANGES.keys() | NOT_COVERED


@pytest.mark.parametrize("column", [name for name in CHANGES if name not in ("number", "reverses")])
def test_the_first_bad_entry_is_named_when_a_column_was_changed(four, column):
    value = CHANGES[column]

    by_sql(four[1], **{column: value() if callable(value) else value})

    found = verify()
    assert (found.entries, found.first_bad) == (2, 2)


def test_the_first_bad_entry_is_named_when_a_reversal_was_turned_to_another(four):
    by_sql(four[3], reverses=CHANGES["reverses"]())

    assert verify().first_bad == 4


def test_the_gap_is_named_when_a_number_was_changed(four):
    by_sql(four[1], number=30)

    found = verify()

    assert (found.entries, found.first_bad) == (2, 3)


def test_the_first_bad_entry_is_named_when_the_unit_of_its_item_was_changed(four, masks):
    by_sql(masks, unit="pair")

    assert verify().first_bad == 1


def test_the_first_bad_entry_is_named_when_the_code_of_a_party_was_changed(four, giver):
    by_sql(giver, code="somebody-else")

    assert verify().first_bad == 1


@pytest.mark.parametrize(("place", "first_bad"), [(0, 2), (1, 3), (3, 4)])
def test_the_hole_is_named_when_an_entry_was_removed(four, place, first_bad):
    LedgerEntry._base_manager.filter(pk=four[place].pk)._raw_delete("default")

    assert verify().first_bad == first_bad


def test_the_first_entry_is_named_when_all_were_removed(enter):
    enter()
    LedgerEntry._base_manager.all()._raw_delete("default")

    found = verify()

    assert (found.entries, found.first_bad) == (0, 1)


def test_the_first_bad_entry_is_named_when_two_were_swapped(four):
    for row, number in ((four[0], 99), (four[1], 1), (four[0], 2)):
        by_sql(row, number=number)

    assert verify().first_bad == 1


def test_the_end_is_named_when_the_last_entry_was_forged_with_its_hash(four):
    forged = LedgerEntry.objects.get(number=4)
    forged.note = "forged"

    by_sql(forged, note=forged.note, hash=hash_of(forged))

    assert verify().first_bad == 4


def test_the_chain_is_read_in_two_queries_when_it_grows(enter, django_assert_num_queries):
    enter()
    with django_assert_num_queries(2):
        verify()

    for __ in range(2):
        enter(purchased_with=LedgerEntry.objects.get(number=1))

    with django_assert_num_queries(2):
        verify()


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.save(),
        lambda entry: entry.delete(),
        lambda entry: LedgerEntry.objects.filter(pk=entry.pk).update(quantity=1),
        lambda entry: LedgerEntry.objects.filter(pk=entry.pk).delete(),
    ],
    ids=["save", "delete", "update many", "delete many"],
)
def test_an_entry_is_refused_when_it_is_to_be_changed(enter, change):
    entry = enter()

    with nothing_changes(), pytest.raises(AppendOnlyError):
        change(entry)
