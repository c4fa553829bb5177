"""The ledger as a file: every entry of the filter, nothing guessed, no cell a formula."""

import csv
import io
from datetime import date, datetime

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from apps.ledger import exports
from apps.ledger.services import reverse_entry
from tests import factories
from tests.unchanged import nothing_changes


def read_csv(client, **asked):
    response = client.get(reverse("ledger:entries_csv"), asked)
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def read_xlsx(client, **asked):
    response = client.get(reverse("ledger:entries_xlsx"), asked)
    header, *rows = load_workbook(io.BytesIO(response.content)).active.values
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_row_says_what_how_much_and_between_whom_in_both_languages(client, enter, giver, masks):
    entry = enter(quantity=21_200, qualifier="about", occurred_on=date(2020, 3, 5))

    row = read_csv(client)[0]

    assert tuple(row) == exports.HEADER
    wanted = {
        "number": "1",
        "kind": "sent",
        "item": masks.code,
        "item_en": masks.name_en,
        "item_zh_hans": masks.name_zh_hans,
        "category": "ppe",
        "quantity": "21200",
        "quantity_known": "yes",
        "qualifier": "about",
        "unit": "piece",
        "occurred_on": "2020-03-05",
        "date_precision": "day",
        "giver_code": giver.code,
        "giver_en": giver.name_en,
        "giver_zh_hans": giver.name_zh_hans,
        "giver_kind": "city",
        "giver_country": "CN",
        "giver_place": giver.city.code,
        "intermediary_en": "",
        "confirmed_by_receiver": "no",
        "hash": entry.hash,
    }
    assert {name: row[name] for name in wanted} == wanted


def test_unknown_is_an_empty_cell_and_said_beside_it(client, enter):
    enter(quantity=None, occurred_on=None)

    (row,), (cells,) = read_csv(client), read_xlsx(client)

    assert (row["quantity"], row["quantity_known"], row["qualifier"]) == ("", "no", "not_stated")
    assert (row["occurred_on"], row["date_precision"]) == ("", "not_stated")
    assert (cells["quantity"], cells["occurred_on"]) == (None, None)


def test_both_files_hold_the_entries_of_the_filter_in_the_order_of_their_numbers(
    client, enter, now
):
    enter(quantity=1)
    reverse_entry(enter(quantity=2), by=None, now=now, reason="twice")
    enter(quantity=4, kind="received")

    rows, cells = read_csv(client, kind="sent"), read_xlsx(client, kind="sent")

    assert [(row["number"], row["quantity"], row["reverses"]) for row in rows] == [
        ("1", "1", ""),
        ("2", "2", ""),
        ("3", "-2", "2"),
    ]
    assert [(row["number"], row["quantity"], row["reverses"]) for row in cells] == [
        (1, 1, None),
        (2, 2, None),
        (3, -2, 2),
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")'])
def test_text_that_looks_like_a_formula_stays_a_text(client, enter, text):
    company = factories.PartyFactory(name_en=text)
    enter(note=text, giver=company)

    (row,) = read_csv(client)
    book = load_workbook(io.BytesIO(client.get(reverse("ledger:entries_xlsx")).content))

    assert (row["note"], row["giver_en"]) == (f"'{text}", f"'{text}")
    assert "f" not in {cell.data_type for line in book.active for cell in line}


def test_control_characters_do_not_break_the_workbook(client, enter):
    enter(note="a\x07b")

    assert read_xlsx(client)[0]["note"] == "ab"


def test_who_is_not_named_is_in_no_file(client, enter):
    enter(giver=factories.PartyFactory(code="li-ming", name_en="Li Ming", may_be_named=False))

    (row,) = read_csv(client)

    assert (row["giver_code"], row["giver_en"], row["giver_kind"]) == ("", "", "foundation")
    assert "Li Ming" not in str(row) + str(read_xlsx(client))
    assert "li-ming" not in str(row) + str(read_xlsx(client))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_file_is_named_after_the_day_and_is_the_same_in_both_languages(client, enter, form):
    enter()
    url = reverse(f"ledger:entries_{form}")

    with time_machine.travel(datetime.fromisoformat("2026-03-05T12:00:00Z"), tick=False):
        one, other = client.get(url), client.get(url.replace("/en/", "/zh-hans/"))
        contents = [
            b"".join(found.streaming_content) if found.streaming else found.content
            for found in (one, other)
        ]

    name = f'attachment; filename="counterpart-ledger-2026-03-05.{form}"'
    assert one.headers["Content-Disposition"] == name
    assert contents[0] == contents[1]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_too_many_entries_are_refused_with_a_page_that_leads_back(client, enter, form, monkeypatch):
    monkeypatch.setitem(exports.LARGEST, form, 1)
    enter()
    enter()

    with nothing_changes():
        response = client.get(reverse(f"ledger:entries_{form}"), {"kind": "sent"})

    assert response.status_code == 422
    assert "A file holds at most 1 entries." in response.text
    assert f'href="{reverse("ledger:entry_list")}?kind=sent"' in response.text


def test_csv_takes_two_queries_however_many_entries_there_are(
    client, enter, django_assert_num_queries
):
    for _ in range(3):
        enter()

    with django_assert_num_queries(2):
        rows = read_csv(client)

    assert len(rows) == 3
