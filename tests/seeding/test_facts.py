import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, Sum
from django.utils import translation

from apps.accounts.models import User
from apps.cities.models import City, SisterTie
from apps.ledger.chain import verify
from apps.ledger.models import LedgerEntry, Party
from apps.ledger.totals import totals
from apps.pairings.models import CounterpartSupport, Exchange
from apps.postings.models import Category, Item, Pack, Synonym, Unit
from apps.seeding.facts import load_facts
from apps.seeding.files import FIXTURES, Sheet
from apps.seeding.sheets import FACTS, PEOPLE, read_facts
from apps.seeding.sync import Tally

TABLE_1 = "Report of 2020, Table 1,"

# Codes only: pairs that no source confirms, and ties whose year no source gives.
UNCONFIRMED_PAIRS = [
    "us-ak__cn-hl",
    "us-al__cn-hb",
    "us-co__cn-hn",
    "us-md-columbia__cn-js-liyang",
    "us-mo__cn-he",
    "us-mt__cn-gx",
    "us-nc__cn-ln",
]
UNCONFIRMED_YEARS = [
    "us-az-phoenix__cn-sc-chengdu",
    "us-ca-long-beach__cn-sd-qingdao",
    "us-ca-oakland__cn-ln-dalian",
    "us-co-denver__cn-yn-kunming",
    "us-ct__cn-sd",
    "us-fl-orlando__cn-gx-guilin",
    "us-ks__cn-ha",
    "us-ky__cn-jx",
    "us-nc-charlotte__cn-he-baoding",
    "us-oh-cincinnati__cn-gx-liuzhou",
    "us-oh-columbus__cn-ah-hefei",
    "us-oh-toledo__cn-he-qinhuangdao",
    "us-or-portland__cn-js-suzhou",
    "us-pa-pittsburgh__cn-hb-wuhan",
    "us-tx-houston__cn-gd-shenzhen",
    "us-tx-san-antonio__cn-js-wuxi",
    "us-ut__cn-jx",
]
# Names that stand in the sources and must not stand here, as digests, so that they do not stand here.
WITHHELD = {
    "01954badb9cc3f00",
    "42c77da61ad1e2a3",
    "d70f47790f689414",
    "d580754468330f66",
    "fe672956d62c2de0",
    "9129c3b7a3235a36",
    "23bc17cf9494b70e",
}


@pytest.mark.parametrize("sheet", [*FACTS, PEOPLE], ids=lambda sheet: sheet.file)
def test_a_file_when_people_read_it(sheet: Sheet) -> None:
    text = (FIXTURES / sheet.file).read_text(encoding="utf-8")

    rows = json.loads(text)
    keys = [tuple(row[name] for name in sheet.key) for row in rows]

    assert keys == sorted(keys)
    assert len(text.splitlines()) == len(rows) + 2
    assert len(text.encode()) < 400_000


def test_files_when_searched_for_names_of_persons() -> None:
    words = {
        word
        for path in FIXTURES.iterdir()
        for word in re.findall(r"[a-z]+", path.read_text(encoding="utf-8").lower())
    }

    assert {word for word in words if sha256(word.encode()).hexdigest()[:16] in WITHHELD} == set()


def test_load_facts_when_tables_are_empty(facts: list[Tally]) -> None:
    assert {tally.file: tally.created for tally in facts} == {
        "categories.json": 10,
        "items.json": 61,
        "synonyms.json": 447,
        "packs.json": 35,
        "cities.json": 490,
        "ties.json": 267,
        "parties.json": 80,
        "donations.json": 159,
        "exchanges.json": 10,
        "counterpart_support_2020.json": 21,
    }
    assert {(tally.updated, tally.unchanged) for tally in facts} == {(0, 0)}
    assert [City.objects.count(), SisterTie.objects.count()] == [490, 267]
    assert [Category.objects.count(), Item.objects.count()] == [10, 61]
    assert [Synonym.objects.count(), Pack.objects.count()] == [447, 35]
    assert [LedgerEntry.objects.count(), Exchange.objects.count()] == [159, 10]
    assert CounterpartSupport.objects.count() == 21
    assert City.history.count() == 490


def test_load_facts_when_run_twice(facts: list[Tally], now: datetime) -> None:
    parties = Party.objects.count()

    again = load_facts(now=now + timedelta(days=1))

    assert [(tally.created, tally.updated, tally.differences) for tally in again] == [
        (0, 0, [])
    ] * 10
    assert [tally.unchanged for tally in again] == [tally.created for tally in facts]
    assert [Party.objects.count(), LedgerEntry.objects.count(), City.history.count()] == [
        parties,
        159,
        490,
    ]


