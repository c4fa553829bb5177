"""The public list of the ledger: what stands first, and what the filters choose."""

from datetime import date

import pytest
from django.urls import reverse

from tests import factories


def listed(client, **asked):
    response = client.get(reverse("ledger:entry_list"), asked)
    return [entry.quantity for entry in response.context["object_list"]]


def test_latest_comes_first_and_what_has_no_date_and_others_totals_last(client, enter):
    enter(quantity=1, kind="stated", occurred_on=date(2026, 1, 1))
    enter(quantity=2, occurred_on=None)
    enter(quantity=3, occurred_on=date(2020, 3, 1))
    enter(quantity=4, occurred_on=date(2026, 1, 1))
    enter(quantity=5, occurred_on=date(2020, 3, 1))

    assert listed(client) == [4, 5, 3, 2, 1]


def test_days_choose_what_happened_between_them_with_both_ends(client, enter):
    for day in (1, 2, 3, 4):
        enter(quantity=day, occurred_on=date(2020, 3, day))
    enter(quantity=9, occurred_on=None)

    assert listed(client, since="2020-03-02", until="2020-03-03") == [3, 2]
    assert listed(client, until="2020-03-01") == [1]


def test_category_chooses_its_items_and_no_others(client, enter):
    money = factories.ItemFactory(category=factories.CategoryFactory(code="funds"))
    enter(quantity=1)
    enter(quantity=2, item=money)

    assert listed(client, category=money.category.pk) == [2]


def test_totals_are_folded_and_say_how_many_they_are(client, enter, giver, receiver):
    enter()
    enter(giver=receiver, receiver=giver)

    text = client.get(reverse("ledger:entry_list")).text

    assert "<summary>Totals of the chosen entries (2)</summary>" in text
    assert '<details class="mb-3" open' not in text


def test_direction_names_the_united_states_shortly(client, enter):
    enter()

    text = client.get(reverse("ledger:entry_list")).text

    assert "China → United States<" in text


def test_downloads_carry_the_filter_of_the_list(client, enter, masks):
    enter()

    text = client.get(reverse("ledger:entry_list"), {"item": masks.pk, "page": 1}).text

    assert f'href="{reverse("ledger:entries_csv")}?item={masks.pk}"' in text
    assert f'href="{reverse("ledger:entries_xlsx")}?item={masks.pk}"' in text


@pytest.mark.django_db
def test_list_says_what_is_missing_when_it_is_empty(client):
    text = client.get(reverse("ledger:entry_list")).text

    assert "No entry fits." in text
    assert "were pictures and are lost" in text
