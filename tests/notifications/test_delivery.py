import pytest
from django.core import mail
from django.core.mail import get_connection

from apps.accounts.models import User
from apps.cities.models import Liaison
from apps.notifications.delivery import NoLongerTold, readable, send
from apps.notifications.models import Notification
from apps.postings.models import Posting
from tests import factories
from tests.happenings import tell
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def base_url(settings):
    settings.BASE_URL = "https://counterpart.example:8443"


def sent(message) -> mail.EmailMessage:
    send(message, get_connection())
    (mailed,) = mail.outbox
    return mailed


def test_mail_says_what_why_and_where_when_it_is_sent(queue, officer, posting):
    message = queue(officer)

    mailed = sent(message)

    assert mailed.subject == "Your posting is on hold: San Antonio: Masks"
    assert mailed.to == [officer.email]
    assert mailed.from_email == "Counterpart <no-reply@localhost>"
    assert mailed.body == (
        "Dear Ana,\n"
        "\n"
        "Your posting is on hold: San Antonio: Masks\n"
        "\n"
        "A coordinator has a question about it. Until it is released it is not shown and not"
        " matched.\n"
        "Reason: Really 20,000?\n"
        "\n"
        f"https://counterpart.example:8443/en/postings/{posting.pk}/\n"
        "\n"
        "Counterpart. You get this mail because of your role there.\n"
        "Which mails you get: https://counterpart.example:8443/en/account/mails/\n"
    )
    assert mailed.extra_headers == {
        "Message-ID": f"<{message.pk}@counterpart.example>",
        "Auto-Submitted": "auto-generated",
    }
    assert mailed.message()["Message-ID"] == f"<{message.pk}@counterpart.example>"


def test_mail_keeps_its_number_when_it_is_sent_again(queue, officer):
    message = queue(officer)

    for _ in range(2):
        send(message, get_connection())

    numbers = {mailed.extra_headers["Message-ID"] for mailed in mail.outbox}
    assert len(mail.outbox) == 2
    assert numbers == {f"<{message.pk}@counterpart.example>"}


def test_each_reads_their_own_language_when_two_are_told(queue, officer, posting):
    chinese = factories.LiaisonFactory(city=posting.city, user__language="zh-hans").user

    for person in (officer, chinese):
        send(queue(person), get_connection())

    english_mail, chinese_mail = mail.outbox
    assert "San Antonio: Masks" in english_mail.subject
    assert f"/en/postings/{posting.pk}/" in english_mail.body
    assert "圣安东尼奥: 口罩" in chinese_mail.subject
    assert f"https://counterpart.example:8443/zh-hans/postings/{posting.pk}/" in chinese_mail.body
    assert "Dear" not in chinese_mail.body


def test_dates_are_those_of_the_reader_when_their_zone_is_elsewhere(now):
    match = factories.MatchFactory(
        state="approved", expires_at=now.replace(hour=20)
    )  # 3 March already in Shanghai
    for zone in ("Asia/Shanghai", "America/Chicago", "Mars/Olympus"):
        person = factories.LiaisonFactory(city=match.need.city, user__time_zone=zone).user
        tell("match_approved", match, [person], now=now)
        send(person.notifications.get().message, get_connection())

    days = [mailed.body.partition("decline by ")[2][:10] for mailed in mail.outbox]
    assert days == ["3 Mar 2026", "2 Mar 2026", "2 Mar 2026"]


def test_signs_stay_as_they_are_when_a_mail_is_plain_text(queue, officer, posting):
    mailed = sent(queue(officer, reason="5 < 6 & \"quoted\" 'too'"))

    assert "Reason: 5 < 6 & \"quoted\" 'too'" in mailed.body


def lose_the_city(officer: User, posting: Posting) -> None:
    Liaison.objects.filter(user=officer).update(state="removed")


def lose_the_account(officer: User, posting: Posting) -> None:
    User.objects.filter(pk=officer.pk).update(is_active=False)


def lose_the_subject(officer: User, posting: Posting) -> None:
    Posting.objects.filter(pk=posting.pk).delete()


@pytest.mark.parametrize(
    ("lose", "why"),
    [
        (lose_the_city, "the recipient may no longer see the subject"),
        (lose_the_account, "the recipient may no longer sign in"),
        (lose_the_subject, "the subject is gone"),
    ],
)
def test_nothing_is_sent_when_the_person_may_no_longer_know(queue, officer, posting, lose, why):
    message = queue(officer)
    lose(officer, posting)
    message = type(message).objects.get(pk=message.pk)

    with nothing_changes(), pytest.raises(NoLongerTold) as stopped:
        send(message, get_connection())

    assert str(stopped.value) == why
    assert mail.outbox == []


def test_coordinator_is_not_mailed_about_themselves_when_they_wait_for_confirmation(
    coordinator, now
):
    liaison = factories.LiaisonFactory(state="requested", user=coordinator)
    tell("officer_requested", liaison, [coordinator], now=now)

    with pytest.raises(NoLongerTold):
        send(coordinator.notifications.get().message, get_connection())

    assert mail.outbox == []


def test_words_are_found_for_each_kind_of_subject_when_listed(officer, posting, now):
    liaison = officer.liaisons.get()
    tell("officer_confirmed", liaison, [officer], now=now)
    tell("posting_held", posting, [officer], now=now)
    notifications = list(Notification.objects.order_by("kind"))

    texts = readable(notifications, officer)

    assert [(row.kind, text.title, text.path) for row, text in texts] == [
        (
            "officer_confirmed",
            "You now speak for San Antonio",
            f"/en/liaisons/{liaison.pk}/",
        ),
        (
            "posting_held",
            "Your posting is on hold: San Antonio: Masks",
            f"/en/postings/{posting.pk}/",
        ),
    ]
    assert texts[0][1].url == f"https://counterpart.example:8443/en/liaisons/{liaison.pk}/"


@pytest.mark.parametrize("lose", [lose_the_city, lose_the_subject])
def test_words_are_withheld_when_the_person_may_no_longer_know(queue, officer, posting, lose):
    notification = queue(officer).notification
    lose(officer, posting)
    rows = list(Notification.objects.all())

    texts = readable(rows or [notification], User.objects.get(pk=officer.pk))

    assert [text for _, text in texts] == [None]
