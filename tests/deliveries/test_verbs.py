"""Every verb of a consignment, from every state, by everybody."""

import pytest
from django.core.exceptions import PermissionDenied

from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.dashboard.invariants import check_invariants
from apps.deliveries import services
from apps.deliveries.models import Delivery
from apps.deliveries.states import DELIVERY_MOVES, DeliveryState
from apps.matching.states import MatchState
from apps.notifications.models import Notification
from tests.database import by_sql
from tests.personas import DECIDERS, EVERYBODY, people_of
from tests.unchanged import nothing_changes
from tests.ways import make_way

S = DeliveryState
GIVERS = {"left officer", "left colleague"}
RECEIVERS = {"right officer"}
UNDERWAY = [S.DISPATCHED, S.HELD]


def today(now):
    return now.date()


# verb: (what else it is told, who does it here, from, to)
VERBS = {
    "receive": (
        services.receive_delivery,
        lambda now: {"quantity": 100, "received_on": today(now)},
        "right officer",
        UNDERWAY,
        S.RECEIVED,
    ),
    "hold": (
        services.hold_delivery,
        lambda now: {"reason": "customs", "since": today(now), "note": "form 7"},
        "left officer",
        [S.DISPATCHED],
        S.HELD,
    ),
    "release": (
        services.release_delivery,
        lambda now: {"until": today(now)},
        "left officer",
        [S.HELD],
        S.DISPATCHED,
    ),
    "lose": (
        services.lose_delivery,
        lambda now: {"reason": "sunk"},
        "left officer",
        UNDERWAY,
        S.LOST,
    ),
    "distribute": (
        services.distribute,
        lambda now: {"recipient": "County Hospital", "kind": "hospital", "quantity": 5},
        "right officer",
        [S.RECEIVED],
        S.RECEIVED,
    ),
}
MAY = {
    "receive": RECEIVERS | DECIDERS,
    "hold": GIVERS | RECEIVERS | DECIDERS,
    "release": GIVERS | RECEIVERS | DECIDERS,
    "lose": GIVERS | RECEIVERS | DECIDERS,
    "distribute": RECEIVERS | DECIDERS,
}
ALLOWED = [(verb, state) for verb, row in VERBS.items() for state in row[3]]
REFUSED = [(verb, state) for verb, row in VERBS.items() for state in S if state not in row[3]]
FROM = {verb: row[3][0] for verb, row in VERBS.items()}
LEADS = {S.DISPATCHED: [], S.HELD: ["hold"], S.RECEIVED: ["receive"], S.LOST: ["lose"]}


@pytest.fixture
def people(way):
    return people_of(*way.match.cities)


@pytest.fixture
def sent(way, people):
    """sent("held") is a consignment of the whole match in that state."""

    def make(state):
        delivery = way.dispatch()
        for verb in LEADS[state]:
            do(verb, delivery, people, way.now)
        return Delivery.objects.get()

    return make


def do(verb, delivery, people, now, *, who=None):
    service, values, doer, *__ = VERBS[verb]
    return service(delivery, by=people[who or doer], now=now, **values(now))


def test_every_move_has_a_verb_when_the_table_grows():
    moves = {(state, row[4]) for row in VERBS.values() for state in row[3]}
    table = {(start, end) for start, ends in DELIVERY_MOVES.items() for end in ends}

    assert table == moves - {(S.RECEIVED, S.RECEIVED)}


@pytest.mark.parametrize(("verb", "state"), ALLOWED)
def test_a_consignment_moves_when_its_state_allows_the_verb(sent, people, now, verb, state):
    delivery = sent(state)

    moved = do(verb, delivery, people, now)

    moved.refresh_from_db()
    assert moved.state == VERBS[verb][4]
    assert check_invariants() == []