def test_cities_when_loaded(facts: list[Tally]) -> None:
    silent = City.objects.filter(acts=False).order_by("code").values_list("code", flat=True)
    wuxi = City.objects.select_related("parent").get(code="cn-js-wuxi")

    assert list(silent) == ["cn", "cn-bj", "cn-cq", "cn-sh", "cn-tj", "us-dc"]
    assert City.objects.filter(level="country").count() == 1
    assert City.objects.filter(name_zh_hans=None).count() == 41
    assert City.objects.filter(latitude=None).count() == 13
    assert City.objects.filter(population=None).count() == 57
    assert [wuxi.name_en, wuxi.name_zh_hans, wuxi.parent.code] == ["Wuxi", "无锡市", "cn-js"]
    assert City.objects.get(code="us-xx-monticello").parent is None


def test_ties_when_loaded(facts: list[Tally]) -> None:
    ties = SisterTie.objects.all()

    assert Counter(ties.values_list("confidence", flat=True)) == {
        "high": 183,
        "medium": 57,
        "low": 27,
    }
    assert Counter(ties.values_list("status", flat=True)) == {
        "listed_2026": 164,
        "listed_2023": 43,
        "reported": 29,
        "listed_2025": 20,
        "listed_2016": 6,
        "friendship_state": 1,
        "friendly_exchange": 1,
        "memorandum": 1,
        "uncertain": 1,
        "ended": 1,
    }
    assert [ties.exclude(year=None).count(), ties.exclude(signed_on=None).count()] == [50, 16]
    assert ties.filter(city_a__gte=F("city_b")).count() == 0


def test_ties_when_no_source_confirms_them(facts: list[Tally]) -> None:
    years = SisterTie.objects.filter(code__in=UNCONFIRMED_YEARS).values_list("year", flat=True)

    assert SisterTie.objects.filter(code__in=UNCONFIRMED_PAIRS).count() == 0
    assert list(years) == [None] * 17


def test_catalogue_when_loaded(facts: list[Tally]) -> None:
    items = Item.objects.all()
    unlisted = items.filter(is_listed=False).order_by("code").values_list("code", flat=True)
    respirator = items.get(code="respirator_n95")
    remote = items.filter(category__is_material=False)

    assert list(unlisted) == [
        "glove_piece",
        "mask_unspecified",
        "medical_supplies_other",
        "value_cny",
        "value_usd",
    ]
    assert set(items.values_list("unit", flat=True)) <= set(Unit.values)
    assert [items.get(code=code).unit for code in ("hand_sanitizer", "food_supply")] == ["ml", "g"]
    assert list(respirator.substitutes.values_list("code", flat=True)) == ["respirator_ffp2"]
    assert {"KN95", "N95口罩"} <= set(respirator.synonyms.values_list("text", flat=True))
    assert set(remote.values_list("transport_days", flat=True)) == {0}
    assert items.filter(is_knowledge=True, category__is_material=True).count() == 0
    assert Pack.objects.filter(note="").count() == 0


def test_pairs_have_a_measure_word_that_fits_gloves_and_goggles_when_read_in_chinese(
    facts: list[Tally],
) -> None:
    with translation.override("zh-hans"):
        amounts = {str(item): item.amount(200) for item in Item.objects.filter(unit="pair")}

    assert amounts == {
        "医用手套（副）": "200 副",
        "无菌外科手套（副）": "200 副",
        "医用护目镜": "200 副",
    }


def test_donations_when_table_1_is_added_up(facts: list[Tally]) -> None:
    rows = LedgerEntry.objects.filter(source_text__startswith=TABLE_1)

    sums = dict(rows.values_list("item__code").annotate(sum=Sum("quantity")))

    assert sums == {
        "mask_surgical": 1_350_400,
        "mask_unspecified": 1_035_720,
        "respirator_n95": 177_756,
        "respirator_ffp2": 20_000,
        "coverall": 29_552,
        "glove_pair": 136_000,
        "goggles": 30_220,
        "shoe_cover": 10_000,
        "face_shield": 200,
        "thermometer_ir": 4,
        "cash_cny": 6_000,
    }
    assert sum(sums[c] for c in sums if c.startswith(("mask", "respirator"))) == 2_583_876
    assert [rows.count(), set(rows.values_list("kind", "precision", "occurred_on"))] == [
        97,
        {("sent", "as_of", date(2020, 5, 26))},
    ]


