from datetime import timedelta

import pytest
from django.db import transaction

from apps.audit.services import record
from apps.notifications.models import Notification, OutboxMessage, OutboxState
from apps.notifications.services import (
    BATCH,
    LEASE,
    RETRY_AFTER,
    claim_due,
    keep_lease,
    mark_cancelled,
    mark_failed,
    mark_read,
    mark_sent,
    notify,
    withhold,
)
from tests import factories
from tests.constraints import refused_by
from tests.happenings import tell
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
FINISHED = [OutboxState.SENT, OutboxState.DEAD, OutboxState.CANCELLED]


def row(message: OutboxMessage) -> OutboxMessage:
    return OutboxMessage.objects.get(pk=message.pk)


# Writing down


@pytest.fixture
def held(posting, now):
    return record(None, "hold_posting", posting, at=now)


def test_notification_and_its_mail_are_written_when_somebody_is_told(posting, officer, held):
    notify("posting_held", [officer], held)

    notification, message = Notification.objects.get(), OutboxMessage.objects.get()
    assert (notification.recipient, notification.kind) == (officer, "posting_held")
    assert (notification.cause, notification.created_at) == (held, held.at)
    assert notification.read_at is None
    assert message.notification == notification
    assert (message.state, message.due_at, message.attempts) == ("pending", held.at, 0)
    assert (message.lease_until, message.sent_at, message.error) == (None, None, "")
    assert str(notification) == "Posting on hold: San Antonio: Masks"


def test_mail_waits_for_its_time_when_one_is_given(officer, held, now):
    notify("posting_held", [officer], held, due_at=now + timedelta(days=5))

    assert OutboxMessage.objects.get().due_at == now + timedelta(days=5)
    assert claim_due(now=now) == []


def test_each_is_told_once_when_an_event_is_told_again_and_again(posting, officer, held):
    colleague = factories.LiaisonFactory(city=posting.city).user
    notify("posting_held", [officer, officer], held)

    with nothing_changes():
        notify("posting_held", [officer], held)
    notify("posting_held", [officer, colleague], held)

    told = Notification.objects.values_list("recipient_id", flat=True)
    assert sorted(told) == sorted([officer.pk, colleague.pk])
    assert OutboxMessage.objects.count() == 2


@pytest.mark.parametrize("kind", ["posting_held", "posting_released"])
def test_other_event_is_told_too_when_it_happens_at_the_same_moment(posting, officer, kind, now):
    tell("posting_held", posting, [officer], now=now)

    tell(kind, posting, [officer], now=now)

    assert Notification.objects.count() == 2


def test_nobody_is_told_when_they_may_no_longer_sign_in(held):
    gone = factories.UserFactory(is_active=False)

    with nothing_changes():
        notify("posting_held", [gone], held)
        notify("posting_held", [], held)


def test_it_is_a_mistake_when_the_subject_is_of_another_kind(officer, held):
    with nothing_changes(), pytest.raises(TypeError) as refused:
        notify("officer_removed", [officer], held)

    assert str(refused.value) == "officer_removed is about cities.liaison, not postings.posting."


def test_it_is_a_mistake_when_the_kind_is_unknown(officer, held):
    with nothing_changes(), pytest.raises(KeyError, match="posting_lost"):
        notify("posting_lost", [officer], held)


def test_nobody_is_told_when_what_happened_is_taken_back(officer, held):
    with nothing_changes(), transaction.atomic():
        notify("posting_held", [officer], held)
        transaction.set_rollback(True)


def test_telling_takes_as_many_statements_when_there_are_more_people(
    held, django_assert_num_queries
):
    for count in (1, 3):
        people = [factories.UserFactory() for _ in range(count)]
        with django_assert_num_queries(3):
            notify("posting_held", people, held)


def test_database_refuses_a_second_notification_when_the_event_is_told(officer, held, now):
    notify("posting_held", [officer], held)

    with refused_by(
        "notifications_notification_once",
        "notifications_notification.recipient_id, notifications_notification.cause_id,"
        " notifications_notification.kind",
    ):
        Notification.objects.create(
            recipient=officer, kind="posting_held", cause=held, created_at=now
        )


def test_database_refuses_a_message_when_its_state_is_unknown(queue, officer):
    queue(officer)

    with refused_by("notifications_outboxmessage_state_known"):
        OutboxMessage.objects.update(state="lost")


# Claiming


def test_due_message_is_taken_on_lease_when_claimed(queue, officer, now):
    message = queue(officer)

    claimed = claim_due(now=now)

    assert claimed == [message]
    stored = row(message)
    assert (stored.state, stored.lease_until, stored.attempts) == ("sending", now + LEASE, 1)
    assert claimed[0].attempts == 1


def test_message_is_taken_once_when_claimed_by_two(queue, officer, now):
    queue(officer)
    claim_due(now=now)

    with nothing_changes():
        second = claim_due(now=now + LEASE)

    assert second == []


def test_message_is_taken_over_when_the_lease_has_lapsed(queue, officer, now):
    message = queue(officer)
    claim_due(now=now)

    later = now + LEASE + SECOND
    claimed = claim_due(now=later)

    assert claimed == [message]
    stored = row(message)
    assert (stored.state, stored.lease_until, stored.attempts) == ("sending", later + LEASE, 2)