@pytest.mark.parametrize(("verb", "state"), REFUSED)
def test_a_verb_is_refused_when_the_state_does_not_allow_it(sent, people, now, verb, state):
    delivery = sent(state)

    with nothing_changes(), pytest.raises(DomainError):
        do(verb, delivery, people, now)


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_done_or_denied_when_a_person_tries(sent, people, now, verb, who):
    delivery = sent(FROM[verb])

    if who in MAY[verb]:
        assert do(verb, delivery, people, now, who=who).state == VERBS[verb][4]
    else:
        with nothing_changes(), pytest.raises(PermissionDenied):
            do(verb, delivery, people, now, who=who)


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_consignment_is_sent_or_denied_when_a_person_tries(way, people, who):
    if who in GIVERS | DECIDERS:
        assert way.dispatch(by=people[who]).dispatched_by == people[who]
    else:
        with nothing_changes(), pytest.raises(PermissionDenied):
            way.dispatch(by=people[who])


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_match_is_closed_or_denied_when_a_person_tries(way, people, now, who):
    way.receive(way.dispatch(60))

    if who in GIVERS | RECEIVERS | DECIDERS:
        closed = services.close_match(way.match, by=people[who], now=now, reason="enough")
        assert closed.state == "completed"
    else:
        with nothing_changes(), pytest.raises(PermissionDenied):
            services.close_match(way.match, by=people[who], now=now, reason="enough")


@pytest.mark.parametrize("dispatched", [False, True])
def test_a_stranger_is_denied_before_anything_is_said_about_the_match(way, people, now, dispatched):
    if dispatched:
        way.dispatch(60)

    with pytest.raises(PermissionDenied):
        services.close_match(way.match, by=people["member"], now=now, reason="enough")


@pytest.mark.parametrize(
    ("verb", "why"),
    [("hold", "form 7"), ("release", ""), ("lose", "sunk"), ("receive", "")],
)
def test_a_move_leaves_who_when_from_to_and_why_when_it_is_made(sent, people, now, verb, why):
    delivery = sent(FROM[verb])

    do(verb, delivery, people, now)

    entry = AuditEntry.objects.filter(subject_kind="deliveries.delivery").order_by("pk").last()
    assert (entry.actor, entry.at, entry.verb) == (
        people[VERBS[verb][1 + 1]],
        now,
        f"{verb}_delivery",
    )
    assert (entry.before, entry.after, entry.reason) == (FROM[verb], VERBS[verb][4], why)


@pytest.mark.parametrize("state", [state for state in MatchState if state != MatchState.ACCEPTED])
def test_nothing_is_sent_when_the_match_is_not_accepted(db, now, state):
    way = make_way(now)
    way.to(state)

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        way.dispatch(1)

    assert str(refusal.value) == (
        f"The match is {way.match.get_state_display()}:"
        " nothing can be sent before both cities have accepted."
    )


# Who is told


def told(kind):
    return set(Notification.objects.filter(kind=kind).values_list("recipient", flat=True))


def test_the_receiving_city_is_told_when_a_consignment_is_sent(way, people):
    way.dispatch()

    assert told("delivery_dispatched") == {way.receiver.pk, people["right officer"].pk}


@pytest.mark.parametrize(
    ("verb", "kind"),
    [
        ("receive", "delivery_received"),
        ("hold", "delivery_held"),
        ("release", "delivery_released"),
        ("lose", "delivery_lost"),
    ],
)
def test_both_cities_are_told_when_a_consignment_moves(way, sent, people, now, verb, kind):
    delivery = sent(FROM[verb])

    do(verb, delivery, people, now)

    assert told(kind) == {
        way.giver.pk,
        way.receiver.pk,
        *(people[who].pk for who in GIVERS | RECEIVERS),
    }


def test_a_consignment_is_shown_to_its_cities_and_deciders_when_the_list_is_read(sent, people):
    delivery = sent("dispatched")

    seen = {
        who
        for who in EVERYBODY
        if people[who].is_active and delivery in Delivery.objects.visible_to(people[who])
    }

    assert seen == GIVERS | RECEIVERS | DECIDERS


def test_a_consignment_is_hidden_when_the_officer_was_removed(way, sent):
    delivery = sent("dispatched")
    by_sql(way.receiver.liaisons.get(), state="removed")

    assert delivery not in Delivery.objects.visible_to(way.receiver)
