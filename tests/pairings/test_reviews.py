"""The term of a pairing and its reviews."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.pairings.models import Pairing
from apps.pairings.services import approve_pairing, review_pairing
from apps.pairings.states import PairingState
from tests.database import by_sql, refused_by
from tests.personas import DECIDERS, EVERYBODY, OFFICERS
from tests.unchanged import nothing_changes


@pytest.fixture
def days(now):
    return {
        "review_on": now.date() + timedelta(days=60),
        "term_until": now.date() + timedelta(days=300),
    }


def test_a_term_and_a_review_are_set_when_a_pairing_is_approved(
    pairing, coordinator, now, settings
):
    approved = approve_pairing(pairing("proposed"), by=coordinator, now=now)

    assert approved.term_until == now.date() + timedelta(days=settings.PAIRING_DAYS)
    assert approved.review_on == now.date() + timedelta(days=settings.REVIEW_DAYS)


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_pairing_is_reviewed_or_denied_when_a_person_tries(pairing, people, now, days, who):
    subject = pairing("active")

    if who in OFFICERS | DECIDERS:
        found = review_pairing(subject, by=people[who], now=now, **days)
        assert (found.review_on, found.term_until) == (days["review_on"], days["term_until"])
    else:
        with nothing_changes(), pytest.raises(PermissionDenied):
            review_pairing(subject, by=people[who], now=now, **days)


def test_a_review_keeps_who_and_both_terms_when_it_is_noted(pairing, people, now, days):
    subject = pairing("active", term_until=now.date())

    review_pairing(subject, by=people["right officer"], now=now, **days)

    entry = AuditEntry.objects.get(verb="review_pairing")
    assert (entry.actor, entry.at) == (people["right officer"], now)
    assert (entry.before, entry.after) == (str(now.date()), str(days["term_until"]))


LIVING = (PairingState.ACTIVE, PairingState.SUSPENDED)


@pytest.mark.parametrize("state", [state for state in PairingState if state not in LIVING])
def test_a_review_is_refused_when_the_pairing_does_not_live(pairing, people, now, days, state):
    subject = pairing(state)

    with nothing_changes(), pytest.raises(DomainError):
        review_pairing(subject, by=people["left officer"], now=now, **days)


@pytest.mark.parametrize(
    ("field", "values"), [("review_on", {"review_on": 0}), ("term_until", {"term_until": 59})]
)
def test_a_review_is_refused_when_its_days_are_wrong(pairing, people, now, days, field, values):
    subject = pairing("active")
    changed = {key: now.date() + timedelta(days=n) for key, n in values.items()}

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        review_pairing(subject, by=people["left officer"], now=now, **days | changed)

    assert refusal.value.field == field


def test_the_database_refuses_a_pairing_when_its_review_follows_its_term(pairing, now):
    subject = pairing("active", term_until=now.date())

    with nothing_changes(), refused_by(Pairing, "pairings_pairing_reviewed_within_its_term"):
        by_sql(subject, review_on=now.date() + timedelta(days=1))
