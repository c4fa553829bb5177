"""What is wrong with a file is said by file, row, column and value, and nothing is written."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from apps.cities.models import City
from apps.ledger.models import LedgerEntry
from apps.postings.models import Category
from apps.seeding.facts import load_facts
from apps.seeding.files import FixtureError
from apps.seeding.sheets import read_facts, read_people

EMPTY = "This must not be empty."
SLUG = "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."
DAY = "“31 May” value has an invalid date format. It must be in YYYY-MM-DD format."

BAD_ROWS = [
    ("cities.json", "cn-ah", "level", "village", "Value 'village' is not a valid choice."),
    ("cities.json", "cn-ah", "latitude", "north", "This is not a number."),
    ("cities.json", "cn-ah", "latitude", 91, "Ensure this value is less than or equal to 90."),
    ("cities.json", "cn-ah", "longitude", None, "Latitude and longitude are known together or not at all."),
    ("cities.json", "cn-ah", "population", "many", "This is not a whole number."),
    ("cities.json", "cn-ah", "population", 1.5, "This is not a whole number."),
    ("cities.json", "cn-ah", "population", True, "This is not a whole number."),
    ("cities.json", "cn-ah", "acts", "yes", "This is not true or false."),
    ("cities.json", "cn", "acts", True, "A country does not act."),
    ("cities.json", "cn-ah", "name_en", None, EMPTY),
    ("cities.json", "cn-ah", "name_en", 7, "This is not text in quotation marks."),
    ("cities.json", "cn-ah", "code", "two words", SLUG),
    ("cities.json", "cn-ah", "country", "ZZ", "Value 'ZZ' is not a valid choice."),
    ("cities.json", "cn-ah", "time_zone", "Asia/Nowhere", "“Asia/Nowhere” is not a known time zone."),
    ("cities.json", "cn-ah-anqing", "parent", "cn-xx", 'No row of cities.json has the code "cn-xx".'),
    ("cities.json", "cn-ah-anqing", "parent", "cn-ah-anqing", "The places are parts of each other in a circle."),
    ("cities.json", "cn-ah", "mayor", "unknown", "No such column."),
    ("cities.json", "cn-ah", "kind", ..., "The column is missing; write null for what is not known."),
    ("ties.json", "us-ca__cn-gd", "city_a", "us-zz", 'No row of cities.json has the code "us-zz".'),
    ("ties.json", "us-ca__cn-gd", "status", "lapsed", "Value 'lapsed' is not a valid choice."),
    ("ties.json", "us-ca__cn-gd", "signed_on", "31 May", DAY),
    ("items.json", "air_freight", "unit", "crate", "Value 'crate' is not a valid choice."),
    ("items.json", "air_freight", "category", "toys", 'No row of categories.json has the code "toys".'),
    ("items.json", "air_freight", "substitutes", ["toy"], 'No row of items.json has the code "toy".'),
    ("items.json", "respirator_ffp2", "substitutes", ["mask_surgical"], "mask_surgical does not name respirator_ffp2 in turn."),
    ("items.json", "air_freight", "substitutes", "ambulance", "This is not a list of codes."),
    ("synonyms.json", "ambulance", "item", "toy", 'No row of items.json has the code "toy".'),
    ("synonyms.json", "ambulance", "language", "fr", "Value 'fr' is not a valid choice."),
    ("packs.json", "coverall", "units", 0, "Ensure this value is greater than or equal to 1."),
    ("packs.json", "coverall", "name_en", None, EMPTY),
    ("parties.json", "huawei", "kind", "city", "Cities and states are parties by themselves."),
    ("parties.json", "chairman-in-harbin", "may_be_named", True, "A person is named only with consent."),
    ("parties.json", "huawei", "code", "cn-js-wuxi", "A place has this code."),
    ("parties.json", "huawei", "city", "cn-zz", 'No row of cities.json has the code "cn-zz".'),
    ("donations.json", "d001", "giver", "nobody", 'No row of parties.json or cities.json has the code "nobody".'),
    ("donations.json", "d001", "item", "toy", 'No row of items.json has the code "toy".'),
    ("donations.json", "d001", "kind", "promised", "Value 'promised' is not a valid choice."),
    ("donations.json", "d001", "quantity", 0, "A quantity is above 0, or null where it is not known."),
    ("donations.json", "d001", "qualifier", "not_stated", "An unknown quantity, and only that, is not_stated."),
    ("donations.json", "d001", "precision", "not_stated", "An unknown date, and only that, is not_stated."),
    ("donations.json", "d001", "receiver", "cn-sh-shanghai", "Giver and receiver are the same."),
    ("donations.json", "d001", "purchased_with", "d115", "The gift of money stands in an earlier row."),
    ("donations.json", "d001", "purchased_with", "d999", 'No row of donations.json has the code "d999".'),
    ("exchanges.json", "x01", "kind", "parade", "Value 'parade' is not a valid choice."),
    ("exchanges.json", "x01", "precision", "not_stated", "An unknown date, and only that, is not_stated."),
    ("exchanges.json", "x01", "cities", ["us-zz"], 'No row of cities.json has the code "us-zz".'),
    ("counterpart_support_2020.json", "cn-cq", "province", "cn-zz", 'No row of cities.json has the code "cn-zz".'),
    ("counterpart_support_2020.json", "cn-cq", "verification", "surely", "Value 'surely' is not a valid choice."),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("file", "key", "column", "value", "what"), BAD_ROWS)
def test_load_facts_when_a_value_is_wrong(
    folder: Path,
    edit: Callable[..., int],
    now: datetime,
    file: str,
    key: str,
    column: str,
    value: Any,
    what: str,
) -> None:
    number = edit(file, key, **{column: value})

    with pytest.raises(FixtureError) as caught:
        load_facts(now=now, folder=folder)

    shown = "" if value is ... else f", value {json.dumps(value)}"
    assert f'{file}, row {number}, column "{column}"{shown}: {what}' in caught.value.faults
    assert [City.objects.count(), Category.objects.count(), LedgerEntry.objects.count()] == [
        0,
        0,
        0,
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"[\n{,\n]", "this is not JSON (Expecting property name enclosed in double quotes)."),
        (b'{"code": "cn"}', "this is not a list of rows."),
        (b"[\xff]", "this is not UTF-8 text."),
    ],
)
def test_read_facts_when_a_file_is_no_list_of_rows(
    folder: Path, text: bytes, sentence: str
) -> None:
    (folder / "cities.json").write_bytes(text)

    with pytest.raises(FixtureError) as caught:
        read_facts(folder)

    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].startswith("cities.json")
    assert caught.value.faults[0].endswith(sentence)


def test_read_facts_when_a_row_is_no_object(folder: Path) -> None:
    (folder / "categories.json").write_text('["ppe"]', encoding="utf-8")

    with pytest.raises(FixtureError) as caught:
        read_facts(folder)

    assert caught.value.faults == ["categories.json, row 1: A row is an object with named columns."]


def test_read_facts_when_a_file_is_missing(folder: Path) -> None:
    (folder / "ties.json").unlink()

    with pytest.raises(FixtureError) as caught:
        read_facts(folder)

    assert caught.value.faults == ["ties.json: the file is missing."]


def test_read_facts_when_a_row_stands_twice(folder: Path, edit: Callable[..., int]) -> None:
    edit("donations.json", "d002", source_id="d001")

    with pytest.raises(FixtureError) as caught:
        read_facts(folder)

    assert caught.value.faults == [
        'donations.json, row 2, column "source_id", value "d001": Row 1 is about the same.'
    ]


def test_read_facts_when_two_ties_join_the_same_places(
    folder: Path, edit: Callable[..., int]
) -> None:
    edit("ties.json", "us-ak-juneau__cn-hl-mishan", city_a="cn-hl-harbin", city_b="us-ak-anchorage")

    with pytest.raises(FixtureError) as caught:
        read_facts(folder)

    assert caught.value.faults == [
        'ties.json, row 2, column "city_b", value "us-ak-anchorage": Row 1 joins the same two places.'
    ]


def test_read_facts_when_several_rows_are_wrong(folder: Path, edit: Callable[..., int]) -> None:
    edit("categories.json", "culture", code=None, rank="first")
    edit("categories.json", "economic", is_material="no")

    with pytest.raises(FixtureError) as caught:
        read_facts(folder)

    assert caught.value.faults == [
        f'categories.json, row 1, column "code", value null: {EMPTY}',
        'categories.json, row 1, column "rank", value "first": This is not a whole number.',
        'categories.json, row 3, column "is_material", value "no": This is not true or false.',
    ]


def test_read_facts_when_substitutes_are_counted_otherwise(
    folder: Path, edit: Callable[..., int]
) -> None:
    number = edit("items.json", "respirator_ffp2", unit="pair")

    with pytest.raises(FixtureError) as caught:
        read_facts(folder)

    place = f'items.json, row {number}, column "substitutes", value ["respirator_n95"]'
    assert f"{place}: respirator_n95 is counted in another unit." in caught.value.faults


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("email", "nobody", "Enter a valid email address."),
        ("role", "king", "Value 'king' is not a valid choice."),
        ("language", "fr", "Value 'fr' is not a valid choice."),
        ("city", "us-zz", 'No row of cities.json has the code "us-zz".'),
        ("city", None, "City, liaison and office are given together or not at all."),
    ],
)
def test_read_people_when_a_value_is_wrong(
    folder: Path, edit: Callable[..., int], column: str, value: Any, what: str
) -> None:
    number = edit("demo_people.json", "officer.wuxi@demo.example", **{column: value})

    with pytest.raises(FixtureError) as caught:
        read_people(folder)

    shown = "null" if value is None else f'"{value}"'
    assert caught.value.faults == [
        f'demo_people.json, row {number}, column "{column}", value {shown}: {what}'
    ]
