"""Puts the fixtures' facts into the tables. Loading them twice changes nothing."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from apps.cities.models import City, SisterTie
from apps.ledger.models import LedgerEntry, Party
from apps.ledger.services import party_of, record_entry
from apps.pairings.models import CounterpartSupport, Exchange
from apps.postings.models import Category, Item, Pack, Synonym
from apps.seeding import sheets
from apps.seeding.files import FIXTURES, Row
from apps.seeding.sheets import read_facts
from apps.seeding.sync import Tally, by_code, named, sync

SOURCE = "report"  # the ledger's name for entries that come from the two reports of 2020
CODED = ("giver", "receiver", "intermediary", "item")


def load_facts(*, now: datetime, folder: Path = FIXTURES) -> list[Tally]:
    """Bring the tables to what the files say, file by file.

    Raises FixtureError before anything is written. Rows that have left a file stay in their table.
    Entries of the ledger, and places and items that a person edited, stay as they are: what the file
    says otherwise is told as a difference.
    """
    facts = read_facts(folder)
    with transaction.atomic():
        return [
            *load_catalogue(facts),
            *load_places(facts),
            *load_ledger(facts, now=now),
            *load_exchanges(facts),
        ]


def load_catalogue(facts: Mapping[str, list[Row]]) -> list[Tally]:
    categories, items, synonyms, packs = (
        sheet.file for sheet in (sheets.CATEGORIES, sheets.ITEMS, sheets.SYNONYMS, sheets.PACKS)
    )
    first = sync(categories, Category, facts[categories])
    tables: dict[str, Mapping[str, Any]] = {"category": by_code(Category)}
    rows = [named(row, tables) for row in facts[items]]
    second = sync(items, Item, rows, many="substitutes", keep=("unit",))
    stored = by_code(Item)
    second.differences += units_kept(stored, rows)
    tables = {"item": stored}
    words = [named(row, tables) for row in facts[synonyms]]
    boxes = [named(row, tables) for row in facts[packs]]
    return [
        first,
        second,
        sync(synonyms, Synonym, words, key=sheets.SYNONYMS.key),
        sync(packs, Pack, boxes, key=sheets.PACKS.key),
    ]


def units_kept(items: Mapping[str, Item], rows: list[Row]) -> list[str]:
    """Quantities and the ledger's chain stand on the units of items, so files do not change them."""
    return [
        f"{item}: the file counts it in another unit; kept: {item.unit}."
        for row in rows
        if (item := items[row["code"]]).unit != row["unit"]
    ]


def load_places(facts: Mapping[str, list[Row]]) -> list[Tally]:
    cities = load_cities(facts[sheets.CITIES.file])
    places = by_code(City)
    ties = [ordered(named(r, {"city_a": places, "city_b": places})) for r in facts["ties.json"]]
    return [cities, sync(sheets.TIES.file, SisterTie, ties)]


def load_cities(rows: list[Row]) -> Tally:
    """The whole before its parts, so that a part finds what it belongs to."""
    tally, places = Tally(sheets.CITIES.file), by_code(City)
    done: set[str] = set()
    while len(done) < len(rows):
        ready = [
            row
            for row in rows
            if row["code"] not in done and (row["parent"] is None or row["parent"] in done)
        ]
        tally += sync(tally.file, City, [named(row, {"parent": places}) for row in ready])
        places = by_code(City)
        done |= {row["code"] for row in ready}
    return tally


def ordered(tie: Row) -> Row:
    """The smaller id first, as the table demands."""
    one, other = sorted((tie["city_a"], tie["city_b"]), key=lambda city: city.pk)
    return {**tie, "city_a": one, "city_b": other}


def load_ledger(facts: Mapping[str, list[Row]], *, now: datetime) -> list[Tally]:
    places = by_code(City)
    rows = [named(row, {"city": places}) for row in facts[sheets.PARTIES.file]]
    parties = sync(sheets.PARTIES.file, Party, rows)
    return [parties, load_donations(facts[sheets.DONATIONS.file], places, now=now)]


def load_donations(rows: list[Row], places: Mapping[str, City], *, now: datetime) -> Tally:
    tally = Tally(sheets.DONATIONS.file)
    parties, items = by_code(Party), by_code(Item)
    for code in sorted(codes_of_parties(rows) - parties.keys()):
        parties[code] = party_of(places[code])
    tables = {"giver": parties, "receiver": parties, "intermediary": parties, "item": items}
    entries = entries_of_reports()
    for number, row in enumerate(rows, start=1):
        entry = entries.get(row["source_id"])
        if entry:
            tally.unchanged += 1
            place = f"{tally.file}, row {number} ({entry.source_id})"
            tally.differences += [f"{place}: {what}" for what in differences(entry, row)]
            continue
        values = named(row, {**tables, "purchased_with": entries})
        entries[row["source_id"]] = write_entry(values, now=now)
        tally.created += 1
    return tally


def codes_of_parties(rows: list[Row]) -> set[str]:
    sides = ("giver", "receiver", "intermediary")
    return {row[side] for row in rows for side in sides if row[side]}


def entries_of_reports() -> dict[str, LedgerEntry]:
    entries = LedgerEntry.objects.filter(source_kind=SOURCE, reverses=None).select_related(
        *CODED, "purchased_with"
    )
    return {entry.source_id: entry for entry in entries}


def write_entry(values: Row, *, now: datetime) -> LedgerEntry:
    values = dict(values)
    source = (SOURCE, values.pop("source_id"))
    return record_entry(values.pop("kind"), source=source, by=None, now=now, **values)


def differences(entry: LedgerEntry, row: Row) -> list[str]:
    """What the file says otherwise than the ledger, which is never changed."""
    stands = {name: getattr(entry, name) for name in row}
    for name in CODED:
        stands[name] = stands[name] and stands[name].code
    stands["purchased_with"] = entry.purchased_with and entry.purchased_with.source_id
    return [
        f'column "{name}" now says {value!r}; the ledger keeps {stands[name]!r}.'
        for name, value in row.items()
        if stands[name] != value
    ]


def load_exchanges(facts: Mapping[str, list[Row]]) -> list[Tally]:
    """A planned exchange that was held or cancelled meanwhile stays so."""
    places = by_code(City)
    support = [named(r, {"province": places, "city": places}) for r in facts[sheets.SUPPORT.file]]
    exchanges = facts[sheets.EXCHANGES.file]
    return [
        sync(sheets.EXCHANGES.file, Exchange, exchanges, many="cities", keep=("state",)),
        sync(sheets.SUPPORT.file, CounterpartSupport, support, key=sheets.SUPPORT.key),
    ]
