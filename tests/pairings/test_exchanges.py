from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.core.states import InvalidTransition
from apps.dashboard.invariants import check_invariants
from apps.notifications.models import Notification
from apps.pairings.forms import ExchangeForm
from apps.pairings.models import Exchange
from apps.pairings.services import cancel_exchange, hold_exchange, plan_exchange
from apps.pairings.states import ExchangeState, PairingState
from tests import factories
from tests.database import by_sql, refused_by
from tests.personas import DECIDERS, EVERYBODY, OFFICERS
from tests.unchanged import nothing_changes

CALL = {"kind": "call", "subject": "ICU experience", "takes_place_on": date(2026, 5, 1)}


@pytest.fixture
def planned(wuxi, san_antonio, people, now):
    return plan_exchange([wuxi, san_antonio], by=people["left officer"], now=now, **CALL)


def test_an_exchange_joins_two_cities_when_they_are_only_tied(planned, wuxi, san_antonio, people):
    entry = AuditEntry.objects.get(subject_kind="pairings.exchange")

    assert (planned.state, planned.kind, planned.subject) == ("planned", "call", "ICU experience")
    assert (planned.takes_place_on, planned.planned_by) == (
        date(2026, 5, 1),
        people["left officer"],
    )
    assert set(planned.cities.all()) == {wuxi, san_antonio}
    assert (planned.pairing, planned.is_demo) == (None, False)
    assert (entry.verb, entry.after) == ("plan_exchange", "planned")
    assert check_invariants() == []


@pytest.mark.parametrize("state", PairingState)
def test_an_exchange_belongs_to_the_pairing_when_it_lives(
    pairing, wuxi, san_antonio, people, now, state
):
    subject = pairing(state)

    made = plan_exchange([san_antonio, wuxi], by=people["left officer"], now=now, **CALL)

    assert made.pairing == (subject if subject.is_live else None)


def test_an_exchange_belongs_to_no_pairing_when_a_third_city_takes_part(
    pairing, wuxi, san_antonio, people, now
):
    pairing("active")
    cities = [wuxi, san_antonio, factories.StateFactory()]

    made = plan_exchange(cities, by=people["left officer"], now=now, **CALL)

    assert (set(made.cities.all()), made.pairing) == (set(cities), None)


def test_an_exchange_belongs_to_the_pairing_when_a_city_is_named_twice(
    pairing, wuxi, san_antonio, people, now
):
    subject = pairing("active")

    made = plan_exchange([wuxi, san_antonio, wuxi], by=people["left officer"], now=now, **CALL)

    assert made.pairing == subject


def test_an_exchange_belongs_to_no_pairing_when_the_two_are_paired_with_others(
    pairing, wuxi, people, now
):
    pairing("active")
    other = factories.PairingFactory(state="active").cities[1]

    assert plan_exchange([wuxi, other], by=people["left officer"], now=now, **CALL).pairing is None


@pytest.mark.parametrize("times", [0, 1, 2])
def test_an_exchange_is_refused_when_fewer_than_two_cities_take_part(wuxi, people, now, times):
    with nothing_changes(), pytest.raises(DomainError) as refusal:
        plan_exchange([wuxi] * times, by=people["coordinator"], now=now, **CALL)

    assert str(refusal.value) == "An exchange joins two or more cities."
    assert refusal.value.field in ExchangeForm(city=wuxi).fields


MAY = OFFICERS | DECIDERS


@pytest.mark.parametrize("who", EVERYBODY)
def test_an_exchange_is_planned_or_denied_when_a_person_tries(wuxi, san_antonio, people, now, who):
    if who in MAY:
        made = plan_exchange([wuxi, san_antonio], by=people[who], now=now, **CALL)
        assert made.planned_by == people[who]
    else:
        with nothing_changes(), pytest.raises(PermissionDenied):
            plan_exchange([wuxi, san_antonio], by=people[who], now=now, **CALL)


CLOSE = {
    "held": lambda exchange, by, now: hold_exchange(exchange, by=by, now=now, note="40 doctors"),
    "cancelled": lambda exchange, by, now: cancel_exchange(
        exchange, by=by, now=now, reason="storm"
    ),
}


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("to", CLOSE)
def test_an_exchange_is_closed_or_denied_when_a_person_tries(planned, people, now, to, who):
    if who in MAY:
        assert CLOSE[to](planned, people[who], now).state == to
    else:
        with nothing_changes(), pytest.raises(PermissionDenied):
            CLOSE[to](planned, people[who], now)


def test_an_exchange_is_held_when_its_day_has_come_in_one_of_its_cities(planned, people):
    before = datetime(2026, 4, 30, 15, 59, tzinfo=UTC)  # midnight in Wuxi comes a minute later

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        hold_exchange(planned, by=people["right officer"], now=before)
    held = hold_exchange(planned, by=people["right officer"], now=before + timedelta(minutes=1))

    assert str(refusal.value) == (
        "Its day is 1 May 2026: note only then, or later, that it took place."
    )
    assert held.state == "held"


