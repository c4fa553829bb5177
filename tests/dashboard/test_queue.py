"""The coordinator's queue: one list, what presses most first, whatever its kind."""

from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.urls import reverse

from apps.dashboard.queue import Filter, waiting
from apps.dashboard.stakes import describe
from apps.dashboard.streams import StreamsPaginator
from config.settings import base
from tests import factories
from tests.versions import as_in_a_new_transaction

pytestmark = pytest.mark.django_db

MAY = date(2026, 5, 1)
URL = "dashboard:queue"


def proposal(now, *, urgency=1, needed_by=MAY, posted=0, quantity=100, **need):
    """A proposed match for a need that was posted so many days ago."""
    opened_at = now - timedelta(days=posted)
    need = factories.NeedFactory(urgency=urgency, needed_by=needed_by, opened_at=opened_at, **need)
    return factories.MatchFactory(need=need, quantity=quantity)


def pairing_of(urgency, needed_by, **values):
    """A proposed pairing, one city of which has such a need, and one that is all reserved."""
    pairing = factories.PairingFactory(**values)
    city = pairing.cities[0]
    factories.NeedFactory(city=city, urgency=urgency, needed_by=needed_by)
    factories.NeedFactory(city=city, urgency=1, quantity=9, allocated=9, needed_by=MAY)
    return pairing


@pytest.fixture
def shown(coordinator, now):
    """shown(kind="match") is what the queue has for the coordinator, in order."""

    def of(user=coordinator, **wanted):
        rows = waiting(Filter(**wanted), user, now=now)
        return [row.subject for row in describe(rows, user, now=now)]

    return of


def test_matches_come_by_urgency_then_day_needed_then_age_then_size(shown, now):
    noon = now.replace(hour=12)
    later = proposal(noon, urgency=2, quantity=900)
    no_day = proposal(noon, needed_by=None, posted=30, quantity=900)
    next_day = proposal(noon, needed_by=MAY + timedelta(days=1), posted=30, quantity=900)
    small = proposal(noon, quantity=100)
    large = proposal(noon + timedelta(hours=3), quantity=500)
    old = proposal(noon, posted=9, quantity=1)

    assert shown() == [old, large, small, next_day, no_day, later]


def test_pairings_stand_where_the_most_urgent_need_of_their_cities_stands(shown, now):
    urgent = proposal(now, urgency=2)
    critical = proposal(now, urgency=1, needed_by=MAY)
    pairing = pairing_of(1, MAY - timedelta(days=1))
    idle = factories.PairingFactory()
    soon = pairing_of(3, None)

    assert shown() == [pairing, critical, urgent, soon, idle]


def test_officers_count_as_urgent_and_offers_on_hold_as_soon(shown, now):
    offer = factories.OfferFactory(state="held")
    soon = proposal(now, urgency=3)
    officer = factories.LiaisonFactory(state="requested")
    urgent, critical = proposal(now, urgency=2), proposal(now, urgency=1)
    need = factories.NeedFactory(state="held", urgency=1, needed_by=MAY - timedelta(days=1))

    assert shown() == [need, critical, urgent, officer, soon, offer]


def test_nothing_that_is_decided_waits(shown):
    factories.MatchFactory(state="rejected")
    factories.PairingFactory(state="active")
    factories.LiaisonFactory()
    factories.NeedFactory()

    assert shown() == []


def test_only_what_was_asked_for_is_shown_when_the_list_is_filtered(shown, now):
    item = factories.ItemFactory()
    match = proposal(now, urgency=2, item=item, city__name_en="Xuzhou")
    other = proposal(now, urgency=1)
    pairing = factories.PairingFactory()
    factories.NeedFactory(city=pairing.cities[1], urgency=2, item=item)
    officer = factories.LiaisonFactory(state="requested", city__name_en="Xuzhou District")

    assert shown(kind="pairing") == [pairing]
    assert shown(urgency=1) == [other]
    assert shown(city="xuzhou") == [match, officer]
    assert set(shown(item=item)) == {match, pairing}
    assert shown(city="xuzhou", kind="match", urgency=2, item=item) == [match]
    assert shown(city="nowhere") == []


@pytest.fixture
def serving(coordinator, now):
    """What the coordinator may not decide: a match and a pairing of a city they serve."""
    city = factories.LiaisonFactory(user=coordinator, city__parent=factories.StateFactory()).city
    match = proposal(now, city=city)
    return city, match, factories.PairingFactory(left=city.parent), proposal(now)


def test_what_the_reader_may_not_decide_is_marked_and_left_out_on_request(
    serving, shown, coordinator, now
):
    city, match, pairing, free = serving

    rows = describe(waiting(Filter(), coordinator, now=now), coordinator, now=now)

    assert {row.subject: row.barred for row in rows} == {
        match: city,
        pairing: city.parent,
        free: None,
    }
    assert {row.subject for row in rows if row.may_be_chosen} == {free}
    assert shown(mine=True) == [free]


