from datetime import timedelta

import pytest
import time_machine
from django.core import mail

from apps.cities.models import Liaison
from apps.notifications.models import OutboxMessage
from apps.notifications.services import claim_due
from apps.notifications.tasks import deliver_batch, deliver_due
from tests import factories, happenings
from tests.notifications import backends
from tests.unchanged import nothing_changes

BACKENDS = "tests.notifications.backends"


@pytest.fixture
def tell(posting, now):
    """tell(*addresses) queues a message to an officer of each address."""

    def make(*addresses: str) -> None:
        people = [
            factories.LiaisonFactory(city=posting.city, user__email=address).user
            for address in addresses
        ]
        happenings.tell("posting_held", posting, people, now=now)

    return make


@pytest.fixture
def clock(now):
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


def states() -> dict[str, str]:
    rows = OutboxMessage.objects.values_list("notification__recipient__email", "state")
    return dict(rows)


def test_every_message_is_sent_once_when_there_is_more_than_a_batch(tell, clock, now):
    addresses = [f"officer{number}@example.org" for number in range(120)]
    tell(*addresses)

    sent = deliver_due()
    again = deliver_due()

    assert (sent, again) == (120, 0)
    assert sorted(mailed.to[0] for mailed in mail.outbox) == sorted(addresses)
    assert set(OutboxMessage.objects.values_list("state", "sent_at", "attempts")) == {
        ("sent", now, 1)
    }


def test_message_waits_when_it_is_not_due(tell, clock, now):
    tell("ana@example.org")
    OutboxMessage.objects.update(due_at=now + timedelta(seconds=1))

    assert deliver_due() == 0
    clock.shift(1)
    assert deliver_due() == 1


def test_others_are_sent_when_one_is_refused(tell, clock, settings, now):
    settings.EMAIL_BACKEND = f"{BACKENDS}.Picky"
    tell("ana@example.org", "refused@example.org", "li@example.org")

    sent = deliver_due()

    assert sent == 2
    assert states() == {
        "ana@example.org": "sent",
        "refused@example.org": "pending",
        "li@example.org": "sent",
    }
    waiting = OutboxMessage.objects.get(state="pending")
    assert waiting.due_at == now + timedelta(seconds=10)
    assert waiting.error.startswith("SMTPRecipientsRefused: ")


def test_next_one_is_sent_when_the_server_broke_off(tell, clock, settings):
    settings.EMAIL_BACKEND = f"{BACKENDS}.Fragile"
    tell("ana@example.org", "li@example.org", "eva@example.org")

    sent = deliver_due()

    assert sent == 2
    assert sorted(states().values()) == ["pending", "sent", "sent"]


@pytest.mark.parametrize("real", [True, False])
def test_every_message_waits_when_the_server_is_down(tell, clock, settings, real, now):
    if real:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    else:
        settings.EMAIL_BACKEND = f"{BACKENDS}.Down"
    tell("ana@example.org", "li@example.org")

    sent = deliver_due()

    assert sent == 0
    assert mail.outbox == []
    rows = OutboxMessage.objects.values_list("state", "attempts", "due_at", "error")
    assert set(rows) == {
        (
            "pending",
            1,
            now + timedelta(seconds=10),
            "ConnectionRefusedError: [Errno 111] Connection refused",
        )
    }


def test_mail_goes_out_when_the_server_is_back(tell, clock, settings):
    settings.EMAIL_BACKEND = f"{BACKENDS}.Down"
    tell("ana@example.org")
    deliver_due()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    clock.shift(10)

    sent = deliver_due()

    assert sent == 1
    assert states() == {"ana@example.org": "sent"}


def test_one_connection_serves_a_batch_when_all_goes_well(tell, clock, settings):
    settings.EMAIL_BACKEND = f"{BACKENDS}.Counting"
    backends.opened.clear()
    tell("ana@example.org", "li@example.org", "eva@example.org")

    deliver_due()

    assert backends.opened == ["open", "close"]
    assert len(mail.outbox) == 3


def test_message_is_cancelled_when_the_person_may_no_longer_know(tell, clock):
    tell("ana@example.org", "li@example.org")
    Liaison.objects.filter(user__email="ana@example.org").update(state="removed")

    sent = deliver_due()

    assert sent == 1
    assert states() == {"ana@example.org": "cancelled", "li@example.org": "sent"}
    assert [mailed.to for mailed in mail.outbox] == [["li@example.org"]]
    cancelled = OutboxMessage.objects.get(state="cancelled")
    assert cancelled.error == "the recipient may no longer see the subject"


def test_message_of_a_slow_sender_is_not_sent_twice_when_another_took_it_over(tell, clock, now):
    tell("ana@example.org", "li@example.org")
    slow = claim_due(now=now)
    clock.shift(61)

    quick_sent = deliver_due()
    with nothing_changes():
        slow_sent = deliver_batch(slow, backends.Counting())

    assert (quick_sent, slow_sent) == (2, 0)
    assert len(mail.outbox) == 2


def test_message_is_put_off_when_its_kind_is_no_longer_known(tell, clock):
    tell("ana@example.org", "li@example.org")
    first = OutboxMessage.objects.get(notification__recipient__email="ana@example.org")
    type(first.notification).objects.filter(pk=first.notification_id).update(kind="gone")

    sent = deliver_due()

    assert sent == 1
    assert states() == {"ana@example.org": "pending", "li@example.org": "sent"}
