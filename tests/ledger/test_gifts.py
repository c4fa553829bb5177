from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from apps.core.errors import DomainError
from apps.core.states import InvalidTransition
from apps.dashboard.invariants import check_invariants
from apps.ledger.chain import verify
from apps.ledger.forms import GiftForm
from apps.ledger.models import Gift, LedgerEntry, PartyKind
from apps.ledger.services import (
    confirm_gift,
    party_of,
    record_gift,
    reverse_entry,
    withdraw_gift,
)
from apps.ledger.states import GIFT_MOVES, GiftState
from apps.ledger.totals import totals
from apps.notifications.models import Notification
from tests import factories
from tests.database import by_sql, names_of, refused_by
from tests.unchanged import nothing_changes


@pytest.fixture
def people(wuxi, san_antonio, coordinator, administrator):
    """Everybody who could have something to do with a gift of Wuxi to San Antonio."""
    return {
        "giver": factories.LiaisonFactory(city=wuxi).user,
        "colleague": factories.LiaisonFactory(city=wuxi).user,
        "receiver": factories.LiaisonFactory(city=san_antonio).user,
        "stranger": factories.LiaisonFactory().user,
        "asked to speak": factories.LiaisonFactory(city=wuxi, state="requested").user,
        "removed": factories.LiaisonFactory(city=wuxi, state="removed").user,
        "inactive": factories.LiaisonFactory(city=wuxi, user__is_active=False).user,
        "member": factories.UserFactory(),
        "coordinator": coordinator,
        "administrator": administrator,
    }


@pytest.fixture
def gift(people, giver, receiver, masks, now):
    return record_gift(
        giver=giver, receiver=receiver, item=masks, quantity=500, by=people["giver"], now=now
    )


def lines(gift):
    rows = LedgerEntry.objects.filter(source_kind="gift", source_id=str(gift.pk))
    return list(rows.order_by("number").values_list("kind", "quantity"))


def told(kind):
    return set(Notification.objects.filter(kind=kind).values_list("recipient__email", flat=True))


# Recording


def test_a_gift_is_one_sided_in_the_ledger_when_its_giver_recorded_it(
    people, giver, receiver, masks, now
):
    bank = factories.PartyFactory()

    gift = record_gift(
        giver=giver,
        receiver=receiver,
        item=masks,
        quantity=500,
        by=people["giver"],
        now=now,
        given_on=date(2020, 3, 1),
        intermediary=bank,
        note="for the county hospitals",
    )

    entry = LedgerEntry.objects.with_confirmation().get()
    assert (gift.state, gift.recorded_by, gift.is_demo) == ("recorded", people["giver"], False)
    assert (entry.kind, entry.quantity, entry.occurred_on) == ("sent", 500, date(2020, 3, 1))
    assert (entry.giver, entry.receiver, entry.intermediary) == (giver, receiver, bank)
    assert (entry.source_kind, entry.source_id) == ("gift", str(gift.pk))
    assert (entry.note, entry.is_confirmed) == ("for the county hospitals", False)
    assert told("gift_to_confirm") == {people["receiver"].email}
    assert check_invariants() == []


def test_a_gift_is_a_demonstration_when_a_demo_person_records_it(
    people, giver, receiver, masks, now
):
    by_sql(people["giver"], is_demo=True)
    people["giver"].refresh_from_db()

    gift = record_gift(
        giver=giver, receiver=receiver, item=masks, quantity=5, by=people["giver"], now=now
    )

    assert (gift.is_demo, LedgerEntry.objects.get().is_demo) == (True, True)
    assert totals(LedgerEntry.objects.all()) == []


@pytest.mark.parametrize("who", ["giver", "colleague", "coordinator", "administrator"])
def test_a_gift_is_recorded_when_the_person_speaks_for_the_giver_or_decides(
    people, giver, receiver, masks, now, who
):
    gift = record_gift(
        giver=giver, receiver=receiver, item=masks, quantity=5, by=people[who], now=now
    )

    assert gift.recorded_by == people[who]


