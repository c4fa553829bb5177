"""Every verb of a match, from every state, by everybody."""

import pytest
from django.core.exceptions import PermissionDenied

from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.dashboard.invariants import check_invariants
from apps.ledger.models import LedgerEntry
from apps.matching import services
from apps.matching.models import Match
from apps.matching.states import MATCH_MOVES, MatchState
from apps.notifications.models import Notification
from tests import factories
from tests.personas import (
    CONFLICTS,
    DECIDERS,
    EVERYBODY,
    NO_CONFLICTS,
    OFFICERS,
    make_serve,
    people_of,
)
from tests.unchanged import nothing_changes
from tests.ways import make_way

S = MatchState
# verb: (service, its reason, who does it here, from, to; an accepted match waits for the other yes)
VERBS = {
    "approve": (services.approve_match, {}, "coordinator", [S.PROPOSED], S.APPROVED),
    "reject": (services.reject_match, {"reason": "no"}, "coordinator", [S.PROPOSED], S.REJECTED),
    "accept": (services.accept_match, {}, "left officer", [S.APPROVED], S.APPROVED),
    "decline": (services.decline_match, {"reason": "no"}, "left officer", [S.APPROVED], S.DECLINED),
    "cancel": (
        services.cancel_match,
        {"reason": "no"},
        "coordinator",
        [S.APPROVED, S.ACCEPTED],
        S.CANCELLED,
    ),
    "complete": (
        services.complete_match,
        {"reason": "enough"},
        "left officer",
        [S.ACCEPTED],
        S.COMPLETED,
    ),
}
MAY = {
    "approve": DECIDERS,
    "reject": DECIDERS,
    "accept": OFFICERS,
    "decline": OFFICERS,
    "cancel": DECIDERS,
    "complete": OFFICERS | DECIDERS,
}
FROM = {verb: row[3][0] for verb, row in VERBS.items()}
ALLOWED = [(verb, state) for verb, row in VERBS.items() for state in row[3]]
REFUSED = [(verb, state) for verb, row in VERBS.items() for state in S if state not in row[3]]


@pytest.fixture
def way(db, now):
    city = factories.CityFactory(chinese=True, parent=factories.StateFactory(country="CN"))
    return make_way(now, offer={"city": city})


@pytest.fixture
def people(way):
    return people_of(*way.match.cities)


def do(verb, way, people, *, who=None):
    service, reason, doer, *__ = VERBS[verb]
    return service(way.match, by=people[who or doer], now=way.now, **reason)


def test_every_move_has_a_verb_when_the_table_grows():
    reached = {(state, row[4]) for row in VERBS.values() for state in row[3]}
    by_others = {(S.APPROVED, S.ACCEPTED), (S.PROPOSED, S.EXPIRED), (S.APPROVED, S.EXPIRED)}
    by_others.add((S.APPROVED, S.PROPOSED))  # test_undoing
    table = {(start, end) for start, ends in MATCH_MOVES.items() for end in ends}

    assert table == (reached | by_others) - {(S.APPROVED, S.APPROVED)}


@pytest.mark.parametrize(("verb", "state"), ALLOWED)
def test_a_match_moves_when_its_state_allows_the_verb(way, people, verb, state):
    way.to(state)

    moved = do(verb, way, people)

    moved.refresh_from_db()
    assert moved.state == VERBS[verb][4]
    assert check_invariants() == []


@pytest.mark.parametrize(("verb", "state"), REFUSED)
def test_a_verb_is_refused_when_the_state_does_not_allow_it(way, people, verb, state):
    way.to(state)

    with nothing_changes(), pytest.raises(DomainError):
        do(verb, way, people)


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "accept"])
def test_a_move_leaves_who_when_from_to_and_why_when_it_is_made(way, people, verb):
    way.to(FROM[verb])

    do(verb, way, people)

    entry = AuditEntry.objects.filter(subject_kind="matching.match").order_by("pk").last()
    __, reason, doer, __, to = VERBS[verb]
    assert (entry.actor, entry.at, entry.verb) == (people[doer], way.now, f"{verb}_match")
    assert (entry.before, entry.after) == (FROM[verb], to)
    assert (entry.reason, entry.subject_id) == (reason.get("reason", ""), str(way.match.pk))


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_done_or_denied_when_a_person_tries(way, people, verb, who):
    way.to(FROM[verb])

    if who in MAY[verb]:
        assert do(verb, way, people, who=who).state == VERBS[verb][4]
    else:
        with nothing_changes(), pytest.raises(PermissionDenied):
            do(verb, way, people, who=who)


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
@pytest.mark.parametrize("how", CONFLICTS)
@pytest.mark.parametrize("verb", ["approve", "cancel"])
def test_a_decision_is_denied_when_the_decider_serves_one_of_the_cities(way, verb, how, role):
    way.to(FROM[verb])
    decider = factories.UserFactory(role=role)
    make_serve(decider, how, *way.match.cities, now=way.now)

    with nothing_changes(), pytest.raises(PermissionDenied):
        do(verb, way, {"coordinator": decider})


