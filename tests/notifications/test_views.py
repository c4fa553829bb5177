from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.audit.services import record
from apps.cities.models import Liaison
from apps.notifications.models import Notification
from apps.notifications.services import mark_read, notify
from tests import factories
from tests.happenings import tell
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

LIST, READ = "notifications:notification_list", "notifications:notification_read_all"


@pytest.fixture
def reader(client, officer):
    client.force_login(officer)
    return client


def titles(response) -> list[str | None]:
    return [text and text.title for _, text in response.context["texts"]]


@pytest.mark.parametrize(("name", "method"), [(LIST, "get"), (READ, "post")])
def test_visitor_is_asked_to_sign_in_when_they_want_the_news(client, name, method):
    response = getattr(client, method)(reverse(name))

    assert (response.status_code, response.url) == (
        302,
        f"{reverse('account_login')}?next={reverse(name)}",
    )


def test_news_are_listed_newest_first_when_opened(reader, officer, posting, queue, now):
    tell("officer_confirmed", officer.liaisons.get(), [officer], now=now - timedelta(days=1))
    queue(officer)

    response = reader.get(reverse(LIST))

    page = response.content.decode()
    assert titles(response) == [
        "Your posting is on hold: San Antonio: Masks",
        "You now speak for San Antonio",
    ]
    assert f'<a href="/en/postings/{posting.pk}/">' in page
    assert "2 Mar 2026, 12:00" in page


def test_news_are_ones_own_only_when_opened(reader, officer, queue):
    queue(factories.UserFactory())

    response = reader.get(reverse(LIST))

    assert titles(response) == []
    assert "Nothing yet." in response.content.decode()


def test_news_say_so_when_the_person_may_no_longer_know(reader, officer, queue):
    queue(officer)
    Liaison.objects.update(state="removed")

    response = reader.get(reverse(LIST))

    page = response.content.decode()
    assert titles(response) == [None]
    assert "This is no longer shown to you." in page
    assert "Masks" not in page


def test_news_are_in_the_language_of_the_page_when_opened(reader, officer, queue):
    queue(officer)

    response = reader.get(reverse(LIST).replace("/en/", "/zh-hans/"))

    assert response.status_code == 200
    assert "圣安东尼奥: 口罩" in titles(response)[0]


@pytest.mark.parametrize("rows", [1, 3])
def test_news_ask_the_database_as_often_when_there_are_more(
    reader, officer, queue, rows, django_assert_num_queries
):
    for number in range(rows):
        queue(officer, reason=str(number))
        posting = factories.NeedFactory(city=officer.liaisons.get().city)
        tell("posting_released", posting, [officer], now=timezone.now())

    with django_assert_num_queries(6):
        response = reader.get(reverse(LIST))

    assert len(titles(response)) == 2 * rows


def test_names_are_shown_as_text_when_they_hold_markup(reader, officer, posting, queue):
    queue(officer)
    type(posting.city).objects.update(name_en="<script>alert(1)</script>")

    page = reader.get(reverse(LIST)).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_news_come_by_the_page_when_there_are_many(reader, officer, queue):
    for number in range(26):
        queue(officer, reason=str(number))

    first, second = reader.get(reverse(LIST)), reader.get(f"{reverse(LIST)}?page=2")

    assert (len(titles(first)), len(titles(second))) == (25, 1)


def test_unread_ones_are_counted_when_any_page_opens(reader, officer, queue):
    queue(officer, "a")
    queue(officer, "b")
    queue(factories.UserFactory(), "c")

    context = reader.get(reverse("cities:city_list")).context

    assert context["unread"] == 2


def test_nothing_is_counted_when_a_visitor_looks(client, db):
    context = client.get(reverse("cities:city_list")).context

    assert "unread" not in context


def test_all_are_read_when_the_button_is_pressed(reader, officer, queue):
    queue(officer, "a")
    stranger = queue(factories.UserFactory(), "b").notification

    before = reader.get(reverse(LIST)).content.decode()
    response = reader.post(reverse(READ))
    after = reader.get(reverse(LIST)).content.decode()

    assert (response.status_code, response.url) == (302, reverse(LIST))
    assert list(Notification.objects.filter(read_at=None)) == [stranger]
    assert "Mark all as read" in before
    assert "fw-semibold" in before
    assert "Mark all as read" not in after
    assert "fw-semibold" not in after


def test_nothing_is_read_when_the_button_is_only_followed(reader, officer, queue):
    queue(officer)

    with nothing_changes():
        response = reader.get(reverse(READ))

    assert response.status_code == 405


def test_news_are_neither_shown_nor_counted_nor_read_when_their_time_has_not_come(
    reader, officer, posting
):
    now = timezone.now()
    held = record(None, "hold_posting", posting, at=now)
    notify("posting_held", [officer], held, due_at=now + timedelta(minutes=1))

    response = reader.get(reverse(LIST))

    assert (titles(response), response.context["unread"]) == ([], 0)
    assert mark_read(officer, now=now) == 0
    assert mark_read(officer, now=now + timedelta(minutes=1)) == 1