@pytest.mark.parametrize(
    "who", ["receiver", "stranger", "asked to speak", "removed", "inactive", "member"]
)
def test_a_gift_is_denied_when_the_person_does_not_speak_for_the_giver(
    people, giver, receiver, masks, now, who
):
    with nothing_changes(), pytest.raises(PermissionDenied):
        record_gift(giver=giver, receiver=receiver, item=masks, quantity=5, by=people[who], now=now)


@pytest.mark.parametrize("kind", [kind for kind in PartyKind if kind not in ("city", "state")])
def test_a_gift_names_its_giver_when_that_is_no_city(people, wuxi, receiver, masks, now, kind):
    behind = factories.PartyFactory(kind=kind, city=wuxi, country="CN")

    gift = record_gift(
        giver=behind, receiver=receiver, item=masks, quantity=5, by=people["giver"], now=now
    )

    entry = LedgerEntry.objects.get()
    assert (entry.giver, entry.giver.kind) == (behind, kind)
    assert [(t.giver_country, t.sent) for t in totals(LedgerEntry.objects.of(wuxi))] == [("CN", 5)]
    assert gift in Gift.objects.waiting_for(people["receiver"])


@pytest.mark.parametrize("make", [factories.CityFactory, factories.StateFactory])
def test_a_gift_names_its_giver_when_that_is_a_place(
    people, receiver, masks, coordinator, now, make
):
    place = party_of(make())

    record_gift(giver=place, receiver=receiver, item=masks, quantity=5, by=coordinator, now=now)

    assert LedgerEntry.objects.get().giver == place


def test_a_gift_of_nowhere_is_denied_when_an_officer_records_it(people, receiver, masks, now):
    abroad = factories.PartyFactory(city=None)

    with nothing_changes(), pytest.raises(PermissionDenied):
        record_gift(
            giver=abroad, receiver=receiver, item=masks, quantity=5, by=people["giver"], now=now
        )


def test_quantity_and_date_stay_unknown_when_the_giver_does_not_know(
    people, giver, receiver, masks, now
):
    record_gift(
        giver=giver, receiver=receiver, item=masks, quantity=None, by=people["giver"], now=now
    )

    entry = LedgerEntry.objects.get()
    assert (entry.quantity, entry.qualifier) == (None, "not_stated")
    assert (entry.occurred_on, entry.precision) == (None, "not_stated")


def test_a_gift_is_made_once_when_its_form_is_sent_twice(people, giver, receiver, masks, now):
    values = {
        "giver": giver,
        "receiver": receiver,
        "item": masks,
        "quantity": 5,
        "by": people["giver"],
        "now": now,
        "submission": uuid4(),
    }
    first = record_gift(**values)

    with nothing_changes():
        second = record_gift(**values)

    assert second == first


def test_a_gift_is_refused_when_giver_and_receiver_are_the_same(people, giver, masks, now):
    with nothing_changes(), pytest.raises(DomainError) as refusal:
        record_gift(
            giver=giver, receiver=giver, item=masks, quantity=5, by=people["giver"], now=now
        )

    assert (str(refusal.value), refusal.value.field) == (
        "Giver and receiver are the same.",
        "receiver",
    )


LATE = datetime(2026, 5, 1, 22, tzinfo=UTC)  # 2 May in Wuxi, 1 May in San Antonio


@pytest.mark.parametrize("day", [date(2026, 4, 30), date(2026, 5, 2)])
def test_a_gift_is_recorded_when_its_day_has_come_in_one_of_the_cities(
    people, giver, receiver, masks, day
):
    gift = record_gift(
        giver=giver,
        receiver=receiver,
        item=masks,
        quantity=5,
        by=people["giver"],
        now=LATE,
        given_on=day,
    )

    assert gift.given_on == day


def test_a_gift_is_refused_when_its_day_is_to_come_in_both_cities(people, giver, receiver, masks):
    with nothing_changes(), pytest.raises(DomainError) as refusal:
        record_gift(
            giver=giver,
            receiver=receiver,
            item=masks,
            quantity=5,
            by=people["giver"],
            now=LATE,
            given_on=date(2026, 5, 3),
        )

    assert (str(refusal.value), refusal.value.field) == (
        "The date 2026-05-03 is in the future.",
        "given_on",
    )