@pytest.mark.parametrize("how", NO_CONFLICTS)
def test_a_match_is_approved_when_the_coordinator_serves_neither_city(way, how):
    make_serve(way.coordinator, how, *way.match.cities, now=way.now)

    assert way.approve().state == "approved"


def test_a_match_is_rejected_when_the_coordinator_serves_one_of_the_cities(way):
    make_serve(way.coordinator, "serves the left city", *way.match.cities, now=way.now)

    assert way.reject().state == "rejected"


# Who is told


TOLD = {
    "approve": ("match_approved", OFFICERS),
    "decline": ("match_declined", OFFICERS | {"coordinator"}),
    "cancel": ("match_cancelled", OFFICERS | {"coordinator"}),
}


def told(kind):
    return set(Notification.objects.filter(kind=kind).values_list("recipient", flat=True))


@pytest.mark.parametrize("verb", TOLD)
def test_those_concerned_are_told_once_when_a_match_moves(way, people, verb):
    way.to(FROM[verb])
    Notification.objects.all().delete()

    do(verb, way, people)

    kind, names = TOLD[verb]
    ours = {"coordinator": way.coordinator.pk} | {who: people[who].pk for who in OFFICERS}
    if verb == "approve":
        ours["coordinator"] = people["coordinator"].pk
    expected = {ours[who] for who in names} | {way.giver.pk, way.receiver.pk}
    assert told(kind) == expected
    assert Notification.objects.count() == len(expected)


def test_everybody_is_told_when_both_cities_have_accepted(way, people):
    way.to("accepted")

    officers = {way.giver.pk, way.receiver.pk} | {people[who].pk for who in OFFICERS}
    assert told("match_accepted") == officers | {way.coordinator.pk}


@pytest.mark.parametrize(("state", "kinds"), [("rejected", set()), ("expired", set())])
def test_nobody_is_told_when_a_proposal_is_not_approved(way, people, state, kinds):
    way.to(state)

    assert set(Notification.objects.values_list("kind", flat=True)) == kinds


def test_those_concerned_are_told_when_an_approval_expires(way, people):
    way.approve()

    way.match.refresh_from_db()
    way.expire()

    officers = {way.giver.pk, way.receiver.pk} | {people[who].pk for who in OFFICERS}
    assert told("match_expired") == officers | {way.coordinator.pk}
    assert way.postings() == (0, 0, 0, 0)


# Who sees a match and its contacts


@pytest.mark.parametrize("state", S)
def test_a_match_is_shown_to_its_cities_when_it_was_approved(way, people, state):
    way.to(state)

    seen = {
        who
        for who in EVERYBODY
        if people[who].is_active and way.match in Match.objects.visible_to(people[who])
    }

    hidden = state in ("proposed", "rejected", "expired")
    assert seen == (DECIDERS if hidden else DECIDERS | OFFICERS)


def test_a_match_is_shown_to_its_cities_when_its_approval_expired(way, people):
    way.approve()
    way.match.refresh_from_db()
    way.expire()

    assert way.match in Match.objects.visible_to(people["left officer"])


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("who", EVERYBODY)
def test_contacts_are_seen_by_both_cities_and_deciders_when_it_was_accepted(
    way, people, state, who
):
    match = way.to(state)

    may = state in ("accepted", "completed") and who in DECIDERS | OFFICERS
    assert people[who].has_perm("matching.view_contacts", match) == may


def test_contacts_are_hidden_again_when_an_accepted_match_is_cancelled(way, people):
    way.to("accepted")

    match = way.cancel()

    assert not people["left officer"].has_perm("matching.view_contacts", match)


def test_no_ledger_line_is_written_when_only_one_city_accepted(way, people):
    way.approve()

    do("accept", way, people)

    assert not LedgerEntry.objects.exists()
