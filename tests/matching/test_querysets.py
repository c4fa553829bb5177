"""Matches as lists read them."""

import pytest
from django.core.cache import caches
from django.urls import reverse

from apps.matching.models import Match
from config.settings import base
from tests import factories

pytestmark = pytest.mark.django_db


def match(urgency, quantity):
    return factories.MatchFactory(need=factories.NeedFactory(urgency=urgency), quantity=quantity)


def test_most_urgent_matches_come_by_urgency_then_size_then_age():
    late, large, small = match(4, 900), match(2, 500), match(2, 100)
    twin, first = match(2, 100), match(1, 5)

    assert list(Match.objects.most_urgent(9)) == [first, large, small, twin, late]
    assert list(Match.objects.most_urgent(3)) == [first, large, small]


def test_listed_match_needs_no_further_query(django_assert_num_queries):
    factories.MatchFactory()

    with django_assert_num_queries(1):
        (row,) = Match.objects.listed()
        told = [row.get_state_display(), row.get_via_display(), row.is_demo, row.quantity]
        told += [row.need.get_urgency_display(), row.offer.item.amount(row.quantity)]
        told += [str(row.offer.item), str(row.offer.city), str(row.need.city)]

    assert all(text or text is False for text in told)


def test_kept_list_is_not_that_of_another_reader(client, settings):
    settings.CACHES = {**settings.CACHES, "pages": base.CACHES["pages"]}
    caches["pages"].clear()
    match = factories.MatchFactory(state="approved")
    officer = factories.LiaisonFactory(city=match.need.city).user
    coordinator = factories.UserFactory(coordinator=True)
    factories.MatchFactory()
    found = []
    for reader in (coordinator, officer, factories.LiaisonFactory().user, coordinator):
        client.force_login(reader)
        found.append(client.get(reverse("matching:match_list")).text.count('class="title"'))
    caches["pages"].clear()

    assert found == [2, 1, 0, 2]
