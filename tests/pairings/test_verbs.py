"""Every verb of a pairing, from every state, by everybody."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.core.states import InvalidTransition
from apps.dashboard.invariants import check_invariants
from apps.notifications.models import Notification
from apps.pairings import services
from apps.pairings.models import PairingSide
from apps.pairings.states import LIVE, PAIRING_MOVES, PairingState
from tests import factories
from tests.personas import CONFLICTS, DECIDERS, EVERYBODY, NO_CONFLICTS, OFFICERS
from tests.unchanged import nothing_changes

S = PairingState
# verb: (service, its reason, who does it here, from, to; an accepted pairing waits for the other yes)
VERBS = {
    "approve": (services.approve_pairing, {}, "coordinator", [S.PROPOSED], S.APPROVED),
    "reject": (services.reject_pairing, {"reason": "no"}, "coordinator", [S.PROPOSED], S.REJECTED),
    "accept": (services.accept_pairing, {}, "left officer", [S.APPROVED], S.APPROVED),
    "decline": (
        services.decline_pairing,
        {"reason": "no"},
        "right officer",
        [S.APPROVED],
        S.DECLINED,
    ),
    "cancel": (services.cancel_pairing, {"reason": "no"}, "coordinator", [S.APPROVED], S.CANCELLED),
    "suspend": (
        services.suspend_pairing,
        {"reason": "quake"},
        "administrator",
        [S.ACTIVE],
        S.SUSPENDED,
    ),
    "resume": (services.resume_pairing, {}, "administrator", [S.SUSPENDED], S.ACTIVE),
    "end": (
        services.end_pairing,
        {"reason": "over"},
        "administrator",
        [S.ACTIVE, S.SUSPENDED],
        S.ENDED,
    ),
}
MAY = {
    "approve": DECIDERS,
    "reject": DECIDERS,
    "accept": OFFICERS,
    "decline": OFFICERS,
    "cancel": DECIDERS,
    "suspend": {"administrator"},
    "resume": {"administrator"},
    "end": {"administrator"},
}
FROM = {verb: row[3][0] for verb, row in VERBS.items()}


def do(verb, pairing, people, now, *, who=None):
    service, reason, doer, *__ = VERBS[verb]
    return service(pairing, by=people[who or doer], now=now, **reason)


def live_places(pairing):
    return PairingSide.objects.filter(pairing=pairing, live=True).count()


def told(kind):
    return set(Notification.objects.filter(kind=kind).values_list("recipient__email", flat=True))


ALLOWED = [(verb, state) for verb, row in VERBS.items() for state in row[3]]
REFUSED = [(verb, state) for verb, row in VERBS.items() for state in S if state not in row[3]]


def test_every_move_has_a_verb_when_the_table_grows():
    reached = {(state, row[4]) for row in VERBS.values() for state in row[3]}
    by_others = {(S.APPROVED, S.ACTIVE), (S.PROPOSED, S.EXPIRED), (S.APPROVED, S.EXPIRED)}
    by_others.add((S.APPROVED, S.PROPOSED))  # test_undoing
    table = {(start, end) for start, ends in PAIRING_MOVES.items() for end in ends}

    assert table == (reached | by_others) - {(S.APPROVED, S.APPROVED)}


@pytest.mark.parametrize(("verb", "state"), ALLOWED)
def test_a_pairing_moves_when_its_state_allows_the_verb(pairing, people, now, verb, state):
    subject = pairing(state, decided_by=people["coordinator"])

    moved = do(verb, subject, people, now)

    moved.refresh_from_db()
    assert moved.state == VERBS[verb][4]
    assert live_places(moved) == (2 if moved.state in LIVE else 0)
    assert check_invariants() == []


@pytest.mark.parametrize(("verb", "state"), REFUSED)
def test_a_verb_is_refused_when_the_state_does_not_allow_it(pairing, people, now, verb, state):
    subject = pairing(state)

    with nothing_changes(), pytest.raises(DomainError):
        do(verb, subject, people, now)


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "accept"])
def test_a_move_leaves_who_when_from_to_and_why_when_it_is_made(pairing, people, now, verb):
    subject = pairing(FROM[verb])

    do(verb, subject, people, now)

    entry = AuditEntry.objects.get(subject_kind="pairings.pairing")
    __, reason, doer, __, to = VERBS[verb]
    assert (entry.actor, entry.at, entry.verb) == (people[doer], now, f"{verb}_pairing")
    assert (entry.before, entry.after) == (FROM[verb], to)
    assert entry.reason == reason.get("reason", "")
    assert entry.subject_id == str(subject.pk)


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_done_or_denied_when_a_person_tries(pairing, people, now, verb, who):
    subject = pairing(FROM[verb])

    if who in MAY[verb]:
        assert do(verb, subject, people, now, who=who).state == VERBS[verb][4]
    else:
        with nothing_changes(), pytest.raises(PermissionDenied):
            do(verb, subject, people, now, who=who)


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
@pytest.mark.parametrize("how", CONFLICTS)
@pytest.mark.parametrize("verb", ["approve", "cancel"])
def test_a_decision_is_denied_when_the_decider_serves_one_of_the_cities(
    pairing, serve, now, verb, how, role
):
    decider = factories.UserFactory(role=role)
    serve(decider, how)
    subject = pairing(FROM[verb])

    with nothing_changes(), pytest.raises(PermissionDenied):
        do(verb, subject, {VERBS[verb][2]: decider}, now)


@pytest.mark.parametrize("how", CONFLICTS)
@pytest.mark.parametrize("verb", ["suspend", "resume", "end"])
def test_managing_is_denied_when_the_administrator_serves_one_of_the_cities(
    pairing, serve, now, verb, how
):
    decider = factories.UserFactory(administrator=True)
    serve(decider, how)
    subject = pairing(FROM[verb])

    with nothing_changes(), pytest.raises(PermissionDenied):
        do(verb, subject, {"administrator": decider}, now)


@pytest.mark.parametrize("how", NO_CONFLICTS)
def test_a_pairing_is_approved_when_the_coordinator_serves_neither_city(
    pairing, serve, now, coordinator, how
):
    serve(coordinator, how)

    assert do("approve", pairing(), {"coordinator": coordinator}, now).state == "approved"


def test_a_pairing_is_rejected_when_the_coordinator_serves_one_of_the_cities(
    pairing, serve, now, coordinator
):
    serve(coordinator, "serves the left city")

    assert do("reject", pairing(), {"coordinator": coordinator}, now).state == "rejected"


# Who is told


TOLD = {
    "approve": ("pairing_approved", OFFICERS),
    "decline": ("pairing_declined", OFFICERS | {"coordinator"}),
    "cancel": ("pairing_cancelled", OFFICERS | {"coordinator"}),
    "suspend": ("pairing_suspended", OFFICERS | {"coordinator"}),
    "resume": ("pairing_resumed", OFFICERS | {"coordinator"}),
    "end": ("pairing_ended", OFFICERS | {"coordinator"}),
}


@pytest.mark.parametrize("verb", TOLD)
def test_those_concerned_are_told_when_a_pairing_moves(pairing, people, now, verb):
    subject = pairing(FROM[verb], decided_by=people["coordinator"])

    do(verb, subject, people, now)

    kind, expected = TOLD[verb]
    assert told(kind) == {people[who].email for who in expected}
    assert Notification.objects.count() == len(expected)


@pytest.mark.parametrize("verb", ["reject", "accept"])
def test_nobody_is_told_when_nothing_waits_for_them(pairing, people, now, verb):
    subject = pairing(FROM[verb])

    do(verb, subject, people, now)

    assert not Notification.objects.exists()


def test_both_cities_are_told_again_when_a_pairing_is_suspended_again(pairing, people, now):
    subject = pairing("active")
    do("suspend", subject, people, now)
    do("resume", subject, people, now)

    do("suspend", subject, people, now + timedelta(days=1))

    assert Notification.objects.filter(kind="pairing_suspended").count() == 2 * 3


# The second yes


def test_a_pairing_is_active_when_both_cities_have_accepted(pairing, people, now):
    subject = pairing("approved", decided_by=people["coordinator"])
    do("accept", subject, people, now)

    active = do("accept", subject, people, now, who="right officer")

    active.refresh_from_db()
    assert (active.state, active.active_since, active.expires_at) == ("active", now, None)
    assert live_places(active) == 2
    assert told("pairing_active") == {people[who].email for who in OFFICERS}
    assert check_invariants() == []


def test_the_second_officer_is_told_who_answered_when_the_city_is_bound(pairing, people, now):
    subject = pairing("approved")
    do("accept", subject, people, now)

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        do("decline", subject, people, now, who="left colleague")

    first, city = people["left officer"], subject.cities[0]
    assert str(refusal.value) == f"{first} has already answered for {city}."


def test_the_officer_is_told_the_state_when_the_other_city_declined(pairing, people, now):
    subject = pairing("approved")
    do("decline", subject, people, now)

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        do("accept", subject, people, now)

    assert str(refusal.value) == "This pairing is declined and takes no answer."


@pytest.mark.parametrize("verb", ["accept", "decline"])
def test_an_answer_is_refused_when_the_time_is_over(pairing, people, now, verb):
    subject = pairing("approved", expires_at=now)

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        do(verb, subject, people, now)

    assert str(refusal.value) == "The time to answer is over."


def test_an_answer_names_officer_and_time_when_it_is_given(pairing, people, now):
    subject = pairing("approved")

    do("accept", subject, people, now)

    left, right = subject.sides.order_by("position")
    assert (left.answer, left.answered_by, left.answered_at) == (
        "accepted",
        people["left officer"],
        now,
    )
    assert (right.answer, right.answered_by, right.answered_at) == ("", None, None)


# Deciding


def test_an_approval_asks_for_an_answer_within_seven_days_when_it_is_given(pairing, people, now):
    approved = do("approve", pairing(), people, now)

    assert (approved.decided_by, approved.decided_at) == (people["coordinator"], now)
    assert approved.expires_at == now + timedelta(days=7)


@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_the_second_coordinator_is_told_who_decided_when_it_was_decided(pairing, people, now, verb):
    subject = pairing()
    do("approve", subject, people, now)

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        do(verb, subject, people, now, who="administrator")

    first = people["coordinator"]
    assert str(refusal.value) == (
        f"{first} has decided already: {subject} is waiting for the cities."
    )


@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_a_decision_is_refused_when_the_proposal_is_over(pairing, people, now, verb):
    subject = pairing(expires_at=now)

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        do(verb, subject, people, now)

    assert str(refusal.value) == "The proposal has expired; the next round proposes anew."


def test_the_decider_is_told_when_the_system_was_first(pairing, people, now):
    subject = pairing("expired")

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        do("approve", subject, people, now)

    assert str(refusal.value) == f"The system has decided already: {subject} is expired."


def test_the_words_name_pairing_and_states_when_a_move_is_not_in_the_table(pairing, people, now):
    subject = pairing("proposed")

    with nothing_changes(), pytest.raises(InvalidTransition) as refusal:
        do("end", subject, people, now)

    assert str(refusal.value) == f"{subject} is proposed and cannot become ended."


def test_only_a_suspended_pairing_resumes_when_it_waits_for_the_cities(pairing, people, now):
    subject = pairing("approved")

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        do("resume", subject, people, now)

    assert str(refusal.value) == "Only a suspended pairing can be resumed."


# Time


@pytest.mark.parametrize(
    ("state", "tells"),
    [
        ("proposed", set()),
        ("approved", OFFICERS | {"coordinator"}),
    ],
)
def test_a_pairing_expires_when_its_time_is_over(pairing, people, now, state, tells):
    decided_by = people["coordinator"] if state == "approved" else None
    subject = pairing(state, expires_at=now, decided_by=decided_by)

    expired = services.expire_pairing(subject, now=now)

    entry = AuditEntry.objects.get(subject_kind="pairings.pairing")
    assert (expired.state, live_places(expired)) == ("expired", 0)
    assert (entry.actor, entry.before, entry.after) == (None, state, "expired")
    assert told("pairing_expired") == {people[who].email for who in tells}


@pytest.mark.parametrize("state", S)
def test_a_pairing_stays_when_its_time_is_not_over_or_it_does_not_wait(pairing, now, state):
    waits = state in (S.PROPOSED, S.APPROVED)
    subject = pairing(state, expires_at=now + timedelta(seconds=1) if waits else now)

    with nothing_changes():
        assert services.expire_pairing(subject, now=now).state == state


def test_only_silent_cities_are_reminded_when_the_time_is_nearly_over(pairing, people, now):
    subject = pairing("approved")
    do("accept", subject, people, now)

    services.remind_pairing(subject, now=now)
    services.remind_pairing(subject, now=now)

    assert told("pairing_approved") == {people["right officer"].email}
    assert Notification.objects.count() == 1