def test_each_row_says_what_is_at_stake(coordinator, now):
    needed = now.date() + timedelta(days=5)
    proposal(now, posted=9, needed_by=needed, quantity=250, item__unit="kit")
    pairing = pairing_of(1, None)
    factories.RoundFactory().pairing_proposals.create(pairing=pairing, score=541_000)
    factories.NeedFactory(city=pairing.cities[1], urgency=3)
    factories.LiaisonFactory(state="requested", office="Mayor's office")
    factories.OfferFactory(state="held", quantity=50, allocated=20, state_reason="A question")

    rows = describe(waiting(Filter(), coordinator, now=now), coordinator, now=now)

    assert [(row.kind, row.urgency, row.age, row.stake) for row in rows] == [
        ("match", 1, "for 9 days", "250 kits, 25 % of the need, needed in 5 days"),
        ("pairing", 1, "since today", "score 54 %, 2 open needs, 1 of them critical"),
        ("liaison", None, "since today", "Mayor's office; nobody speaks for the city yet"),
        ("posting", 3, "since today", "offer, 30 pieces, A question"),
    ]


def test_a_long_list_has_pages_that_keep_the_filter(client, coordinator, now):
    for number in range(27):
        proposal(now, quantity=500 - number)
    client.force_login(coordinator)

    first, second = (client.get(reverse(URL) + q) for q in ("?kind=match", "?kind=match&page=2"))

    shown = [[row.subject.quantity for row in page.context["rows"]] for page in (first, second)]
    assert shown == [list(range(500, 475, -1)), [475, 474]]
    assert '<a rel="next" href="?kind=match&amp;page=2">' in first.text
    assert '<a rel="prev" href="?kind=match&amp;page=1">' in second.text


@pytest.mark.parametrize("query", ["?page=99", "?kind=x&urgency=9&item=0&page=x", "?city=%00"])
def test_the_queue_opens_whatever_the_address_says(client, coordinator, now, query):
    proposal(now)
    client.force_login(coordinator)

    response = client.get(reverse(URL) + query)

    assert response.status_code == 200


def test_queue_leads_to_questions_and_to_offers_that_no_officer_reads(client, coordinator):
    factories.QuestionFactory()
    factories.QuestionFactory(state="answered")
    factories.OutsideOfferFactory()
    factories.OutsideOfferFactory(city=factories.LiaisonFactory().city)
    client.force_login(coordinator)

    text = client.get(reverse(URL)).text

    assert "Questions about the ledger (1)" in text
    assert "Offers from outside to cities without an officer (1)" in text


@pytest.fixture
def long_queue(coordinator, now, client, monkeypatch):
    """long_queue(3) is the third page of 52 matches, of which only 25 are counted."""
    monkeypatch.setattr(StreamsPaginator, "most", 25)
    need = factories.NeedFactory(urgency=1)
    for number in range(52):
        factories.MatchFactory(need=need, quantity=100 - number)
    client.force_login(coordinator)
    return lambda number: client.get(reverse(URL), {"page": number})


def test_every_row_of_a_long_queue_is_on_one_page_when_not_all_are_counted(long_queue):
    pages = [long_queue(number) for number in (1, 2, 3)]

    shown = [[row.subject.quantity for row in page.context["rows"]] for page in pages]
    assert shown == [list(range(100, 75, -1)), list(range(75, 50, -1)), [50, 49]]
    assert "What waits for a decision (more than 25)" in pages[0].text
    assert ['rel="next"' in page.text for page in pages] == [True, True, False]


def test_page_beyond_the_end_of_a_long_queue_is_the_last_one_known(long_queue):
    assert long_queue(4).context["page"].number == 1


@pytest.fixture
def keeping(settings):
    settings.CACHES = {**settings.CACHES, "pages": base.CACHES["pages"]}
    caches["pages"].clear()
    as_in_a_new_transaction()
    yield
    caches["pages"].clear()


def test_rows_are_kept_until_the_data_change(keeping, coordinator, now, django_assert_num_queries):
    late = proposal(now, urgency=2)

    assert [row.pk for row in waiting(Filter(), coordinator, now=now)[0:25]] == [late.pk]
    with django_assert_num_queries(1) as queries:
        assert [row.pk for row in waiting(Filter(), coordinator, now=now)[0:25]] == [late.pk]
    assert "core_change" in queries[0]["sql"]
    as_in_a_new_transaction()
    early = proposal(now, urgency=1)
    assert [row.pk for row in waiting(Filter(), coordinator, now=now)[0:25]] == [early.pk, late.pk]


def test_lists_that_were_kept_are_told_apart(keeping, serving, coordinator, now):
    _city, match, pairing, free = serving
    item = free.need.item

    found = [
        [row.pk for row in waiting(wanted, coordinator, now=now)[0:25]]
        for wanted in (
            Filter(kind="match"),
            Filter(kind="pairing"),
            Filter(kind="match", mine=True),
            Filter(kind="match", item=item),
            Filter(kind="match", city=match.offer.city.code),
            Filter(kind="match", urgency=4),
        )
    ]

    assert [sorted(each) for each in found] == [
        sorted([match.pk, free.pk]),
        [pairing.pk],
        [free.pk],
        [free.pk],
        [match.pk],
        [],
    ]


def test_kept_rows_are_not_those_of_another_reader(keeping, serving, client, coordinator):
    pages = []
    for reader in (coordinator, factories.UserFactory(coordinator=True), coordinator):
        client.force_login(reader)
        pages.append(client.get(reverse(URL)).text)

    assert [page.count("you serve this city") for page in pages] == [2, 0, 2]
    assert [page.count('name="chosen"') for page in pages] == [1, 3, 1]