def test_a_gift_goes_by_utc_when_no_place_is_known(coordinator, masks):
    one, other = factories.PartyFactory(), factories.PartyFactory()

    with nothing_changes(), pytest.raises(DomainError):
        record_gift(
            giver=one,
            receiver=other,
            item=masks,
            quantity=5,
            by=coordinator,
            now=LATE,
            given_on=date(2026, 5, 2),
        )


def test_no_reversed_gift_of_money_is_offered_when_goods_were_bought(
    people, wuxi, giver, receiver, masks, enter, now
):
    cash = factories.ItemFactory(code="cash_cny", category=factories.CategoryFactory(code="funds"))
    standing = enter(item=cash)
    reverse_entry(enter(item=cash), by=None, now=now, reason="no such gift")
    enter(item=masks)
    enter(item=cash, giver=receiver, receiver=giver)

    form = GiftForm(city=wuxi)

    assert list(form.fields["purchased_with"].queryset) == [standing]


# Confirming


@pytest.mark.parametrize("who", ["receiver", "coordinator", "administrator"])
def test_a_gift_is_confirmed_when_the_receiving_city_or_a_decider_says_so(gift, people, now, who):
    confirmed = confirm_gift(gift, by=people[who], now=now)

    assert (confirmed.state, confirmed.confirmed_by) == ("confirmed", people[who])
    assert confirmed.received_quantity == 500
    assert lines(gift) == [("sent", 500), ("received", 500)]
    assert LedgerEntry.objects.with_confirmation().get(kind="sent").is_confirmed
    assert told("gift_confirmed") == {people["giver"].email}
    assert verify().holds
    assert check_invariants() == []


@pytest.mark.parametrize(
    "who", ["giver", "colleague", "stranger", "asked to speak", "inactive", "member"]
)
def test_a_confirmation_is_denied_when_the_person_is_not_of_the_receiving_side(
    gift, people, now, who
):
    with nothing_changes(), pytest.raises(PermissionDenied):
        confirm_gift(gift, by=people[who], now=now)


@pytest.mark.parametrize("who", ["coordinator", "administrator"])
def test_a_confirmation_is_denied_when_the_decider_recorded_the_gift(
    people, giver, receiver, masks, now, who
):
    gift = record_gift(
        giver=giver, receiver=receiver, item=masks, quantity=5, by=people[who], now=now
    )

    with nothing_changes(), pytest.raises(PermissionDenied):
        confirm_gift(gift, by=people[who], now=now)


def test_a_difference_is_kept_with_its_note_when_less_arrived(gift, people, now):
    confirmed = confirm_gift(
        gift, by=people["receiver"], now=now, quantity=480, note="twenty were wet"
    )

    received = LedgerEntry.objects.get(kind="received")
    assert (confirmed.received_quantity, confirmed.quantity) == (480, 500)
    assert (received.quantity, received.note) == (480, "twenty were wet")


@pytest.mark.parametrize("quantity", [480, 520])
def test_a_difference_is_refused_when_nobody_says_why(gift, people, now, quantity):
    with nothing_changes(), pytest.raises(DomainError) as refusal:
        confirm_gift(gift, by=people["receiver"], now=now, quantity=quantity)

    assert (str(refusal.value), refusal.value.field) == (
        "Say why the quantity differs from what the giver recorded.",
        "note",
    )


def test_an_unknown_quantity_stays_unknown_when_the_receiver_does_not_know_either(
    people, giver, receiver, masks, now
):
    gift = record_gift(
        giver=giver, receiver=receiver, item=masks, quantity=None, by=people["giver"], now=now
    )

    confirm_gift(gift, by=people["receiver"], now=now)

    assert lines(gift) == [("sent", None), ("received", None)]


# Withdrawing


