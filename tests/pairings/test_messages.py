"""The thread of a pairing: who writes, who is told, and what is still unread."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from apps.core.errors import DomainError
from apps.notifications.models import Notification, OutboxMessage
from apps.pairings.models import Message
from apps.pairings.services import read_messages, write_message
from apps.pairings.states import LIVE, PairingState
from tests.personas import DECIDERS, EVERYBODY, OFFICERS
from tests.unchanged import nothing_changes


@pytest.fixture
def room(pairing):
    return pairing("active")


@pytest.fixture
def write(room, people, now):
    """write("left officer") writes a message in their name."""

    def by(who, text="Hello", minutes=0):
        later = now + timedelta(minutes=minutes)
        return write_message(room, by=people[who], now=later, text=text, language="en")

    return by


def told():
    return [notification.recipient for notification in Notification.objects.order_by("pk")]


def unread(pairing, city):
    return list(Message.objects.unread_by(pairing.sides.get(city=city)).order_by("pk"))


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_message_is_written_or_denied_when_a_person_tries(room, write, people, who):
    if who in OFFICERS | DECIDERS:
        assert write(who).author == people[who]
    else:
        with nothing_changes(), pytest.raises(PermissionDenied):
            write(who)


@pytest.mark.parametrize("state", PairingState)
def test_a_message_is_written_when_the_pairing_lives(pairing, people, now, state):
    subject = pairing(state)
    words = {"text": "Hello", "language": "en"}

    if state in LIVE:
        assert write_message(subject, by=people["left officer"], now=now, **words).pk
    else:
        with nothing_changes(), pytest.raises(DomainError) as refusal:
            write_message(subject, by=people["left officer"], now=now, **words)
        assert subject.get_state_display() in str(refusal.value)


def test_a_message_keeps_whose_it_is_in_which_language_when_it_is_written(room, people, wuxi, now):
    made = write_message(
        room, by=people["left officer"], now=now, text="你好", language="zh-hans", translation="Hi"
    )

    assert (made.author, made.city, made.at) == (people["left officer"], wuxi, now)
    assert (made.text, made.language) == ("你好", "zh-hans")
    assert (made.translation, made.translated_into) == ("Hi", "en")


def test_the_other_side_is_told_a_little_later_when_a_city_writes(write, people, now, settings):
    write("left officer")

    message = OutboxMessage.objects.get()
    assert told() == [people["right officer"]]
    assert message.due_at == now + timedelta(seconds=settings.MESSAGE_DELAY_SECONDS)


def test_both_sides_are_told_when_a_coordinator_writes(write, people):
    made = write("coordinator")

    assert made.city is None
    assert set(told()) == {people[who] for who in OFFICERS}


def test_a_coordinator_is_told_when_they_have_written_before(write, people, now):
    write("coordinator")
    Notification.objects.all().delete()

    write("left officer", minutes=5)

    assert set(told()) == {people["right officer"], people["coordinator"]}


def test_one_notice_stands_for_several_when_they_are_written_together(write, people):
    write("left officer")
    write("left officer", minutes=1)

    assert told() == [people["right officer"]]


def test_a_further_notice_is_written_when_the_first_has_gone_out(write, people):
    write("left officer")
    OutboxMessage.objects.update(state="sent")

    write("left officer", minutes=1)

    assert told() == [people["right officer"]] * 2


def test_a_message_is_unread_for_the_other_city_only_when_it_is_written(
    room, write, wuxi, san_antonio
):
    made = write("left officer")

    assert (unread(room, wuxi), unread(room, san_antonio)) == ([], [made])


def test_whoever_answers_has_read_what_was_there_when_they_write(room, write, wuxi, san_antonio):
    write("left officer")

    answer = write("right officer", minutes=1)

    assert (unread(room, wuxi), unread(room, san_antonio)) == ([answer], [])


def test_what_is_written_meanwhile_stays_unread_when_a_city_marks_what_it_saw(
    room, write, people, san_antonio, now
):
    seen = write("left officer")
    unseen = write("left officer", minutes=1)

    read_messages(room, by=people["right officer"], now=now, up_to=seen.pk)

    assert unread(room, san_antonio) == [unseen]


def test_nothing_becomes_unread_again_when_an_older_page_marks_it(
    room, write, people, san_antonio, now
):
    first, last = write("left officer"), write("left officer", minutes=1)
    read_messages(room, by=people["right officer"], now=now, up_to=last.pk)

    read_messages(room, by=people["right officer"], now=now, up_to=first.pk)

    assert unread(room, san_antonio) == []


def test_messages_to_come_are_not_read_when_the_number_is_too_large(
    room, write, people, san_antonio, now
):
    write("left officer")
    read_messages(room, by=people["right officer"], now=now, up_to=2**62)

    made = write("left officer", minutes=1)

    assert unread(room, san_antonio) == [made]


@pytest.mark.parametrize("who", EVERYBODY)
def test_messages_are_marked_or_denied_when_a_person_tries(room, write, people, now, who):
    made = write("coordinator")

    if who in OFFICERS:
        read_messages(room, by=people[who], now=now, up_to=made.pk)
    else:
        with nothing_changes(), pytest.raises(PermissionDenied):
            read_messages(room, by=people[who], now=now, up_to=made.pk)


@pytest.mark.parametrize("who", EVERYBODY)
def test_messages_are_seen_by_the_two_cities_and_coordinators_when_listed(write, people, who):
    made = write("left officer")

    seen = list(Message.objects.visible_to(people[who]))

    is_inactive = who in ("inactive officer", "inactive coordinator")
    entitled = who in OFFICERS | DECIDERS
    assert is_inactive or seen == ([made] if entitled else [])
    assert people[who].has_perm("pairings.view_message", made) is entitled