def test_an_exchange_is_cancelled_when_its_day_is_still_to_come(planned, people):
    early = datetime(2026, 4, 1, tzinfo=UTC)

    cancelled = cancel_exchange(planned, by=people["left officer"], now=early, reason="storm")

    assert cancelled.state == "cancelled"


def test_the_page_says_why_not_when_an_exchange_is_held_before_its_day(client, planned, people):
    by_sql(planned, takes_place_on=timezone.now() + timedelta(days=3))
    client.force_login(people["left officer"])

    page = client.post(reverse("pairings:exchange_hold", args=[planned.pk]))

    assert page.status_code == 422
    assert "note only then, or later, that it took place." in page.text


@pytest.mark.parametrize(("to", "why"), [("held", "40 doctors"), ("cancelled", "storm")])
def test_an_exchange_keeps_who_when_and_why_when_it_is_closed(planned, people, now, to, why):
    CLOSE[to](planned, people["right officer"], now)

    entry = AuditEntry.objects.order_by("pk").last()
    assert (entry.actor, entry.at) == (people["right officer"], now)
    assert (entry.before, entry.after, entry.reason) == ("planned", to, why)


@pytest.mark.parametrize("to", CLOSE)
@pytest.mark.parametrize("state", [s for s in ExchangeState if s != ExchangeState.PLANNED])
def test_an_exchange_stays_when_it_is_closed_already(planned, people, now, state, to):
    by_sql(planned, state=state)

    with nothing_changes(), pytest.raises(InvalidTransition):
        CLOSE[to](planned, people["left officer"], now)


def test_the_database_refuses_an_exchange_when_its_state_is_not_known(planned):
    with nothing_changes(), refused_by(Exchange, "pairings_exchange_state_known"):
        by_sql(planned, state="moved")


def test_the_database_refuses_an_exchange_when_its_link_is_not_https(planned):
    with nothing_changes(), refused_by(Exchange, "pairings_exchange_link_is_https"):
        by_sql(planned, link="http://meet.example")


def test_the_other_side_is_told_when_an_exchange_is_planned(planned, people):
    told = Notification.objects.filter(kind="exchange_planned")

    assert [one.recipient for one in told] == [people["left colleague"], people["right officer"]]


def filled_in(city, other, **values):
    words = {"kind": "video_conference", "subject": "ICU", "takes_place_on": "2026-05-01"}
    return ExchangeForm({**words, "cities": other.code, **values}, city=city)


def test_a_time_is_that_of_the_city_when_it_is_entered(wuxi, san_antonio):
    form = filled_in(wuxi, san_antonio, starts="21:30", minutes="45")

    assert form.is_valid()
    assert form.cleaned_data["starts_at"] == datetime(2026, 5, 1, 13, 30, tzinfo=UTC)
    assert "starts" not in form.cleaned_data


def test_an_exchange_has_no_time_when_none_is_entered(wuxi, san_antonio):
    form = filled_in(wuxi, san_antonio)

    assert form.is_valid()
    assert (form.cleaned_data["starts_at"], form.cleaned_data["minutes"]) == (None, None)


@pytest.mark.parametrize(
    ("link", "stored"),
    [("https://meet.example/a", "https://meet.example/a"), ("meet.example", "https://meet.example")]
    + [(link, None) for link in ("http://meet.example", "ftp://meet.example", "javascript:1", "x")],
)
def test_a_link_is_taken_when_it_is_https(wuxi, san_antonio, link, stored):
    form = filled_in(wuxi, san_antonio, link=link)

    assert form.is_valid() is (stored is not None)
    assert stored is None or form.cleaned_data["link"] == stored


def test_the_counterpart_is_chosen_already_when_the_room_led_here(
    client, people, wuxi, san_antonio
):
    client.force_login(people["left officer"])
    url = reverse("pairings:exchange_create")

    page = client.get(url, {"with": san_antonio.code}).text
    odd = client.get(url, {"with": "\0"})

    assert f'value="{san_antonio.code}"' in page
    assert f'data-label="{san_antonio}"' in page
    assert odd.status_code == 200


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_link_is_shown_to_those_who_take_part_when_they_read_the_page(
    client, planned, people, who
):
    by_sql(planned, link="https://meet.example/canary")
    client.force_login(people[who])

    text = client.get(planned.get_absolute_url()).text

    assert ("https://meet.example/canary" in text) is (who in MAY)


def test_both_local_times_stand_on_the_page_when_an_exchange_has_a_time(client, planned):
    by_sql(planned, starts_at=datetime(2026, 5, 1, 13, 30, tzinfo=UTC))

    text = client.get(planned.get_absolute_url()).text

    assert "21:30 CST" in text
    assert "08:30 CDT" in text
