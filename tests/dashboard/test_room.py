"""The room of a pairing: what it shows to whom."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.dashboard.wanted import directions
from apps.ledger.services import party_of, record_entry
from apps.pairings.models import Message
from apps.pairings.states import PairingState
from tests import factories
from tests.pages import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(left):
    return factories.LiaisonFactory(city=left).user


@pytest.fixture
def room(left, right, now):
    return factories.PairingFactory(
        left=left,
        right=right,
        state="active",
        active_since=now,
        review_on=now.date() + timedelta(days=40),
        term_until=now.date() + timedelta(days=300),
    )


@pytest.fixture
def read(client, room):
    def by(person=None, **query):
        if person:
            client.force_login(person)
        else:
            client.logout()
        return client.get(room.get_absolute_url(), query).text

    return by


def test_needs_meet_the_offers_of_the_other_city_when_they_are_of_one_item(left, right):
    need = factories.NeedFactory(city=right)
    offer = factories.OfferFactory(city=left, item=need.item)
    lacking = factories.NeedFactory(city=right)
    spare = factories.OfferFactory(city=left, quantity=None)
    own = factories.NeedFactory(city=left)
    covered = factories.NeedFactory(city=right, quantity=9, allocated=9)

    one, other = directions([need, offer, lacking, spare, own, covered], left, right)

    assert (one.giver, one.receiver) == (left, right)
    assert (one.fits, one.needs, one.offers) == ([(need, offer)], [lacking], [spare])
    assert (other.fits, other.needs, other.offers) == ([], [own], [])


def test_what_the_readers_city_gives_comes_first(left, right):
    found = directions([], left, right, own=right)

    assert [way.giver for way in found] == [right, left]


PRIVATE = ("messages", "files", "waiting")


def test_visitors_see_the_public_part_only(read, room, right):
    factories.MessageFactory(pairing=room, city=right, text="canary")
    factories.NeedFactory(city=right)

    text = read()

    assert [part for part in PRIVATE if f'id="{part}"' in text] == []
    assert [word for word in ("canary", "Last contact", "Next review") if word in text] == []
    assert 'id="wanted"' in text
    assert "Agreed until" in text


def test_officers_see_what_waits_and_write_in_their_room(read, room, right, officer):
    message = factories.MessageFactory(
        pairing=room, city=right, text="Hello", language="en", translation="你好"
    )

    text = read(officer)

    assert [part for part in PRIVATE if f'id="{part}"' not in text] == []
    assert f'id="message-{message.pk}"' in text
    assert re.search(r'<div lang="en"><p>Hello</p></div>', text)
    assert re.search(r'lang="zh-hans"><p>你好</p></div>', text)
    assert "Read what they wrote" in text
    assert "&lt;Message" not in text


def test_what_waits_elsewhere_is_not_told_in_the_room(read, room, left, right, officer):
    rows.one_match(left, right, state="approved")
    rows.one_match(left, factories.CityFactory(name_en="Tacoma"), state="approved")

    text = read(officer)

    assert text.count("Answer the match: you receive</a>") == 1


def test_message_comes_into_the_thread_when_it_is_sent_from_the_room(
    client, read, room, officer, left
):
    client.force_login(officer)
    back = f"{room.get_absolute_url()}#messages"
    words = {"text": "Hello <b>there</b>", "language": "en", "next": back}

    answer = client.post(reverse("pairings:message_write", args=[room.pk]), words)

    assert answer.url == back
    assert Message.objects.get().city == left
    assert "Hello &lt;b&gt;there&lt;/b&gt;" in read(officer)


def test_nothing_is_lost_when_a_message_is_refused(client, room, officer):
    client.force_login(officer)

    answer = client.post(
        reverse("pairings:message_write", args=[room.pk]), {"text": "Kept", "language": "xx"}
    )

    assert answer.status_code == 422
    assert "Kept" in answer.text


def test_long_lists_are_folded(read, room, left, right):
    made = rows.exchange(7, [left, right], pairing=room)

    text = read()

    assert "2 before these" in text
    assert [one.subject for one in made if one.subject not in text] == []


def sent_today(giver, receiver, number):
    return record_entry(
        "sent",
        giver=party_of(giver),
        receiver=party_of(receiver),
        item=factories.ItemFactory(),
        quantity=5,
        source=("gift", number),
        by=None,
        now=timezone.now(),
        occurred_on=timezone.localdate(),
    )


def test_chart_has_a_table_beside_it_and_shows_the_item_asked_for(read, room, left, right):
    first, second = (sent_today(left, right, n) for n in range(2))

    text = read(item=second.item.code)

    assert f"{second.item}, pieces sent by each" in text
    assert f'<option value="{first.item.code}">' in text
    assert "The same as a table" in text


@pytest.mark.parametrize("state", PairingState)
def test_room_is_empty_of_what_cannot_be_there_yet(state, client, coordinator, left, right, now):
    lived = state in ("active", "suspended", "ended")
    pairing = factories.PairingFactory(
        left=left,
        right=right,
        state=state,
        active_since=now if lived else None,
        decided_by=None if state == "proposed" else coordinator,
        decided_at=None if state == "proposed" else now,
    )
    client.force_login(coordinator)

    text = client.get(pairing.get_absolute_url()).text

    assert ('id="messages"' in text) is (lived or state == "approved")
    asked = state not in ("proposed", "rejected", "active", "suspended")
    assert ("no answer yet" in text) is asked