def test_message_is_left_when_it_is_not_due(queue, officer, now):
    queue(officer, due_at=now + SECOND)

    with nothing_changes():
        claimed = claim_due(now=now)

    assert claimed == []


@pytest.mark.parametrize("state", FINISHED)
def test_message_is_left_when_it_is_finished(queue, officer, state, now):
    queue(officer, state=state, lease_until=now - SECOND)

    with nothing_changes():
        claimed = claim_due(now=now + timedelta(days=400))

    assert claimed == []


def test_oldest_are_taken_first_and_no_more_than_a_batch_when_many_wait(queue, posting, now):
    people = [factories.UserFactory() for _ in range(4)]
    messages = [
        queue(person, due_at=now - timedelta(minutes=number))
        for number, person in enumerate(people)
    ]

    first, rest = claim_due(now=now, limit=3), claim_due(now=now, limit=3)

    assert first == [messages[3], messages[2], messages[1]]
    assert rest == [messages[0]]
    assert BATCH == 50


# Keeping and finishing


def test_lease_is_renewed_when_the_sender_still_holds_it(queue, officer, now):
    queue(officer)
    (message,) = claim_due(now=now)

    kept = keep_lease(message, now=now + 30 * SECOND)

    assert kept
    assert row(message).lease_until == now + 30 * SECOND + LEASE


def test_slow_sender_does_nothing_when_another_has_taken_over(queue, officer, now):
    queue(officer)
    (slow,) = claim_due(now=now)
    later = now + LEASE + SECOND
    (quick,) = claim_due(now=later)

    with nothing_changes():
        kept = keep_lease(slow, now=later)
        mark_sent(slow, now=later)
        mark_failed(slow, OSError("slow"), now=later)
        mark_cancelled(slow, "slow")

    assert not kept
    mark_sent(quick, now=later)
    assert row(quick).state == "sent"


def test_message_is_sent_when_marked(queue, officer, now):
    queue(officer, error="OSError: earlier")
    (message,) = claim_due(now=now)

    mark_sent(message, now=now + SECOND)

    stored = row(message)
    assert (stored.state, stored.sent_at, stored.lease_until, stored.error) == (
        "sent",
        now + SECOND,
        None,
        "",
    )


def test_message_is_cancelled_with_its_reason_when_marked(queue, officer, now):
    queue(officer)
    (message,) = claim_due(now=now)

    mark_cancelled(message, "the subject is gone")

    stored = row(message)
    assert (stored.state, stored.error, stored.lease_until) == (
        "cancelled",
        "the subject is gone",
        None,
    )


def test_message_waits_longer_each_time_and_is_given_up_when_it_keeps_failing(queue, officer, now):
    message, then, waits = queue(officer), now, []
    while claimed := claim_due(now=then):
        mark_failed(claimed[0], OSError("no route"), now=then)
        stored = row(message)
        assert (stored.error, stored.lease_until) == ("OSError: no route", None)
        if stored.state != "pending":
            break
        assert claim_due(now=stored.due_at - SECOND) == []
        waits.append(int((stored.due_at - then).total_seconds()))
        then = stored.due_at

    assert tuple(waits) == RETRY_AFTER == (10, 60, 300, 900, 3600, 14_400, 43_200)
    assert (row(message).state, row(message).attempts) == ("dead", 8)
    assert then - now < timedelta(hours=24)


def test_error_is_shortened_when_a_server_talks_a_lot(queue, officer, now):
    queue(officer)
    (message,) = claim_due(now=now)

    mark_failed(message, OSError("x" * 1000), now=now)

    assert row(message).error == f"OSError: {'x' * 291}"


# Reading


def test_all_are_read_when_marked(queue, officer, now):
    queue(officer, "a")
    queue(officer, "b")
    stranger = queue(factories.UserFactory(), "c")

    count = mark_read(officer, now=now)

    assert count == 2
    assert set(officer.notifications.values_list("read_at", flat=True)) == {now}
    assert Notification.objects.get(message=stranger).read_at is None


def test_only_the_named_are_read_when_some_are_named(queue, officer, now):
    one, other = queue(officer, "a"), queue(officer, "b")
    stranger = queue(factories.UserFactory(), "c")

    count = mark_read(
        officer, now=now, ids=[str(one.notification_id), str(stranger.notification_id)]
    )

    assert count == 1
    unread = set(Notification.objects.filter(read_at=None))
    assert unread == {other.notification, stranger.notification}


def test_first_reading_counts_when_marked_twice(queue, officer, now):
    queue(officer)
    mark_read(officer, now=now)

    with nothing_changes():
        count = mark_read(officer, now=now + SECOND)

    assert count == 0


def test_mail_stays_unsent_when_it_is_withheld(posting, officer, held, now):
    notify("posting_held", [officer], held)

    assert withhold(OutboxMessage.objects.all(), "not now") == 1

    message = OutboxMessage.objects.get()
    assert [message.state, message.error] == [OutboxState.CANCELLED, "not now"]
    assert claim_due(now=now + SECOND) == []
    assert Notification.objects.get().recipient == officer


def test_mail_is_not_withheld_when_somebody_has_begun_to_send_it(posting, officer, held, now):
    notify("posting_held", [officer], held)
    claim_due(now=now + SECOND)

    assert withhold(OutboxMessage.objects.all(), "not now") == 0

    assert OutboxMessage.objects.get().state == OutboxState.SENDING
