"""The page, its charts and their tables, the CSV and the command say the same."""

import csv
import re
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation

from apps.dashboard.replay2020.page import context_of
from apps.dashboard.replay2020.rows import HEADER
from tests.pages.html import Page

LANGUAGES = ["en", "zh-hans"]


def address(name, language):
    with translation.override(language):
        return reverse(f"dashboard:{name}")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Really given", "19.3 %", "42.4 %", "Connecticut", "26 May 2020", "Shanghai"]),
        ("zh-hans", ["实际捐赠", "19.3 %", "42.4 %", "康涅狄格", "2020年5月26日", "上海"]),
    ],
)
def test_page_shows_the_figures_in_a_fixed_number_of_queries(
    language, words, client, facts, django_assert_num_queries
):
    with django_assert_num_queries(2):
        response = client.get(address("replay_2020", language))

    page = Page(response.text)
    assert (response.status_code, page.faults, page.inline) == (200, [], [])
    assert [word for word in words if word not in page.words] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_chart_is_named_told_in_words_and_followed_by_its_table(language, client, facts, replay):
    text = client.get(address("replay_2020", language)).text

    charts = re.findall(r'<svg class="chart"[^>]*>', text)
    names = [re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', chart) for chart in charts]
    with translation.override(language):
        context = context_of(replay, facts)
    figures = [
        bar.text
        for name in ("measures_chart", "places_chart")
        for group in context[name].groups
        for bar in group.bars
    ]
    tables = " ".join(re.findall(r"<td[^>]*>([^<]+)</td>", text))
    assert names == [["measures-title", "measures-text"], ["places-title", "places-text"]]
    assert all(f'id="{name}"' in text for pair in names for name in pair)
    assert all('role="img"' in chart for chart in charts)
    assert (len(figures), [figure for figure in figures if figure not in tables]) == (15 + 48, [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_says_so_when_the_facts_are_not_loaded(language, client, empty_ledger):
    page = Page(client.get(address("replay_2020", language)).text)

    told = {"en": "The report's table is not loaded", "zh-hans": "尚未载入报告的表格"}[language]
    assert told in page.words
    assert "%" not in page.words


def test_csv_is_not_found_when_the_facts_are_not_loaded(client, empty_ledger):
    assert client.get(address("replay_2020_csv", "en")).status_code == 404


def read(text):
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


def test_csv_holds_every_unit_and_every_need_of_every_allocation(client, replay):
    rows = read(client.get(address("replay_2020_csv", "en")).text)

    units, needs = Counter(), Counter()
    for row in rows:
        units[row["allocation"]] += int(row["quantity"])
    for one in {(r["allocation"], r["item"], r["receiver"], r["estimated_need"]) for r in rows}:
        needs[one[0]] += int(one[3])
    whole = dict.fromkeys(("given", "pair_first", "urgency_first"), 2_750_832)
    assert (units, needs) == (whole, whole)
    assert tuple(rows[0]) == HEADER


def test_csv_marks_ties_and_counterparts(client, facts):
    rows = read(client.get(address("replay_2020_csv", "en")).text)

    found = {
        (row["giver"], row["receiver"]): (row["tied"], row["counterpart"])
        for row in rows
        if row["giver"] == "cn-sh-shanghai" and row["allocation"] == "given"
    }
    assert found == {
        ("cn-sh-shanghai", "us-ca-san-francisco"): ("yes", "no"),
        ("cn-sh-shanghai", "us-il-chicago"): ("yes", "yes"),
        ("cn-sh-shanghai", "us-tx-houston"): ("yes", "no"),
    }


def test_csv_of_the_chinese_page_has_chinese_names(client, facts):
    text = client.get(address("replay_2020_csv", "zh-hans")).text

    assert "上海市" in {row["giver_name"] for row in read(text)}


def test_command_prints_the_figures_and_writes_the_rows_of_the_page(client, facts, tmp_path):
    out, file = StringIO(), tmp_path / "rows.csv"

    call_command("replay_2020", csv=file, stdout=out)

    lines = [re.split(r"\s{2,}", line.strip()) for line in out.getvalue().splitlines()]
    assert ["Estimated need that is met", "19.3 %", "100 %", "100 %"] in lines
    assert ["Units between tied places", "42.4 %", "11.7 %", "11.7 %"] in lines
    page = client.get(address("replay_2020_csv", "en"))
    assert file.read_bytes() == page.content


def test_command_says_what_to_do_when_the_facts_are_not_loaded(empty_ledger, tmp_path):
    file = tmp_path / "rows.csv"

    with pytest.raises(CommandError, match="run load_facts first"):
        call_command("replay_2020", csv=file)

    assert not file.exists()
