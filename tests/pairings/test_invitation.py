"""An exchange as a file for calendars, read back as a calendar reads it (RFC 5545)."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from apps.pairings.invitation import invitation
from tests import factories

pytestmark = pytest.mark.django_db


def parsed(text):
    """(name, value) of every line, unfolded; values as they stand, without their escapes."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    return [tuple(line.split(":", 1)) for line in lines]


def unescaped(value):
    found = ""
    signs = iter(value)
    for sign in signs:
        following = next(signs) if sign == "\\" else ""
        found += {"n": "\n"}.get(following, following) if following else sign
    return found


@pytest.fixture
def call():
    exchange = factories.ExchangeFactory(
        subject="ICU; doses, and a \\ path",
        participants="Physicians of two hospitals",
        link="https://meet.example/abc",
        takes_place_on=date(2026, 5, 1),
        starts_at=datetime(2026, 5, 1, 13, 30, tzinfo=UTC),
        minutes=45,
    )
    exchange.cities.set([factories.CityFactory(name_en="Wuxi"), factories.CityFactory()])
    return exchange


def test_invitation_holds_the_event_in_utc_when_it_has_a_time(call):
    found = dict(parsed(invitation(call, host="counterpart.example")))

    assert (found["DTSTART"], found["DTEND"]) == ("20260501T133000Z", "20260501T141500Z")
    assert found["UID"] == f"exchange-{call.pk}@counterpart.example"
    assert unescaped(found["SUMMARY"]) == "ICU; doses, and a \\ path"
    assert unescaped(found["DESCRIPTION"]).splitlines()[1:] == [
        "Physicians of two hospitals",
        "https://meet.example/abc",
    ]
    assert (found["URL"], found["STATUS"]) == ("https://meet.example/abc", "CONFIRMED")


def test_invitation_opens_and_closes_what_it_holds_when_it_is_read(call):
    lines = parsed(invitation(call, host="x"))

    assert [value for name, value in lines if name in ("BEGIN", "END")] == [
        "VCALENDAR",
        "VEVENT",
        "VEVENT",
        "VCALENDAR",
    ]
    assert lines[1] == ("VERSION", "2.0")


def test_invitation_is_for_the_whole_day_when_no_time_is_stated(call):
    call.starts_at = None

    found = dict(parsed(invitation(call, host="x")))

    assert found["DTSTART;VALUE=DATE"] == "20260501"
    assert found["DTEND;VALUE=DATE"] == "20260502"


def test_invitation_has_no_end_when_no_duration_is_stated(call):
    call.minutes = None

    found = dict(parsed(invitation(call, host="x")))

    assert (found["DTSTART"], "DTEND" in found) == ("20260501T133000Z", False)


@pytest.mark.parametrize("length", range(60, 90))
def test_invitation_tears_no_sign_when_a_long_line_is_folded(call, length):
    call.subject = "x" * (length % 4) + "重症" * length

    found = dict(parsed(invitation(call, host="x")))

    assert found["SUMMARY"] == call.subject


def test_invitation_breaks_no_line_when_a_subject_does(call):
    call.subject = "one\r\nBEGIN:VALARM\ntwo"

    found = dict(parsed(invitation(call, host="x")))

    assert unescaped(found["SUMMARY"]) == "one\nBEGIN:VALARM\ntwo"


def test_invitation_is_a_file_of_one_name_when_it_is_fetched(call, client, coordinator):
    client.force_login(coordinator)

    response = client.get(reverse("pairings:exchange_invite", args=[call.pk]))

    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert f'filename="exchange-{call.pk}.ics"' in response.headers["Content-Disposition"]
    assert dict(parsed(response.content.decode()))["DTSTART"] == "20260501T133000Z"


def test_invitation_is_not_there_when_the_day_is_not_known(call, client, coordinator):
    type(call).objects.filter(pk=call.pk).update(takes_place_on=None, precision="not_stated")
    client.force_login(coordinator)

    response = client.get(reverse("pairings:exchange_invite", args=[call.pk]))

    assert response.status_code == 404
