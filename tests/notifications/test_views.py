from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from apps.audit.services import record
from apps.cities.models import Liaison
from apps.notifications.kinds import GROUPS
from apps.notifications.models import Notification, OutboxMessage
from apps.notifications.services import choose_mails, mark_read, notify
from apps.notifications.tasks import deliver_due
from apps.notifications.views import Line
from tests import factories
from tests.happenings import tell
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

LIST, READ = "notifications:notification_list", "notifications:notification_read_all"
OPEN, READ_ONE = "notifications:notification_open", "notifications:notification_read"
MAILS = "notifications:preferences"


@pytest.fixture
def reader(client, officer):
    client.force_login(officer)
    return client


def lines(response) -> list[Line]:
    return [line for *_, found in response.context["sections"] for line in found]


def titles(response) -> list[str | None]:
    return [line.text and line.text.title for line in lines(response)]


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
    assert [line.address in page for line in lines(response)] == [True, True]
    assert [day for _, day, _ in response.context["sections"]] == [
        date(2026, 3, 2),
        date(2026, 3, 1),
    ]
    assert "2 Mar 2026" in page
    assert ">12:00</time>" in page


def test_news_are_ones_own_only_when_opened(reader, officer, queue):
    queue(factories.UserFactory())

    response = reader.get(reverse(LIST))

    assert titles(response) == []
    assert "Nothing yet" in response.content.decode()


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

    with django_assert_num_queries(7):
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

    context = reader.get(reverse("dashboard:city_list")).context

    assert context["unread"] == 2


def test_nothing_is_counted_when_a_visitor_looks(client, db):
    context = client.get(reverse("dashboard:city_list")).context

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


def test_unread_ones_stand_first_when_older_than_the_read(reader, officer, queue, now):
    read = queue(officer, "read").notification
    unread = queue(officer, "unread").notification
    Notification.objects.filter(pk=read.pk).update(read_at=now, created_at=now + timedelta(days=1))

    response = reader.get(reverse(LIST))

    assert [line.notification for line in lines(response)] == [unread, read]
    assert [(done, day) for done, day, _ in response.context["sections"]] == [
        (False, date(2026, 3, 2)),
        (True, date(2026, 3, 3)),
    ]


def test_day_is_that_of_the_reader_when_their_zone_is_elsewhere(client, officer, queue, now):
    queue(officer)
    Notification.objects.update(created_at=now.replace(hour=20))
    type(officer).objects.update(time_zone="Asia/Shanghai")
    client.force_login(officer)

    response = client.get(reverse(LIST))

    assert [day for _, day, _ in response.context["sections"]] == [date(2026, 3, 3)]


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("", ["officer_confirmed", "posting_held"]),
        ("?about=officers", ["officer_confirmed"]),
        ("?about=postings", ["posting_held"]),
        ("?about=gifts", []),
        ("?about=nothing", ["officer_confirmed", "posting_held"]),
        ("?unread=1", ["posting_held"]),
        ("?about=officers&unread=1", []),
    ],
)
def test_news_are_those_asked_for_when_filtered(reader, officer, queue, now, query, kinds):
    tell("officer_confirmed", officer.liaisons.get(), [officer], now=now)
    Notification.objects.update(read_at=now)
    queue(officer)

    response = reader.get(reverse(LIST) + query)

    assert sorted(line.notification.kind for line in lines(response)) == kinds
    assert ("Nothing of this kind." in response.text) is (not kinds)


def test_it_is_read_and_leads_on_when_one_is_opened(reader, officer, posting, queue):
    opened, other = queue(officer, "a").notification, queue(officer, "b").notification

    response = reader.get(reverse(OPEN, args=[opened.pk]))

    assert (response.status_code, response.url) == (302, f"/en/postings/{posting.pk}/")
    assert list(Notification.objects.filter(read_at=None)) == [other]


def test_it_leads_back_when_the_person_may_no_longer_know(reader, officer, queue):
    notification = queue(officer).notification
    Liaison.objects.update(state="removed")

    response = reader.get(reverse(OPEN, args=[notification.pk]))

    assert (response.status_code, response.url) == (302, reverse(LIST))


def test_only_that_one_is_read_when_its_button_is_pressed(reader, officer, queue):
    one, other = queue(officer, "a").notification, queue(officer, "b").notification

    response = reader.post(reverse(READ_ONE, args=[one.pk]))

    assert (response.status_code, response.url) == (302, reverse(LIST))
    assert list(Notification.objects.filter(read_at=None)) == [other]


@pytest.mark.parametrize(("name", "method"), [(OPEN, "get"), (READ_ONE, "post")])
def test_news_of_others_are_not_there_when_asked_for(reader, queue, name, method):
    notification = queue(factories.UserFactory()).notification

    with nothing_changes():
        response = getattr(reader, method)(reverse(name, args=[notification.pk]))

    assert response.status_code == 404


# Which mails


def chosen(response) -> list[str]:
    return sorted(response.context["form"]["groups"].value())


def test_every_mail_is_chosen_when_nobody_has_said_otherwise(reader):
    assert chosen(reader.get(reverse(MAILS))) == sorted(group.code for group in GROUPS.values())


def test_choice_is_kept_when_it_is_saved_twice(reader, officer):
    reader.post(reverse(MAILS), {"groups": ["pairings"]})
    response = reader.post(reverse(MAILS), {"groups": ["gifts", "matches"]})

    assert (response.status_code, response.url) == (302, reverse(MAILS))
    assert chosen(reader.get(reverse(MAILS))) == ["gifts", "matches"]
    assert officer.preferences.count() == len(GROUPS)


def test_choice_is_refused_when_there_is_no_such_group(reader):
    with nothing_changes():
        response = reader.post(reverse(MAILS), {"groups": ["weather"]})

    assert response.status_code == 422


@pytest.mark.parametrize(("groups", "state"), [(["postings"], "sent"), (["gifts"], "cancelled")])
def test_mail_goes_out_only_about_what_was_chosen(reader, officer, queue, groups, state):
    choose_mails(officer, groups)
    message = queue(officer, due_at=timezone.now())

    deliver_due()

    message = OutboxMessage.objects.get(pk=message.pk)
    assert (message.state, len(mail.outbox)) == (state, int(state == "sent"))
    assert titles(reader.get(reverse(LIST))) == ["Your posting is on hold: San Antonio: Masks"]