def test_donations_when_kinds_are_counted(facts: list[Tally]) -> None:
    entries = LedgerEntry.objects.all()

    assert Counter(entries.values_list("kind", flat=True)) == {
        "sent": 133,
        "stated": 23,
        "pledged": 3,
    }
    assert set(entries.values_list("source_kind", "is_demo")) == {("report", False)}
    assert verify().holds


def test_donations_when_a_number_is_unknown(facts: list[Tally]) -> None:
    unknown = LedgerEntry.objects.filter(quantity=None).order_by("number")

    assert list(unknown.values_list("source_id", flat=True)) == [
        "d150",
        "d151",
        "d153",
        "d154",
        "d155",
        "d156",
        "d157",
        "d158",
        "d159",
    ]
    assert set(unknown.values_list("qualifier", flat=True)) == {"not_stated"}
    assert LedgerEntry.objects.filter(quantity=0).count() == 0


def test_totals_when_a_source_states_sums_itself(facts: list[Tally]) -> None:
    rows = totals(LedgerEntry.objects.all())
    sent = {(row.item.code, row.giver_country, row.receiver_country): row.sent for row in rows}

    assert sent["mask_surgical", "CN", "US"] == 1_350_400
    assert sent["coverall", "CN", "US"] == 29_552
    assert sent["value_cny", "US", "CN"] == 290_000_000
    assert sent["coverall", "US", "CN"] == 50
    assert ("value_usd", "US", "CN") not in sent


def test_totals_when_cash_became_goods(facts: list[Tally]) -> None:
    bought = LedgerEntry.objects.filter(purchased_with__source_id="d115").order_by("number")
    counted = LedgerEntry.objects.countable()

    assert list(bought.values_list("source_id", "item__code", "quantity")) == [
        ("d116", "ambulance", 20),
        ("d117", "coverall", 1864),
    ]
    assert counted.filter(giver__code="qualcomm").get().quantity == 7_000_000
    assert counted.filter(item__code="ambulance").count() == 0


def test_donations_when_a_giver_is_no_place(facts: list[Tally]) -> None:
    foundation = LedgerEntry.objects.get(source_id="d018").giver
    district = LedgerEntry.objects.get(source_id="d004").giver

    assert [foundation.code, foundation.kind, foundation.city.code] == [
        "heren-foundation",
        "foundation",
        "cn-fj",
    ]
    assert [district.code, district.kind, district.city.code] == [
        "cn-bj-haidian",
        "city",
        "cn-bj-haidian",
    ]


def test_persons_when_they_gave_no_consent(facts: list[Tally]) -> None:
    persons = Party.objects.filter(kind="person").order_by("code")
    withheld = LedgerEntry.objects.filter(as_printed__contains="[name withheld]")

    assert list(persons.values_list("code", "may_be_named")) == [
        ("chairman-in-harbin", False),
        ("individuals-in-iowa", False),
        ("mother-about-to-leave", False),
    ]
    assert list(withheld.order_by("number").values_list("source_id", flat=True)) == [
        "d038",
        "d039",
        "d118",
        "d153",
    ]


def test_exchanges_when_loaded(facts: list[Tally]) -> None:
    mission = Exchange.objects.get(code="x09")

    assert Counter(Exchange.objects.values_list("state", flat=True)) == {"held": 9, "planned": 1}
    assert Exchange.objects.get(code="x02").is_about is True
    assert sorted(mission.cities.values_list("code", flat=True)) == [
        "cn-bj-beijing",
        "cn-gd",
        "cn-hb",
        "cn-sc",
    ]


def test_support_of_2020_when_loaded(facts: list[Tally]) -> None:
    rows = CounterpartSupport.objects.all()

    assert Counter(rows.values_list("verification", flat=True)) == {
        "verified": 18,
        "partly": 1,
        "recalled": 2,
    }
    assert [rows.values("province").distinct().count(), rows.values("city").distinct().count()] == [
        19,
        16,
    ]


