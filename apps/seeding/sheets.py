"""What each fixture file holds: its natural key, its columns, and what its rows must agree on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from apps.accounts.models import User
from apps.cities.models import City, Level, Liaison, SisterTie
from apps.ledger.models import DatePrecision, LedgerEntry, Party, PartyKind, Qualifier
from apps.pairings.models import CounterpartSupport, Exchange
from apps.postings.models import Category, Item, Pack, Synonym
from apps.seeding.files import Code, Fault, Known, Row, Rows, Sheet, fields, read_sheet


def check_cities(rows: Rows, known: Known) -> Iterator[Fault]:
    parents = {row["code"]: row["parent"] for row in rows.values()}
    for number, row in rows.items():
        if row["level"] == Level.COUNTRY and row["acts"]:
            yield number, "acts", "A country does not act."
        if (row["latitude"] is None) != (row["longitude"] is None):
            yield number, "longitude", "Latitude and longitude are known together or not at all."
        line = [row["code"]]
        while (parent := parents.get(line[-1])) and parent not in line:
            line.append(parent)
        if parent:
            yield number, "parent", "The places are parts of each other in a circle."


def check_ties(rows: Rows, known: Known) -> Iterator[Fault]:
    first: dict[frozenset[str], int] = {}
    for number, row in rows.items():
        pair = frozenset([row["city_a"], row["city_b"]])
        if len(pair) == 1:
            yield number, "city_b", "A tie joins two places."
        elif first.setdefault(pair, number) != number:
            yield number, "city_b", f"Row {first[pair]} joins the same two places."


def check_items(rows: Rows, known: Known) -> Iterator[Fault]:
    items = {row["code"]: row for row in rows.values()}
    for number, row in rows.items():
        for other in filter(None, map(items.get, row["substitutes"])):
            if row["code"] not in other["substitutes"]:
                yield number, "substitutes", f"{other['code']} does not name {row['code']} in turn."
            if row["unit"] != other["unit"]:
                yield number, "substitutes", f"{other['code']} is counted in another unit."


def check_parties(rows: Rows, known: Known) -> Iterator[Fault]:
    for number, row in rows.items():
        if row["code"] in known["cities.json"]:
            yield number, "code", "A place has this code."
        if row["kind"] in (PartyKind.CITY, PartyKind.STATE):
            yield number, "kind", "Cities and states are parties by themselves."
        if row["kind"] == PartyKind.PERSON and row["may_be_named"]:
            yield number, "may_be_named", "A person is named only with consent."


def check_donations(rows: Rows, known: Known) -> Iterator[Fault]:
    yield from check_dates(rows, "occurred_on")
    before: set[str] = set()
    for number, row in rows.items():
        if (row["quantity"] is None) != (row["qualifier"] == Qualifier.NOT_STATED):
            yield number, "qualifier", "An unknown quantity, and only that, is not_stated."
        if row["quantity"] is not None and row["quantity"] <= 0:
            yield number, "quantity", "A quantity is above 0, or null where it is not known."
        if row["giver"] == row["receiver"]:
            yield number, "receiver", "Giver and receiver are the same."
        if row["purchased_with"] and row["purchased_with"] not in before:
            yield number, "purchased_with", "The gift of money stands in an earlier row."
        before.add(row["source_id"])


def check_dates(rows: Rows, column: str) -> Iterator[Fault]:
    for number, row in rows.items():
        if (row[column] is None) != (row["precision"] == DatePrecision.NOT_STATED):
            yield number, "precision", "An unknown date, and only that, is not_stated."


def check_exchanges(rows: Rows, known: Known) -> Iterator[Fault]:
    return check_dates(rows, "takes_place_on")


def check_people(rows: Rows, known: Known) -> Iterator[Fault]:
    for number, row in rows.items():
        if len({bool(row["city"]), bool(row["liaison"]), bool(row["office"])}) > 1:
            yield number, "city", "City, liaison and office are given together or not at all."


PLACE = Code(("cities.json",))

CATEGORIES = Sheet(
    "categories.json", ("code",), fields(Category, "code name_en name_zh_hans is_material rank")
)
ITEMS = Sheet(
    "items.json",
    ("code",),
    {
        **fields(
            Item,
            "code name_en name_zh_hans unit is_knowledge transport_days usual_quantity hs2017"
            " hs2022 unit_weight_g unit_volume_ml is_listed note source",
        ),
        "category": Code(("categories.json",)),
        "substitutes": Code(("items.json",), many=True),
    },
    check_items,
)
SYNONYMS = Sheet(
    "synonyms.json",
    ("item", "language", "text"),
    {"item": Code(("items.json",)), **fields(Synonym, "language text")},
)
PACKS = Sheet(
    "packs.json",
    ("item", "code"),
    {
        "item": Code(("items.json",)),
        **fields(Pack, "code units note", needed="name_en name_zh_hans"),
    },
)
CITIES = Sheet(
    "cities.json",
    ("code",),
    {
        **fields(
            City,
            "code name_en name_zh_hans country level kind acts latitude longitude population"
            " time_zone note source",
        ),
        "parent": Code(("cities.json",), optional=True),
    },
    check_cities,
)
TIES = Sheet(
    "ties.json",
    ("code",),
    {
        **fields(SisterTie, "code status confidence year signed_on note source"),
        "city_a": PLACE,
        "city_b": PLACE,
    },
    check_ties,
)
PARTIES = Sheet(
    "parties.json",
    ("code",),
    {
        **fields(Party, "code kind name_zh_hans country may_be_named", needed="name_en"),
        "city": Code(("cities.json",), optional=True),
    },
    check_parties,
)
DONATIONS = Sheet(
    "donations.json",
    ("source_id",),
    {
        **fields(
            LedgerEntry,
            "source_id kind quantity qualifier occurred_on precision source_text as_printed"
            " is_ambiguous note",
        ),
        "giver": Code(("parties.json", "cities.json")),
        "receiver": Code(("parties.json", "cities.json")),
        "intermediary": Code(("parties.json", "cities.json"), optional=True),
        "item": Code(("items.json",)),
        "purchased_with": Code(("donations.json",), optional=True),
    },
    check_donations,
)
EXCHANGES = Sheet(
    "exchanges.json",
    ("code",),
    {
        **fields(
            Exchange,
            "kind state subject_zh_hans participants_en participants_zh_hans count is_about"
            " takes_place_on precision date_note_en date_note_zh_hans source",
            needed="code subject_en",
        ),
        "cities": Code(("cities.json",), many=True),
    },
    check_exchanges,
)
SUPPORT = Sheet(
    "counterpart_support_2020.json",
    ("province", "city"),
    {
        **fields(CounterpartSupport, "announced_on verification source"),
        "province": PLACE,
        "city": PLACE,
    },
)
PEOPLE = Sheet(
    "demo_people.json",
    ("email",),
    {
        **fields(User, "email name organisation role language time_zone"),
        **fields(Liaison, "", optional="office office_email office_phone"),
        "liaison": fields(Liaison, "", optional="state")["state"],
        "city": Code(("cities.json",), optional=True),
    },
    check_people,
)

FACTS = (
    CATEGORIES,
    ITEMS,
    SYNONYMS,
    PACKS,
    CITIES,
    TIES,
    PARTIES,
    DONATIONS,
    EXCHANGES,
    SUPPORT,
)


def read_facts(folder: Path) -> dict[str, list[Row]]:
    """Every file of facts by its name. Raises FixtureError at the first file with faults."""
    return read_all(FACTS, folder)


def read_people(folder: Path) -> list[Row]:
    return read_all((CITIES, PEOPLE), folder)[PEOPLE.file]


def read_all(sheets: tuple[Sheet, ...], folder: Path) -> dict[str, list[Row]]:
    facts: dict[str, list[Row]] = {}
    known: dict[str, set[Any]] = {}
    for sheet in sheets:
        rows = facts[sheet.file] = read_sheet(sheet, folder, known)
        known[sheet.file] = {row[sheet.key[0]] for row in rows}
    return facts
