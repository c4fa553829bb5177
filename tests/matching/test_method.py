"""The page that explains the method tells no more and no less than the engine does."""

import pytest
from django.conf import settings
from django.urls import reverse

from apps.matching import example
from apps.matching.engine.problem import UNIT, Weights
from apps.matching.method import MEASURED, MEASURES, criteria
from apps.matching.words import CRITERIA
from tests.pages.html import Page


def test_greedy_leaves_two_alone_where_the_engine_pairs_all():
    pairing = example.pairing()

    assert pairing.greedy == (("A", "X"),)
    assert pairing.best == (("A", "Y"), ("B", "X"))
    assert pairing.points == {
        ("A", "X"): 22.5,
        ("A", "Y"): 20.25,
        ("B", "X"): 18.0,
        ("B", "Y"): 0.0,
    }
    assert (pairing.total(pairing.greedy), pairing.total(pairing.best)) == (22.5, 38.25)


def test_critical_need_is_filled_where_first_come_leaves_it_short():
    rows = {row.city: (row.needed, row.first_come, row.filled) for row in example.filling()}

    assert rows == {"Y": (100, 100, 60), "X": (100, 90, 100), "Z": (50, 0, 30)}


def test_weights_come_to_a_hundred_when_the_criteria_are_listed():
    assert list(CRITERIA) == list(MEASURES) == list(Weights.__dataclass_fields__)
    assert sum(weight for _, _, weight in criteria()) == 100
    assert sum(getattr(Weights(), code) for code in CRITERIA) == UNIT


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["(22.5 points)", "The engine joins A–Y, B–X: 38.25 points", "45 %"]),
        ("zh-hans", ["22.5", "A–Y, B–X", "38.25", "45 %"]),
    ],
)
def test_page_shows_the_example_as_the_engine_solves_it(client, db, language, sentences):
    response = client.get(reverse("matching:method").replace("/en/", f"/{language}/"))

    words = Page(response.text).words
    assert response.status_code == 200
    for sentence in sentences:
        assert sentence in words


def test_page_asks_the_database_for_nothing(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(reverse("matching:method"))


def cells(file: str, *, after: str = "", row: str) -> list[str]:
    """The cells of the first row that starts with `row`, below the heading `after`."""
    text = (settings.ROOT / "benchmarks" / "results" / file).read_text()
    lines = text[text.index(after) :].splitlines()
    return [cell.strip(" *%") for cell in next(x for x in lines if x.startswith(row)).split("|")]


def test_figures_on_the_page_are_those_that_were_measured():
    peers = ("**engine", "greedy", "first come")
    sums = [cells("pairing.md", row=f"| posting 3,000 a side | {peer}")[-2] for peer in peers]
    rows = [
        cells("allocation.md", after="## posting, 10,000 postings", row=f"| {peer}")
        for peer in ("engine |", "greedy", "first come")
    ]

    assert [round(float(percent), 1) for percent in sums] == [row[1] for row in MEASURED]
    assert [float(row[5]) for row in rows] == [row[2] for row in MEASURED]
    assert [round(float(row[4]), 1) for row in rows] == [row[3] for row in MEASURED]