def test_load_facts_when_a_row_has_changed(
    facts: list[Tally], folder: Path, edit: Callable[..., int], now: datetime
) -> None:
    edit("cities.json", "cn-js-wuxi", population=7_462_135)
    edit("items.json", "respirator_n95", substitutes=[])
    edit("items.json", "respirator_ffp2", substitutes=[])

    again = load_facts(now=now, folder=folder)

    wuxi = City.objects.get(code="cn-js-wuxi")
    assert {tally.file: tally.updated for tally in again if tally.updated} == {
        "cities.json": 1,
        "items.json": 1,  # one link, seen from both ends
    }
    assert [wuxi.population, wuxi.history.count()] == [7_462_135, 2]
    assert Item.objects.get(code="respirator_n95").substitutes.count() == 0


def test_load_facts_when_an_item_has_another_unit(
    facts: list[Tally], folder: Path, edit: Callable[..., int], now: datetime
) -> None:
    edit("items.json", "goggles", unit="piece")

    again = {tally.file: tally for tally in load_facts(now=now, folder=folder)}["items.json"]

    goggles = Item.objects.get(code="goggles")
    assert (goggles.unit, again.updated, verify().holds) == ("pair", 0, True)
    assert again.differences == ["Medical goggles: the file counts it in another unit; kept: pair."]


def test_load_facts_when_a_person_edited_a_place(facts: list[Tally], now: datetime) -> None:
    somebody = User.objects.create_user("admin@example.org", name="Somebody")
    wuxi = City.objects.get(code="cn-js-wuxi")
    wuxi.population, wuxi._history_user = 7_462_135, somebody
    wuxi.save()

    again = {tally.file: tally for tally in load_facts(now=now)}["cities.json"]

    wuxi.refresh_from_db()
    assert [wuxi.population, again.updated, again.unchanged] == [7_462_135, 0, 490]
    assert again.differences == ["Wuxi: a person edited this; kept: population."]


def test_load_facts_when_a_donation_has_changed(
    facts: list[Tally], folder: Path, edit: Callable[..., int], now: datetime
) -> None:
    edit("donations.json", "d001", quantity=99, giver="cn-bj-beijing")

    again = {tally.file: tally for tally in load_facts(now=now, folder=folder)}["donations.json"]

    entry = LedgerEntry.objects.get(source_id="d001")
    assert again.differences == [
        'donations.json, row 1 (d001): column "quantity" now says 99; the ledger keeps 21200.',
        "donations.json, row 1 (d001): column \"giver\" now says 'cn-bj-beijing';"
        " the ledger keeps 'cn-sh-shanghai'.",
    ]
    assert [again.created, again.updated, again.unchanged] == [0, 0, 159]
    assert [entry.giver.code, entry.quantity, verify().holds] == ["cn-sh-shanghai", 21_200, True]


def test_load_facts_when_a_planned_exchange_was_held_meanwhile(
    facts: list[Tally], now: datetime
) -> None:
    Exchange.objects.filter(code="x03").update(state="held")

    load_facts(now=now)

    assert Exchange.objects.get(code="x03").state == "held"


def test_load_facts_command_when_run_twice(db: None) -> None:
    first, second = StringIO(), StringIO()

    call_command("load_facts", stdout=first)
    call_command("load_facts", stdout=second)

    assert "cities.json: 490 created, 0 updated, 0 unchanged\n" in first.getvalue()
    assert second.getvalue().endswith("Nothing changed: the tables hold these facts already.\n")


def test_load_facts_command_when_only_checking(db: None) -> None:
    out = StringIO()

    call_command("load_facts", "--check", stdout=out)

    assert "donations.json: 159 rows, all good\n" in out.getvalue()
    assert City.objects.count() == 0


def test_load_facts_command_when_a_file_is_bad(
    db: None, folder: Path, edit: Callable[..., int]
) -> None:
    edit("donations.json", "d001", quantity=0)

    with pytest.raises(CommandError) as caught:
        call_command("load_facts", folder=folder, stdout=StringIO())

    assert str(caught.value) == (
        'donations.json, row 1, column "quantity", value 0: A quantity is above 0, or null where it'
        " is not known.\nNothing was written."
    )
    assert City.objects.count() == 0


def test_parties_when_compared_with_the_donations() -> None:
    facts = read_facts(FIXTURES)
    sides = ("giver", "receiver", "intermediary")

    places = {row["code"] for row in facts["cities.json"]}
    parties = {row["code"] for row in facts["parties.json"]}
    named = {row[side] for row in facts["donations.json"] for side in sides if row[side]}

    assert named - places == parties
    assert len(named & places) == 74
