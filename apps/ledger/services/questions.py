"""Anybody may doubt an entry; a coordinator answers in public."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.audit.services import record, transition
from apps.ledger.models import LedgerEntry, Question
from apps.ledger.services.visitors import refuse_flood
from apps.ledger.states import QuestionState
from apps.notifications.services import notify


@transaction.atomic
def ask_question(
    entry: LedgerEntry,
    *,
    by: User | None,
    now: datetime,
    text: str,
    language: str,
    submission: UUID,
    name: str = "",
    email: str = "",
) -> Question:
    """Question an entry; coordinators are told. `by` is None for a visitor who has not signed in.

    Sent twice, it answers with the question that the first sending made.
    """
    if earlier := Question.objects.filter(submission=submission).first():
        return earlier
    refuse_flood(Question, by=by, now=now)
    question = Question.objects.create(
        entry=entry,
        text=text,
        name=name,
        email=email,
        language=language,
        submission=submission,
        sent_by=by,
        state_since=now,
    )
    asked = record(by, "ask_question", question, at=now, after=question.state)
    notify("question_asked", User.objects.deciders(), asked)
    return question


def answer_question(question: Question, *, by: User, now: datetime, text: str) -> Question:
    """From now on question and answer stand on the entry's page."""
    return decide(question, QuestionState.ANSWERED, "answer", by=by, now=now, answer=text)


def refuse_question(question: Question, *, by: User, now: datetime, reason: str) -> Question:
    """For what is no question about the entry: it never becomes public."""
    return decide(question, QuestionState.REFUSED, "refuse", by=by, now=now, reason=reason)


@transaction.atomic
def decide(
    question: Question, to: QuestionState, verb: str, *, by: User, now: datetime, **fields: str
) -> Question:
    """Once and for all; who asked is told, if they had signed in."""
    question = lock_question(question)
    require(by, "ledger.answer_question", question)
    decided = transition(
        question, to, verb=f"{verb}_question", by=by, now=now, decided_by=by, **fields
    )
    if question.sent_by:
        notify(f"question_{to.value}", [question.sent_by], decided)
    return question


def lock_question(question: Question) -> Question:
    locked = Question.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("entry", "sent_by").get(pk=question.pk)
