"""What waits for an officer: every kind of task, in order, each one click from done."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from apps.dashboard.agenda import Task, grouped, tasks_of
from apps.pairings.models import Pairing
from apps.postings.dates import today_in
from apps.postings.models import Posting, Urgency
from tests import factories
from tests.pages import rows

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 1)


def task(name="", *, due=None, urgency=Urgency.SOON, waited=0):
    when = None if due is None else TODAY + timedelta(days=due)
    since = TODAY - timedelta(days=waited)
    return Task(name, None, about="", since=since, due=when, urgency=urgency)


def test_tasks_are_for_now_this_week_and_later_when_grouped():
    now = [task(due=-1), task(due=0), task(due=1), task(urgency=1), task(due=90, urgency=1)]
    week = [task(due=2), task(due=7), task(), task(urgency=2)]
    later = [task(due=8), task(urgency=4)]

    found = {group.code: set(map(id, group.tasks)) for group in grouped(now + week + later, TODAY)}

    assert found == {
        "now": set(map(id, now)),
        "week": set(map(id, week)),
        "later": set(map(id, later)),
    }


def test_groups_without_a_task_are_left_out():
    assert [group.code for group in grouped([task(urgency=4)], TODAY)] == ["later"]
    assert grouped([], TODAY) == []


def test_overdue_comes_first_then_the_day_then_urgency_then_age():
    order = [
        task("overdue", due=-3, urgency=4),
        task("tomorrow", due=1, urgency=3),
        task("in ten days, critical", due=10, urgency=1),
        task("no day, critical, old", urgency=1, waited=9),
        task("no day, critical", urgency=1),
    ]

    found = grouped(order[::-1], TODAY)

    assert [one.what for group in found for one in group.tasks] == [one.what for one in order]


@pytest.fixture
def officer():
    return factories.LiaisonFactory(city__name_en="Wuxi", city__chinese=True).user


@pytest.fixture
def city(officer):
    return officer.liaisons.get().city


@pytest.fixture
def other():
    return factories.CityFactory(name_en="San Antonio")


@pytest.fixture
def home(client, officer):
    client.force_login(officer)
    return reverse("dashboard:my_city")


def match(city, other, **kwargs):
    return rows.one_match(city, other, **kwargs)


def approved_match(city, other, today):
    return match(city, other, state="approved")


def accepted_match(city, other, today):
    return match(other, city, state="accepted")


def sent(city, other, today):
    made = match(city, other, state="accepted", dispatched=100)
    Posting.objects.filter(pk=made.need_id).update(allocated=100)
    return factories.DeliveryFactory(match=made, dispatched_on=today - timedelta(days=2))


def received(city, other, today):
    done = match(city, other, state="completed")
    return factories.DeliveryFactory(
        match=done, state="received", dispatched_on=today, received_on=today
    )


def approved_pairing(city, other, today):
    return factories.PairingFactory(left=city, right=other, state="approved")


def active_pairing(city, other, today, **kwargs):
    return factories.PairingFactory(left=city, right=other, state="active", **kwargs)


def pairing_under_review(city, other, today):
    return active_pairing(city, other, today, review_on=today + timedelta(days=3))


def message(city, other, today):
    return factories.MessageFactory(pairing=active_pairing(city, other, today), city=other)


def need_of_the_counterpart(city, other, today):
    active_pairing(city, other, today)
    return factories.NeedFactory(city=other)


def gift(city, other, today):
    receiver, giver = (factories.PartyFactory(city=place) for place in (city, other))
    return factories.GiftFactory(giver=giver, receiver=receiver)


def gift_of_unknown_size(city, other, today):
    receiver = factories.PartyFactory(city=city)
    return factories.GiftFactory(receiver=receiver, quantity=None)


def offer_from_outside(city, other, today):
    return factories.OutsideOfferFactory(city=city, name="Acme")


def ending(city, other, today):
    return factories.NeedFactory(city=city, expires_on=today + timedelta(days=2))


def draft(city, other, today):
    return factories.NeedFactory(city=city, state="draft")


def coming(city, other, today):
    return exchange(city, other, today + timedelta(days=2))


def over(city, other, today):
    return exchange(city, other, today - timedelta(days=2))


def exchange(city, other, day):
    made = factories.ExchangeFactory(takes_place_on=day)
    made.cities.set([city, other])
    return made


KINDS = {  # what is there: what is to be done, and by which buttons (with a dot: at one click)
    approved_pairing: ("Answer the pairing", "·Accept", "Decline"),
    approved_match: ("Answer the match: you receive", "·Accept", "Decline"),
    accepted_match: ("Dispatch", "Dispatch"),
    sent: ("Confirm what arrived", "·All of it arrived", "Say what arrived"),
    received: ("Note where it went", "Note where it went"),
    gift: ("Confirm the gift", "·All of it arrived", "Say what arrived"),
    gift_of_unknown_size: ("Confirm the gift", "Say what arrived"),
    offer_from_outside: ("Adopt or decline what is offered", "Adopt", "Decline"),
    ending: ("Renew, or let it end", "·Renew", "Withdraw"),
    draft: ("Publish the draft", "·Publish", "Change"),
    message: ("Read what they wrote", "Read and answer", "·Mark as read"),
    pairing_under_review: ("Review the pairing", "Review"),
    need_of_the_counterpart: ("Your counterpart needs", "Offer it"),
    coming: ("Planned: call", "For the calendar"),
    over: ("Did it take place?", "·It took place", "Cancel"),
}


def waiting(officer, city, now):
    pairing = Pairing.objects.live().of(city).described().first()
    return tasks_of(officer, city, pairing=pairing, now=now)


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
def test_task_waits_with_its_buttons_when_there_is_something_to_do(make, officer, city, other, now):
    subject = make(city, other, today_in(city, now))

    (found,) = waiting(officer, city, now)

    labels = [f"{'' if verb.sent is None else '·'}{verb.label}" for verb in found.verbs]
    assert (found.what, *labels) == KINDS[make]
    assert found.subject == subject
    assert found.url == subject.get_absolute_url()


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
def test_task_is_gone_and_the_officer_back_home_when_its_button_is_pressed(
    make, officer, city, other, now, client, home
):
    make(city, other, today_in(city, now))
    (found,) = waiting(officer, city, now)
    verbs = [verb for verb in found.verbs if verb.sent is not None]

    for verb in verbs:
        answer = client.post(verb.url, {**verb.sent, "next": home})

        assert (answer.status_code, answer.url) == (302, home)
        assert found.what not in {task.what for task in waiting(officer, city, now)}


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
def test_page_behind_a_task_opens_when_its_button_asks(
    make, officer, city, other, now, client, home
):
    make(city, other, today_in(city, now))
    (found,) = waiting(officer, city, now)

    answers = {
        verb.label: client.get(verb.url).status_code for verb in found.verbs if verb.sent is None
    }

    assert set(answers.values()) <= {200}


@pytest.mark.parametrize(("seconds", "found"), [(9, 0), (10, 1)])
@pytest.mark.parametrize("make", [approved_match, approved_pairing])
def test_city_is_asked_once_the_approval_cannot_be_undone(
    make, seconds, found, officer, city, other, now
):
    subject = make(city, other, today_in(city, now))
    type(subject).objects.update(decided_at=now - timedelta(seconds=seconds))

    assert len(waiting(officer, city, now)) == found


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
def test_nothing_waits_for_a_third_city_when_something_waits_for_two(make, city, other, now):
    make(city, other, today_in(city, now))
    third = factories.LiaisonFactory()

    assert waiting(third.user, third.city, now) == []


def nothing_left_to_send(city, other, today):
    match(other, city, state="accepted", quantity=100, dispatched=100)


def all_distributed(city, other, today):
    delivery = received(city, other, today)
    rows.distribution(1, delivery)
    delivery.distributions.update(quantity=delivery.received_quantity)


def own_record(city, other, today):
    recorder = city.liaisons.get().user
    receiver = factories.PartyFactory(city=city)
    factories.GiftFactory(receiver=receiver, recorded_by=recorder)


def far_posting(city, other, today):
    factories.NeedFactory(city=city, expires_on=today + timedelta(days=6))


def far_exchange(city, other, today):
    exchange(city, other, today + timedelta(days=8))


def held_exchange(city, other, today):
    made = exchange(city, other, today - timedelta(days=2))
    type(made).objects.update(state="held")


def own_message(city, other, today):
    factories.MessageFactory(pairing=active_pairing(city, other, today), city=city)


def far_review(city, other, today):
    active_pairing(city, other, today, review_on=today + timedelta(days=15))


def covered_need(city, other, today):
    active_pairing(city, other, today)
    factories.NeedFactory(city=other, quantity=100, allocated=100)


def old_need(city, other, today):
    active_pairing(city, other, today)
    need = factories.NeedFactory(city=other)
    type(need).objects.update(opened_at=need.opened_at - timedelta(days=9))


NOTHING = [
    nothing_left_to_send,
    all_distributed,
    own_record,
    far_posting,
    far_exchange,
    held_exchange,
    own_message,
    far_review,
    covered_need,
    old_need,
]


@pytest.mark.parametrize("make", NOTHING, ids=lambda make: make.__name__)
def test_nothing_waits_when_there_is_nothing_to_do(make, officer, city, other, now):
    make(city, other, today_in(city, now))

    assert waiting(officer, city, now) == []


def test_one_task_tells_of_all_messages_when_several_are_unread(officer, city, other, now):
    pairing = active_pairing(city, other, None)
    factories.MessageFactory(pairing=pairing, city=other)
    last = factories.MessageFactory(pairing=pairing, city=None)

    (found,) = waiting(officer, city, now)

    assert (found.subject, found.about, found.partner) == (
        last,
        "2 messages",
        "San Antonio, a coordinator",
    )


def test_home_says_what_with_whom_and_until_when(client, home, city, other, now):
    approved_match(city, other, today_in(city, now))
    need = factories.NeedFactory(city=city)

    text = client.get(home).text

    assert "What waits in Wuxi" in text
    assert "Answer the match: you receive" in text
    assert "San Antonio" in text
    assert need.get_absolute_url() in text
    assert 'data-label="City"' not in text


def test_home_says_that_nothing_waits_when_nothing_does(client, home):
    text = client.get(home).text

    assert "Nothing waits for you." in text
    assert "Post a need" in text


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_button_leads_to_no_other_site_when_the_form_says_so(
    back, client, home, officer, city, other, now
):
    subject = ending(city, other, today_in(city, now))
    (found,) = waiting(officer, city, now)

    answer = client.post(found.verbs[0].url, {"next": back})

    assert answer.url == subject.get_absolute_url()