@pytest.mark.parametrize("who", ["giver", "coordinator", "administrator"])
def test_a_gift_is_reversed_in_the_ledger_when_it_is_withdrawn(gift, people, masks, now, who):
    withdrawn = withdraw_gift(gift, by=people[who], now=now, reason="recorded twice")

    assert (withdrawn.state, withdrawn.state_reason) == ("withdrawn", "recorded twice")
    assert lines(gift) == [("sent", 500), ("sent", -500)]
    assert [total.sent for total in totals(LedgerEntry.objects.all())] == [0]
    assert verify().holds
    assert check_invariants() == []


@pytest.mark.parametrize("who", ["colleague", "receiver", "stranger", "member", "inactive"])
def test_a_withdrawal_is_denied_when_the_person_did_not_record_the_gift(gift, people, now, who):
    with nothing_changes(), pytest.raises(PermissionDenied):
        withdraw_gift(gift, by=people[who], now=now, reason="no")


def test_a_gift_can_be_withdrawn_when_its_line_was_reversed_already(gift, people, now):
    reverse_entry(LedgerEntry.objects.get(), by=people["administrator"], now=now, reason="wrong")

    withdrawn = withdraw_gift(gift, by=people["giver"], now=now, reason="recorded twice")

    assert withdrawn.state == "withdrawn"
    assert lines(gift) == [("sent", 500), ("sent", -500)]


VERBS = {
    "confirm": lambda gift, people, now: confirm_gift(gift, by=people["receiver"], now=now),
    "withdraw": lambda gift, people, now: withdraw_gift(
        gift, by=people["giver"], now=now, reason="because"
    ),
}
REACHES = {"confirm": GiftState.CONFIRMED, "withdraw": GiftState.WITHDRAWN}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", [s for s in GiftState if s != GiftState.RECORDED])
def test_a_gift_that_is_settled_is_refused_when_a_verb_comes_late(gift, people, now, state, verb):
    by_sql(gift, state=state)
    assert REACHES[verb] not in GIFT_MOVES[state]

    with nothing_changes(), pytest.raises(InvalidTransition):
        VERBS[verb](gift, people, now)


def test_the_words_name_gift_and_states_when_a_verb_comes_late(gift, people, now):
    confirm_gift(gift, by=people["receiver"], now=now)

    with pytest.raises(InvalidTransition) as refusal:
        withdraw_gift(gift, by=people["giver"], now=now, reason="because")

    assert str(refusal.value) == f"{gift} is confirmed and cannot become withdrawn."


# Who sees what


def test_withdrawn_gifts_are_for_deciders_when_the_list_is_read(gift, people, now):
    withdraw_gift(gift, by=people["giver"], now=now, reason="recorded twice")

    seen = {who: gift in Gift.objects.visible_to(person) for who, person in people.items()}

    assert {who for who, sees in seen.items() if sees} == {"coordinator", "administrator"}


def test_a_gift_waits_for_the_receiving_city_when_it_is_recorded(gift, people, now):
    waits = {who for who, person in people.items() if Gift.objects.waiting_for(person).exists()}
    confirm_gift(gift, by=people["receiver"], now=now)

    assert waits == {"receiver"}
    assert not Gift.objects.waiting_for(people["receiver"]).exists()


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("ledger_gift_state_known", {"state": "lost"}),
        ("ledger_gift_quantity_positive", {"quantity": 0}),
        ("ledger_gift_two_parties", {"receiver": "giver"}),
    ],
)
def test_the_database_refuses_a_gift_when_it_breaks(gift, giver, name, values):
    known = {"giver": giver}

    with nothing_changes(), refused_by(Gift, name):
        by_sql(gift, **{key: known.get(value, value) for key, value in values.items()})


def test_every_constraint_is_tested_when_the_gift_has_a_new_one():
    tested = test_the_database_refuses_a_gift_when_it_breaks.pytestmark[0].args[1]

    assert {name for name, __ in tested} == names_of(Gift)


def test_a_removed_officer_is_not_told_when_a_gift_comes(people, giver, receiver, masks, now):
    by_sql(people["receiver"].liaisons.get(), state="removed", state_since=now - timedelta(days=1))

    record_gift(giver=giver, receiver=receiver, item=masks, quantity=5, by=people["giver"], now=now)

    assert told("gift_to_confirm") == set()
