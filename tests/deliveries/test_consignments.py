"""Sending, holding, receiving, losing: quantities, dates, the ledger, and the end of a match."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from apps.core.errors import DomainError
from apps.dashboard.invariants import check_invariants
from apps.deliveries import services
from apps.deliveries.forms import DispatchForm, DistributeForm, HoldForm, ReceiveForm, ReleaseForm
from apps.deliveries.models import Delivery, DifferenceReason, Distribution, Hold
from apps.ledger.chain import verify
from apps.ledger.models import LedgerEntry, PartyKind
from apps.ledger.totals import totals
from apps.postings.services import edit_posting, withdraw_posting
from tests import factories
from tests.database import by_sql, names_of, refused_by
from tests.unchanged import nothing_changes


def refusal_of(verb):
    with nothing_changes(), pytest.raises(DomainError) as refusal:
        verb()
    return str(refusal.value), refusal.value.field


def ledger_lines():
    rows = LedgerEntry.objects.order_by("number")
    return [(row.kind, row.quantity, row.source_kind) for row in rows]


# Sending


def test_a_consignment_stands_in_the_ledger_when_it_is_sent(way, now):
    bank = factories.PartyFactory()

    delivery = way.dispatch(
        60, carrier="Air freight", tracking="999-1", note="two pallets", intermediary=bank
    )

    entry = LedgerEntry.objects.get(kind="sent")
    assert (delivery.state, delivery.quantity, delivery.dispatched_by) == (
        "dispatched",
        60,
        way.giver,
    )
    assert (delivery.carrier, delivery.tracking, delivery.note) == (
        "Air freight",
        "999-1",
        "two pallets",
    )
    assert (entry.quantity, entry.occurred_on, entry.recorded_by) == (60, now.date(), way.giver)
    assert (entry.source_kind, entry.source_id) == ("delivery", str(delivery.pk))
    assert [entry.giver.city, entry.receiver.city] == way.match.cities
    assert (entry.intermediary, entry.item, entry.is_demo) == (bank, way.match.offer.item, False)
    assert way.postings() == (100, 0, 100, 60)
    assert check_invariants() == []


def test_the_ledger_names_the_substitute_when_that_is_sent(begin):
    substitute = factories.ItemFactory()
    way = begin(offer={"item": substitute})

    way.dispatch()

    assert LedgerEntry.objects.get(kind="sent").item == substitute


def test_a_demonstration_stays_out_of_totals_when_it_is_sent(begin):
    way = begin(is_demo=True)

    way.receive(way.dispatch())

    assert set(LedgerEntry.objects.values_list("is_demo", flat=True)) == {True}
    assert totals(LedgerEntry.objects.all()) == []


@pytest.mark.parametrize("kind", ["company", "foundation", "association", "ngo", "chamber"])
def test_the_party_behind_the_city_stands_in_the_ledger_when_it_gave(way, kind):
    delivery = way.dispatch(giver_name="Alibaba 公益基金会", giver_kind=kind)

    entry = LedgerEntry.objects.get(kind="sent")
    assert (entry.giver, entry.giver.kind) == (delivery.giver, kind)
    assert (entry.giver.name, entry.giver.city) == ("Alibaba 公益基金会", way.match.offer.city)
    assert [t.sent for t in totals(LedgerEntry.objects.of(way.match.offer.city))] == [100]


def test_a_match_is_sent_in_consignments_when_one_is_not_enough(way):
    sent = [way.dispatch(60), way.dispatch(30), way.dispatch(10)]

    way.match.refresh_from_db()
    assert [delivery.quantity for delivery in sent] == [60, 30, 10]
    assert (way.match.dispatched, way.match.to_dispatch, way.match.state) == (100, 0, "accepted")
    assert way.postings() == (100, 0, 100, 100)
    assert check_invariants() == []


@pytest.mark.parametrize(("first", "second", "left"), [(60, 41, 40), (100, 1, 0), (1, 100, 99)])
def test_more_than_the_match_is_refused_when_consignments_add_up(way, first, second, left):
    way.dispatch(first)

    found = refusal_of(lambda: way.dispatch(second))

    assert found == (f"Only {left} of 100 are left to dispatch.", "quantity")


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_consignment_is_refused_when_it_holds_nothing(way, quantity):
    assert refusal_of(lambda: way.dispatch(quantity)) == (
        "Enter a number greater than 0.",
        "quantity",
    )


@pytest.fixture
def in_boxes(begin):
    """Of 120 units in boxes of 50."""
    item = factories.ItemFactory()
    pack = factories.PackFactory(item=item, units=50, name_en="box")
    return begin(quantity=120, need={"item": item}, offer={"pack": pack})


@pytest.mark.parametrize("quantity", [1, 49, 51, 120])
def test_a_consignment_is_refused_when_it_is_not_of_whole_packs(in_boxes, quantity):
    found = refusal_of(lambda: in_boxes.dispatch(quantity))

    assert found == ("It is sent in whole packs: box of 50.", "quantity")


def test_the_match_is_complete_when_the_rest_is_less_than_a_pack(in_boxes):
    in_boxes.receive(in_boxes.dispatch(100))

    in_boxes.match.refresh_from_db()
    assert in_boxes.match.state == "completed"
    assert in_boxes.postings() == (100, 100, 100, 100)
    assert check_invariants() == []


def test_the_match_stays_open_when_a_whole_pack_is_left(in_boxes):
    in_boxes.receive(in_boxes.dispatch(50))

    in_boxes.match.refresh_from_db()
    assert in_boxes.match.state == "accepted"


def test_a_consignment_is_made_once_when_its_form_is_sent_twice(way):
    token = uuid4()
    first = way.dispatch(60, submission=token)

    with nothing_changes():
        second = way.dispatch(60, submission=token)

    assert second == first


def test_a_consignment_is_found_again_when_its_match_is_complete_meanwhile(way):
    token = uuid4()
    first = way.dispatch(submission=token)
    way.receive(first)

    with nothing_changes():
        assert way.dispatch(submission=token) == first


def test_a_withdrawn_offer_is_sent_when_the_match_was_accepted(way, now):
    withdraw_posting(way.match.offer, by=way.giver, now=now, reason="gone")

    way.receive(way.dispatch())

    way.match.offer.refresh_from_db()
    assert way.match.offer.state == "withdrawn"
    assert way.postings() == (100, 100, 100, 100)
    assert check_invariants() == []


def test_a_quantity_is_never_edited_below_what_is_allocated(way, now):
    words, field = refusal_of(
        lambda: edit_posting(way.match.offer, by=way.giver, now=now, version=1, quantity=99)
    )

    assert (words, field) == (
        "100 are already allocated; the quantity cannot be 99.",
        "quantity",
    )


# Receiving


def test_all_of_it_arrives_when_nothing_was_lost(way):
    delivery = way.receive(way.dispatch())

    way.match.refresh_from_db()
    assert (delivery.state, delivery.received_quantity, delivery.missing) == ("received", 100, 0)
    assert (delivery.difference, delivery.received_by) == ("", way.receiver)
    assert (way.match.received, way.match.state) == (100, "completed")
    assert way.postings() == (100, 100, 100, 100)
    assert ledger_lines() == [
        ("pledged", 100, "match"),
        ("sent", 100, "delivery"),
        ("received", 100, "delivery"),
    ]
    assert verify().holds
    assert check_invariants() == []


@pytest.mark.parametrize("reason", [reason for reason in DifferenceReason if reason])
def test_what_is_missing_returns_to_the_need_when_less_arrives(way, reason):
    delivery = way.receive(way.dispatch(), 90, difference=reason, difference_note="wet")

    assert (delivery.received_quantity, delivery.missing) == (90, 10)
    assert (delivery.difference, delivery.difference_note) == (reason, "wet")
    assert way.postings() == (90, 90, 100, 100)
    assert [line[:2] for line in ledger_lines()] == [
        ("pledged", 100),
        ("sent", 100),
        ("received", 90),
    ]
    assert check_invariants() == []


def test_nothing_is_entered_as_received_when_nothing_arrives(way):
    delivery = way.receive(way.dispatch(), 0, difference="customs")

    way.match.refresh_from_db()
    assert (delivery.state, delivery.received_quantity, delivery.missing) == ("received", 0, 100)
    assert way.match.state == "completed"
    assert way.postings() == (0, 0, 100, 100)
    assert [line[0] for line in ledger_lines()] == ["pledged", "sent"]
    assert check_invariants() == []


@pytest.mark.parametrize("quantity", [0, 99])
def test_a_difference_is_refused_when_nobody_says_why(way, quantity):
    delivery = way.dispatch()

    found = refusal_of(lambda: way.receive(delivery, quantity))

    assert found == ("Say why the quantity differs from what was sent.", "difference")


def test_more_than_was_sent_is_refused_when_it_arrives(way):
    delivery = way.dispatch(60)

    found = refusal_of(lambda: way.receive(delivery, 61, difference="other"))

    assert found == (
        "60 were sent. If more arrived, record the rest as a gift.",
        "quantity",
    )


def test_no_reason_is_kept_when_nothing_differs(way):
    delivery = way.receive(way.dispatch(), difference="damaged")

    assert delivery.difference == ""


def test_the_match_waits_when_another_consignment_is_on_the_way(way):
    first, second = way.dispatch(60), way.dispatch(40)

    way.receive(first)
    way.match.refresh_from_db()
    states = [way.match.state]
    way.receive(second, 30, difference="short")
    way.match.refresh_from_db()

    assert [*states, way.match.state] == ["accepted", "completed"]
    assert way.postings() == (90, 90, 100, 100)
    assert check_invariants() == []


def test_postings_are_fulfilled_when_the_last_of_them_moves(begin):
    way = begin(need={"quantity": 100}, offer={"quantity": 100})

    delivery = way.dispatch()
    way.postings()
    states = [way.match.need.state, way.match.offer.state]
    way.receive(delivery)
    way.postings()

    assert states == ["open", "fulfilled"]
    assert [way.match.need.state, way.match.offer.state] == ["fulfilled", "fulfilled"]
    assert check_invariants() == []


def test_the_need_stays_open_when_not_all_of_it_arrived(begin):
    way = begin(need={"quantity": 100}, offer={"quantity": 100})

    way.receive(way.dispatch(), 99, difference="short")

    assert way.postings() == (99, 99, 100, 100)
    assert [way.match.need.state, way.match.offer.state] == ["open", "fulfilled"]


# Closing


def test_what_was_not_sent_returns_to_both_when_the_match_is_closed(way, now):
    way.receive(way.dispatch(60), 50, difference="damaged")

    closed = services.close_match(way.match, by=way.giver, now=now, reason="no more flights")

    assert (closed.state, closed.state_reason) == ("completed", "no more flights")
    assert way.postings() == (50, 50, 60, 60)
    assert check_invariants() == []


@pytest.mark.parametrize("is_held", [False, True])
def test_closing_is_refused_when_a_consignment_is_on_the_way(way, now, is_held):
    delivery = way.dispatch(60)
    if is_held:
        services.hold_delivery(delivery, by=way.giver, now=now, reason="weather", since=now.date())

    found = refusal_of(
        lambda: services.close_match(way.match, by=way.giver, now=now, reason="enough")
    )

    assert found == ("A consignment is still on the way.", "")


def test_closing_is_refused_when_nothing_was_sent(way, now):
    found = refusal_of(
        lambda: services.close_match(way.match, by=way.giver, now=now, reason="enough")
    )

    assert found == ("Nothing was sent: ask a coordinator to cancel the match.", "")


# Losing


def test_the_need_opens_again_when_the_only_consignment_is_lost(way, now):
    delivery = way.dispatch()

    lost = services.lose_delivery(delivery, by=way.giver, now=now, reason="sunk")

    way.match.refresh_from_db()
    assert (lost.state, lost.state_reason, lost.received_quantity) == ("lost", "sunk", None)
    assert (way.match.state, way.match.received) == ("completed", 0)
    assert way.postings() == (0, 0, 100, 100)
    assert [line[0] for line in ledger_lines()] == ["pledged", "sent"]
    assert check_invariants() == []


def test_the_match_waits_when_one_of_two_consignments_is_lost(way, now):
    first, second = way.dispatch(60), way.dispatch(40)

    services.lose_delivery(first, by=way.giver, now=now, reason="sunk")
    way.match.refresh_from_db()
    states = [way.match.state]
    way.receive(second)
    way.match.refresh_from_db()

    assert [*states, way.match.state] == ["accepted", "completed"]
    assert way.postings() == (40, 40, 100, 100)


# Dates: judged where it is later

LATE = datetime(2026, 5, 1, 22, tzinfo=UTC)  # 2 May in China, 1 May in Texas
MAY = {n: date(2026, 5, n) for n in range(1, 8)}


@pytest.fixture
def sent(way):
    """Sent on 1 May; `way.now` is LATE from here on."""
    way.now = LATE
    return way.dispatch(dispatched_on=MAY[1])


@pytest.mark.parametrize("day", [date(2026, 4, 1), MAY[1], MAY[2]])
def test_a_consignment_is_sent_when_its_day_has_come_in_the_giving_city(way, day):
    assert way.dispatch(now=LATE, dispatched_on=day).dispatched_on == day


def test_a_consignment_is_refused_when_its_day_is_to_come(way):
    found = refusal_of(lambda: way.dispatch(now=LATE, dispatched_on=MAY[3]))

    assert found == ("The date 2026-05-03 is in the future.", "dispatched_on")


def test_a_giver_in_texas_waits_for_its_own_day_when_it_is_later_in_china(begin):
    way = begin(need={"city__time_zone": "Asia/Shanghai"}, offer={"city": factories.CityFactory()})

    found = refusal_of(lambda: way.dispatch(now=LATE, dispatched_on=MAY[2]))

    assert found == ("The date 2026-05-02 is in the future.", "dispatched_on")


def receive(way, delivery, day):
    return way.receive(delivery, received_on=day)


def hold(way, delivery, day):
    return services.hold_delivery(delivery, by=way.giver, now=way.now, reason="customs", since=day)


def release(way, delivery, day):
    return services.release_delivery(delivery, by=way.giver, now=way.now, until=day)


@pytest.mark.parametrize("day", [MAY[1], MAY[2]])
def test_a_consignment_is_received_when_the_day_has_come_in_one_of_the_cities(way, sent, day):
    assert receive(way, sent, day).received_on == day


@pytest.mark.parametrize(
    ("verb", "field", "form"),
    [(receive, "received_on", ReceiveForm), (hold, "since", HoldForm)],
)
def test_a_day_is_refused_when_it_is_before_dispatch_or_to_come(way, sent, verb, field, form):
    early = refusal_of(lambda: verb(way, sent, date(2026, 4, 30)))
    late = refusal_of(lambda: verb(way, sent, MAY[3]))

    assert early == ("It was sent on 2026-05-01; this date is earlier.", field)
    assert late == ("The date 2026-05-03 is in the future.", field)
    assert field in form().fields


@pytest.fixture
def held(way, sent):
    """Held since 3 May; it is 5 May everywhere."""
    way.now = datetime(2026, 5, 5, 20, tzinfo=UTC) - timedelta(hours=8)
    return hold(way, sent, MAY[3])


def test_the_days_of_a_hold_are_counted_when_it_lasts(held):
    (row,) = held.holds.all()

    assert (held.state, row.reason, row.since, row.until) == ("held", "customs", MAY[3], None)
    assert [row.days(day) for day in (MAY[3], MAY[5])] == [0, 2]


def test_the_days_of_a_hold_stand_still_when_it_was_released(way, held):
    released = release(way, held, MAY[4])

    (row,) = released.holds.all()
    assert (released.state, row.until, row.days(MAY[7])) == ("dispatched", MAY[4], 1)


def test_a_release_is_refused_when_its_day_is_before_the_hold_or_to_come(way, held):
    early = refusal_of(lambda: release(way, held, MAY[2]))
    late = refusal_of(lambda: release(way, held, MAY[6]))

    assert early == ("It has been held since 2026-05-03; this date is earlier.", "until")
    assert late == ("The date 2026-05-06 is in the future.", "until")
    assert "until" in ReleaseForm().fields


def test_only_a_held_consignment_is_released(way, sent):
    assert refusal_of(lambda: release(way, sent, MAY[2])) == ("This consignment is not held.", "")


def test_a_hold_ends_when_the_consignment_arrives(way, held):
    received = receive(way, held, MAY[4])

    assert (received.state, received.holds.get().until) == ("received", MAY[4])
    assert check_invariants() == []


def test_a_hold_ends_when_the_consignment_is_lost(way, held):
    lost = services.lose_delivery(held, by=way.giver, now=way.now, reason="burnt")

    assert (lost.state, lost.holds.get().until) == ("lost", MAY[5])


def test_a_consignment_is_lost_when_it_is_held_since_a_day_that_began_in_one_city(way, sent):
    held = hold(way, sent, MAY[2])

    lost = services.lose_delivery(held, by=way.giver, now=LATE, reason="burnt")

    assert (lost.state, lost.holds.get().until) == ("lost", MAY[2])


def test_an_arrival_is_refused_when_it_is_before_the_hold(way, held):
    found = refusal_of(lambda: receive(way, held, MAY[2]))

    assert found == ("It has been held since 2026-05-03; this date is earlier.", "received_on")


@pytest.mark.parametrize(("verb", "field"), [(receive, "received_on"), (hold, "since")])
def test_a_day_is_refused_when_it_is_before_the_last_release(way, held, verb, field):
    free = release(way, held, MAY[5])

    found = refusal_of(lambda: verb(way, free, MAY[4]))

    assert found == ("It was released on 2026-05-05; this date is earlier.", field)


def test_a_consignment_is_held_again_when_it_was_released(way, held):
    again = hold(way, release(way, held, MAY[4]), MAY[4])

    rows = again.holds.order_by("pk").values_list("since", "until")
    assert list(rows) == [(MAY[3], MAY[4]), (MAY[4], None)]


# Where it went


@pytest.fixture
def received(way):
    way.now = LATE
    return way.receive(way.dispatch(dispatched_on=MAY[1]), 90, difference="short")


def give(way, delivery, quantity, **values):
    wanted = {"recipient": "County Hospital", "kind": "hospital", "by": way.receiver}
    return services.distribute(delivery, now=way.now, quantity=quantity, **(wanted | values))


def test_a_recipient_is_a_party_of_the_city_when_units_went_there(way, received):
    give(way, received, 50, given_on=MAY[2])

    row = Distribution.objects.get()
    assert (row.quantity, row.given_on, row.entered_by) == (50, MAY[2], way.receiver)
    assert (row.recipient.name, row.recipient.kind, row.recipient.city) == (
        "County Hospital",
        PartyKind.HOSPITAL,
        way.match.need.city,
    )
    assert check_invariants() == []


def test_no_more_is_distributed_than_arrived(way, received):
    give(way, received, 50)
    give(way, received, 30, recipient="No. 2 Hospital")

    found = refusal_of(lambda: give(way, received, 11))

    assert found == ("Only 10 of 90 are not yet distributed.", "quantity")
    assert give(way, received, 10).distributions.count() == 3


def test_nothing_is_distributed_when_nothing_arrived(way):
    delivery = way.receive(way.dispatch(), 0, difference="customs")

    found = refusal_of(lambda: give(way, delivery, 1))

    assert found == ("Only 0 of 0 are not yet distributed.", "quantity")


@pytest.mark.parametrize("state", ["dispatched", "held", "lost"])
def test_nothing_is_distributed_when_it_was_not_received(way, sent, state):
    by_sql(sent, state=state)

    found = refusal_of(lambda: give(way, sent, 1))

    assert found == ("Only what was received can be distributed.", "")


def test_a_distribution_is_refused_when_its_day_is_before_the_arrival_or_to_come(way, received):
    early = refusal_of(lambda: give(way, received, 1, given_on=date(2026, 4, 30)))
    late = refusal_of(lambda: give(way, received, 1, given_on=MAY[3]))

    assert early == ("It was received on 2026-05-01; this date is earlier.", "given_on")
    assert late == ("The date 2026-05-03 is in the future.", "given_on")
    assert "given_on" in DistributeForm().fields


def test_every_named_field_stands_in_the_form_when_dispatch_is_refused():
    assert {"quantity", "dispatched_on"} <= DispatchForm().fields.keys()
    assert {"quantity", "difference"} <= ReceiveForm().fields.keys()


# What the database refuses


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("deliveries_delivery_state_known", {"state": "stolen"}),
        ("deliveries_delivery_quantity_positive", {"quantity": 0}),
        (
            "deliveries_delivery_never_more_received_than_sent",
            {"received_quantity": 101, "difference": "other"},
        ),
        ("deliveries_delivery_received_says_how_much", {"state": "received"}),
        ("deliveries_delivery_difference_has_a_reason", {"received_quantity": 99}),
    ],
)
def test_the_database_refuses_a_delivery_when_it_breaks(way, name, values):
    delivery = way.dispatch()

    with nothing_changes(), refused_by(Delivery, name):
        by_sql(delivery, **values)


def test_the_database_refuses_a_second_open_hold_when_one_lasts(held):
    with nothing_changes(), refused_by(Hold, "deliveries_hold_one_open_per_delivery"):
        Hold.objects.create(delivery=held, reason="weather", since=MAY[4])


def test_the_database_refuses_a_distribution_when_it_is_of_nothing(way, received):
    give(way, received, 5)

    with nothing_changes(), refused_by(Distribution, "deliveries_distribution_quantity_positive"):
        by_sql(Distribution.objects.get(), quantity=0)


def test_every_constraint_is_tested_when_a_model_has_a_new_one():
    tested = {
        name
        for name, __ in test_the_database_refuses_a_delivery_when_it_breaks.pytestmark[0].args[1]
    }

    assert names_of(Delivery, Hold, Distribution) == tested | {
        "deliveries_hold_one_open_per_delivery",
        "deliveries_distribution_quantity_positive",
    }
