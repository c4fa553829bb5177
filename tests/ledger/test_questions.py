"""Anybody questions an entry; a coordinator answers in public, or refuses."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from apps.core.errors import DomainError
from apps.core.states import InvalidTransition
from apps.dashboard.invariants import check_invariants
from apps.ledger.models import Question
from apps.ledger.services import answer_question, ask_question, refuse_question
from apps.notifications.models import Notification
from tests import factories
from tests.pages.html import Page
from tests.unchanged import nothing_changes


@pytest.fixture
def ask(enter, now):
    entry = enter()

    def send(**changes):
        sent = {"by": None, "now": now, "text": "Is it?", "language": "en", "submission": uuid4()}
        return ask_question(entry, **(sent | changes))

    return send


def told(kind):
    return set(Notification.objects.filter(kind=kind).values_list("recipient__email", flat=True))


def test_deciders_are_told_when_a_visitor_asks(ask, coordinator, administrator):
    question = ask(name="Ana", email="ana@example.org")

    assert (question.state, question.sent_by, question.name) == ("asked", None, "Ana")
    assert told("question_asked") == {coordinator.email, administrator.email}
    assert check_invariants() == []


def test_one_question_is_asked_when_the_form_is_sent_twice(ask):
    number = uuid4()
    first = ask(submission=number)

    with nothing_changes():
        assert ask(submission=number) == first


def test_visitors_share_one_allowance_an_hour(ask, settings, now):
    settings.VISITORS_PER_HOUR = 2
    ask()
    ask()

    with nothing_changes(), pytest.raises(DomainError):
        ask()

    ask(by=factories.UserFactory())
    Question.objects.update(created_at=now - timedelta(hours=1, seconds=1))
    ask()


def test_question_and_answer_stand_on_the_entry_when_it_is_answered(client, ask, coordinator, now):
    question = ask(text="Is this <b>twice</b>?", name="Ana", email="ana@example.org")
    url = question.entry.get_absolute_url()
    before = Page(client.get(url).text).words

    answer_question(question, by=coordinator, now=now, text="No, two deliveries.")

    after = Page(client.get(url).text).words
    assert "1 question waits for an answer." in before
    assert "twice" not in before
    assert "Is this <b>twice</b>?" in after
    assert "No, two deliveries." in after
    assert "Ana" not in after + before
    assert "waits for an answer" not in after


def test_refused_question_never_becomes_public(client, ask, coordinator, now):
    question = ask(text="Buy now!")

    refuse_question(question, by=coordinator, now=now, reason="Advertising.")

    texts = [
        client.get(question.entry.get_absolute_url()).text,
        client.get(question.get_absolute_url()).text,
    ]
    assert ["Buy now!" in text for text in texts] == [False, False]


@pytest.mark.parametrize(
    ("service", "words", "kind"),
    [
        (answer_question, {"text": "It is."}, "question_answered"),
        (refuse_question, {"reason": "No."}, "question_refused"),
    ],
)
def test_who_asked_is_told_when_they_had_signed_in(ask, coordinator, now, service, words, kind):
    person = factories.UserFactory()
    question = ask(by=person)

    service(question, by=coordinator, now=now, **words)

    assert told(kind) == {person.email}
    assert check_invariants() == []


@pytest.mark.parametrize(
    ("service", "words"),
    [(answer_question, {"text": "It is."}), (refuse_question, {"reason": "No."})],
)
def test_only_deciders_decide_and_only_once(ask, coordinator, now, service, words):
    question = ask()
    officer = factories.LiaisonFactory(city=question.entry.giver.city).user

    with nothing_changes(), pytest.raises(PermissionDenied):
        service(question, by=officer, now=now, **words)

    service(question, by=coordinator, now=now, **words)
    with nothing_changes(), pytest.raises(InvalidTransition):
        service(question, by=coordinator, now=now, **words)


def test_waiting_are_those_without_an_answer_the_oldest_first(ask, coordinator, now):
    first, second, third = ask(), ask(), ask()
    answer_question(second, by=coordinator, now=now, text="Yes.")

    assert list(Question.objects.waiting()) == [first, third]


def test_form_is_not_kept_by_caches_and_says_when_it_is_sent(client, enter):
    url = reverse("ledger:question_ask", args=[enter().number])
    page = Page(client.get(url).text)

    sent = client.post(url, {"text": "Is it?", "submission": page.inputs["submission"]})

    following = client.get(sent.url)
    assert (sent.status_code, sent.url) == (302, f"{url}?sent=1")
    assert "no-store" in following.headers["Cache-Control"]
    assert "Thank you. A coordinator will read your question." in following.text
    assert "messages" not in client.cookies


def test_machine_that_fills_the_decoy_is_refused(client, enter):
    url = reverse("ledger:question_ask", args=[enter().number])
    sent = {"text": "Buy!", "submission": str(uuid4()), "homepage": "https://example.org"}

    with nothing_changes():
        response = client.post(url, sent)

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["homepage"])
