"""One test for each sentence of "Rules that hold all the way" in the product's description."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import QueryDict

from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.core.templatetags.ui import amount
from apps.dashboard.invariants import check_invariants
from apps.deliveries.services import close_match
from apps.ledger.models import LedgerEntry
from apps.ledger.services import party_of, record_entry
from apps.ledger.totals import totals
from apps.matching.models import Match
from apps.matching.services import open_round, retry_round, running
from apps.matching.snapshot import hash_of, take
from apps.notifications.models import Notification
from apps.pairings.models import CounterpartSupport, Pairing
from apps.pairings.services import accept_pairing, approve_pairing, propose_pairing
from apps.postings.forms import PostingSheet
from apps.postings.models import Resource
from apps.postings.services import (
    draft_posting,
    draft_postings,
    edit_posting,
    share_resource,
    withdraw_posting,
)
from tests import factories
from tests.database import by_sql
from tests.unchanged import nothing_changes


def run_round(now, **values):
    text = take({}, now=now).to_text()
    factories.RoundFactory(state="open", snapshot=text, snapshot_hash=hash_of(text), **values)
    return running.run_open_round()


def fixture(name):
    return json.loads((settings.ROOT / "fixtures" / name).read_text(encoding="utf-8"))


# Quantity


def test_approval_reserves(way):
    way.approve()

    assert way.postings() == (100, 0, 100, 0)


def test_nothing_is_given_away_twice(begin):
    first, second = begin(offer={"quantity": 150}), begin()
    by_sql(second.match, offer=first.match.offer)
    second.match.refresh_from_db()
    first.approve()

    with nothing_changes(), pytest.raises(DomainError):
        second.approve()


def test_the_sum_dispatched_never_exceeds_the_match(way):
    way.to("accepted")
    way.dispatch(60)

    with nothing_changes(), pytest.raises(DomainError):
        way.dispatch(41)


def test_closing_returns_what_was_not_dispatched_to_the_offer_and_not_received_to_the_need(
    way, now
):
    way.to("accepted")
    way.receive(way.dispatch(60), 50, difference="damaged")

    close_match(way.match, by=way.giver, now=now, reason="enough")

    need, __, offer, __ = way.postings()
    assert (1000 - need, 1000 - offer) == (950, 940)


def test_a_need_is_fulfilled_when_its_quantity_is_received(begin):
    way = begin(need={"quantity": 100})
    way.to("accepted")

    delivery = way.dispatch()
    way.postings()
    before = way.match.need.state
    way.receive(delivery)
    way.postings()

    assert (before, way.match.need.state) == ("open", "fulfilled")


def test_an_offer_is_fulfilled_when_its_quantity_is_dispatched(begin):
    way = begin(offer={"quantity": 100})
    way.to("accepted")

    way.dispatch()

    way.postings()
    assert way.match.offer.state == "fulfilled"


def test_withdrawing_takes_back_only_the_free_remainder_and_approved_matches_stand(way, now):
    way.approve()

    withdraw_posting(way.match.offer, by=way.giver, now=now, reason="gone")

    assert way.postings() == (100, 0, 100, 0)
    assert way.accept().state == "accepted"


def test_approved_matches_are_cancelled_only_before_dispatch(begin):
    early, late = begin(), begin()
    early.to("accepted")
    late.to("accepted")
    late.dispatch(1)

    assert early.cancel().state == "cancelled"
    with nothing_changes(), pytest.raises(DomainError):
        late.cancel()


@pytest.mark.parametrize("side", ["need", "offer"])
def test_a_quantity_is_never_edited_below_what_is_allocated(way, now, side):
    way.approve()
    posting = getattr(way.match, side)
    officer = {"need": way.receiver, "offer": way.giver}[side]

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        edit_posting(posting, by=officer, now=now, version=1, quantity=99)
    edited = edit_posting(posting, by=officer, now=now, version=1, quantity=101)

    assert refusal.value.field == "quantity"
    assert edited.quantity == 101


# Rounds


def test_storing_a_round_expires_older_undecided_proposals(way, now):
    run_round(now)

    way.match.refresh_from_db()
    assert (way.match.state, way.match.state_reason) == (
        "expired",
        "Superseded by a newer round.",
    )
    assert Match.objects.get(state="proposed").round != way.match.round


@pytest.mark.parametrize(
    ("state", "via"), [("active", "counterpart"), ("approved", "network"), ("suspended", "network")]
)
def test_only_active_pairings_count_as_counterpart_in_allocation(way, now, state, via):
    giver, receiver = way.match.cities
    factories.PairingFactory(left=giver, right=receiver, state=state)

    run_round(now)

    assert Match.objects.get(state="proposed").via == via


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_a_failed_or_cancelled_round_is_rerun_as_a_new_one_on_the_same_snapshot(
    coordinator, now, state
):
    first = factories.RoundFactory(state=state, snapshot="frozen", snapshot_hash="hash")

    again = retry_round(first, by=coordinator, now=now)

    assert again.pk != first.pk
    assert (again.retry_of, again.snapshot, again.snapshot_hash) == (first, "frozen", "hash")


# Knowledge


def test_knowledge_serves_every_need_at_once(db, now):
    offer = factories.OfferFactory(quantity=None)
    for __ in range(3):
        factories.NeedFactory(item=offer.item, quantity=1)

    run_round(now)

    assert Match.objects.filter(offer=offer).count() == 3


def test_knowledge_lives_in_the_public_library(way, now):
    manual = share_resource(
        way.match.offer.city,
        factories.ItemFactory(is_knowledge=True),
        by=way.giver,
        now=now,
        title="ICU manual",
        url="https://example.org/icu",
        language="en",
        licence="CC BY 4.0",
    )

    resource = Resource.objects.visible_to(factories.UserFactory()).get()
    assert (resource.posting, manual.quantity, manual.state) == (manual, None, "open")
    assert (resource.url, resource.language, resource.licence, resource.downloads) == (
        "https://example.org/icu",
        "en",
        "CC BY 4.0",
        0,
    )


# Levels


def test_cities_pair_with_cities_and_states_with_states(coordinator, now):
    cities = [factories.CityFactory(), factories.CityFactory()]
    states = [factories.StateFactory(), factories.StateFactory()]

    for left, right in (cities, states):
        propose_pairing(left, right, by=coordinator, now=now)

    with nothing_changes(), pytest.raises(DomainError):
        propose_pairing(cities[0], states[0], by=coordinator, now=now)


def test_a_match_may_join_a_state_and_a_city(db, now):
    need = factories.NeedFactory()
    offer = factories.OfferFactory(item=need.item, city=factories.StateFactory(country="CN"))

    run_round(now)

    match = Match.objects.get()
    assert (match.need, match.offer) == (need, offer)


@pytest.mark.parametrize("code", ["cn-bj", "cn-sh", "cn-tj", "cn-cq"])
def test_of_a_municipality_only_the_city_row_acts(code):
    rows = [row for row in fixture("cities.json") if row["code"].startswith(code)]
    acting = {row["kind"]: row["acts"] for row in rows if row["level"] == "city"}

    assert [row["acts"] for row in rows if row["level"] == "state"] == [False]
    assert acting["municipality"]


def test_countries_neither_post_nor_pair(coordinator, administrator, now):
    china, usa = (factories.CityFactory(level="country", acts=False) for __ in range(2))
    item = factories.ItemFactory()

    with nothing_changes():
        with pytest.raises(DomainError):
            draft_posting(china, "offer", by=administrator, now=now, item=item, quantity=5)
        with pytest.raises(DomainError):
            propose_pairing(china, usa, by=coordinator, now=now)


def test_the_table_of_2020_is_many_to_many_and_no_pairing(db):
    rows = fixture("counterpart_support_2020.json")

    provinces, cities = {row["province"] for row in rows}, {row["city"] for row in rows}
    assert (len(rows) > len(cities), len(rows) >= len(provinces)) == (True, True)
    for row in rows[:2]:
        CounterpartSupport.objects.create(
            province=factories.StateFactory(country="CN"),
            city=factories.CityFactory(chinese=True),
            **{name: row[name] for name in ("announced_on", "verification", "source")},
        )
    assert not Pairing.objects.exists()


# Parties


def test_a_ledger_entry_names_its_parties_with_a_city_where_one_is_known(way):
    bank = factories.PartyFactory()
    way.to("accepted")

    way.dispatch(giver_name="Foundation", giver_kind="foundation", intermediary=bank)

    entry = LedgerEntry.objects.get(kind="sent")
    giver_city, receiver_city = way.match.cities
    assert (entry.giver.kind, entry.giver.city) == ("foundation", giver_city)
    assert (entry.receiver.kind, entry.receiver.city) == ("city", receiver_city)
    assert (entry.intermediary, entry.intermediary.city) == (bank, None)


def enter(now, **values):
    giver, receiver = (party_of(factories.CityFactory()) for __ in range(2))
    wanted = {"item": factories.ItemFactory(), "quantity": None, "source": ("x", uuid4().hex)}
    return record_entry(
        "sent", giver=giver, receiver=receiver, by=None, now=now, **(wanted | values)
    )


def test_an_unknown_quantity_or_date_is_said_and_never_0(db, now):
    entry = enter(now)

    (total,) = totals(LedgerEntry.objects.all())
    assert amount(entry.quantity, entry.item) == "not stated"
    assert (entry.get_qualifier_display(), entry.get_precision_display()) == ("not stated",) * 2
    assert (total.sent, total.unknown) == (0, 1)


def test_cash_that_became_goods_is_counted_once(db, now):
    cash = enter(now, quantity=5000)

    goods = enter(now, quantity=700, purchased_with=cash)

    assert goods.purchased_with == cash
    assert [total.sent for total in totals(LedgerEntry.objects.all())] == [5000]


# Units


def offered(**line):
    sent = QueryDict(mutable=True)
    sent.update({"submission": str(uuid4()), **{f"line-0-{name}": line[name] for name in line}})
    return PostingSheet("offer", sent, language="en")


def test_packs_convert_and_what_was_typed_is_kept_beside(way, now):
    pack = factories.PackFactory(item=way.match.need.item, units=50)
    sheet = offered(item=pack.item_id, quantity=12, pack=pack.pk)

    assert sheet.errors == {}
    city = way.match.offer.city
    (posting,) = draft_postings(city, "offer", sheet.rows(), by=way.giver, now=now)

    assert (posting.quantity, posting.entered_quantity, posting.pack) == (600, 12, pack)


def test_quantities_are_whole_base_units(way):
    sheet = offered(item=way.match.need.item_id, quantity="1.5")

    assert sheet.errors["line-0-quantity"] == [
        "It is counted in whole units: enter a number without a fraction."
    ]


def test_dispatch_is_in_whole_packs(begin):
    item = factories.ItemFactory()
    way = begin(need={"item": item}, offer={"pack": factories.PackFactory(item=item, units=50)})
    way.to("accepted")

    with nothing_changes(), pytest.raises(DomainError):
        way.dispatch(60)
    assert way.dispatch(50).quantity == 50


# Demo


def test_the_demonstration_stays_outside_public_totals(begin):
    way = begin(is_demo=True)

    way.to("completed")

    assert LedgerEntry.objects.count() == 3
    assert totals(LedgerEntry.objects.all()) == []
    assert [t.received for t in totals(LedgerEntry.objects.all(), with_demo=True)] == [100]


# States


def test_every_transition_leaves_who_when_from_to_and_why(way):
    way.to("accepted")
    way.cancel()

    trail = AuditEntry.objects.filter(subject_kind="matching.match").order_by("pk")
    assert [(e.actor, e.verb, e.before, e.after, e.reason) for e in trail] == [
        (way.coordinator, "approve_match", "proposed", "approved", ""),
        (way.giver, "accept_match", "approved", "approved", ""),
        (way.receiver, "accept_match", "approved", "approved", ""),
        (way.receiver, "complete_consent", "approved", "accepted", ""),
        (way.coordinator, "cancel_match", "accepted", "cancelled", "no"),
    ]
    assert {e.at for e in trail} == {way.now}


# The life of a need


def test_nobody_approves_for_their_own_city(way):
    factories.LiaisonFactory(user=way.coordinator, city=way.match.need.city)

    with nothing_changes(), pytest.raises(PermissionDenied):
        way.approve()


def test_a_city_has_at_most_one_live_pairing(coordinator, now):
    city = factories.CityFactory()
    factories.PairingFactory(right=city, state="suspended")
    second = factories.PairingFactory(right=city)

    with nothing_changes(), pytest.raises(DomainError):
        approve_pairing(second, by=coordinator, now=now)


def test_both_cities_are_told_once(way):
    way.approve()

    told = Notification.objects.filter(kind="match_approved").values_list("recipient", flat=True)
    assert sorted(told) == sorted([way.giver.pk, way.receiver.pk])


def test_the_second_yes_makes_the_match_accepted_and_the_pairing_active(way, now):
    giver, receiver = way.match.cities
    pairing = factories.PairingFactory(left=giver, right=receiver, state="approved")
    way.to("accepted")

    states = [accept_pairing(pairing, by=by, now=now).state for by in (way.giver, way.receiver)]

    assert (way.match.state, states) == ("accepted", ["approved", "active"])


def test_silence_expires_after_the_stated_time(way, now):
    way.approve()
    way.match.refresh_from_db()

    stated = way.match.expires_at - now
    way.expire()

    way.match.refresh_from_db()
    assert (stated, way.match.state) == (timedelta(days=settings.ANSWER_DAYS), "expired")
    assert way.postings() == (0, 0, 0, 0)


def test_contacts_are_visible_from_acceptance_to_the_two_cities_and_staff_only(way):
    stranger = factories.LiaisonFactory().user
    people = [way.giver, way.receiver, way.coordinator, stranger]
    seen = []

    for verb in (way.approve, way.accept):
        match = verb()
        seen.append([person.has_perm("matching.view_contacts", match) for person in people])

    assert seen == [[False] * 4, [True, True, True, False]]


def test_a_round_is_opened_by_a_coordinator_and_by_nobody_else(way, now):
    with nothing_changes(), pytest.raises(PermissionDenied):
        open_round(by=way.giver, now=now, parameters={})
    assert open_round(by=way.coordinator, now=now, parameters={}).state == "open"


def test_the_sweep_is_clean_when_a_need_has_gone_the_whole_way(way):
    way.to("completed")

    assert check_invariants() == []
