"""The frozen picture: what stands in it, what is left out, and that it is read alike every time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from apps.cities.models import TieStatus
from apps.ledger.models import EntryKind
from apps.ledger.services import party_of, record_entry, reverse_entry
from apps.matching.engine import problem, solve_allocation, solve_pairing
from apps.matching.snapshot import Snapshot, hash_of, take
from apps.pairings.models import PairingRule
from apps.pairings.states import LIVE, PairingState
from apps.postings.models import Posting
from apps.postings.states import PostingState
from tests import factories
from tests.database import by_sql

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def codes(rows):
    return [row.code for row in rows]


def code_pairs(rows):
    return {frozenset((row.a, row.b)) for row in rows}


@pytest.fixture
def masks(db):
    return factories.ItemFactory(code="masks", transport_days=5)


# Postings


def test_a_need_stands_there_with_what_is_still_free_when_it_is_open(masks):
    other = factories.ItemFactory(code="kn95")
    need = factories.NeedFactory(
        item=masks,
        quantity=1000,
        allocated=300,
        smallest_lot=50,
        urgency=2,
        needed_by=date(2026, 5, 20),
    )
    need.substitutes.set([other, masks])

    found = take({}, now=NOW)

    row = problem.Need(
        id=need.pk,
        city=need.city.code,
        item="masks",
        quantity=700,
        tier=2,
        needed_by=date(2026, 5, 20),
        smallest_lot=50,
        accepts=("kn95",),
    )
    assert found.allocation.needs == found.pairing.needs == (row,)


def test_an_offer_stands_there_with_what_is_still_free_when_it_is_open(masks):
    offer = factories.OfferFactory(
        item=masks,
        quantity=1000,
        allocated=300,
        smallest_lot=60,
        pack=factories.PackFactory(item=masks, units=50),
        available_from=date(2026, 5, 2),
        available_until=date(2026, 5, 30),
    )
    excluded = factories.CityFactory()
    offer.excluded_cities.add(excluded)

    found = take({}, now=NOW)

    row = problem.Offer(
        id=offer.pk,
        city=offer.city.code,
        item="masks",
        quantity=700,
        available_from=date(2026, 5, 2),
        available_until=date(2026, 5, 30),
        smallest_lot=60,
        excluded=(excluded.code,),
        pack=50,
    )
    assert found.allocation.offers == found.pairing.offers == (row,)


@pytest.mark.parametrize(("lot", "expected"), [(1, 50), (50, 50), (60, 60)])
def test_a_pack_is_the_smallest_lot_of_an_offer_when_it_is_the_larger(masks, lot, expected):
    pack = factories.PackFactory(item=masks, units=50)
    factories.OfferFactory(item=masks, pack=pack, smallest_lot=lot)

    assert take({}, now=NOW).allocation.offers[0].smallest_lot == expected


def test_a_pack_does_not_bind_a_need_when_it_counts_packs(masks):
    factories.NeedFactory(item=masks, pack=factories.PackFactory(item=masks, units=50))

    assert take({}, now=NOW).allocation.needs[0].smallest_lot == 1


def test_knowledge_has_no_quantity_when_it_is_offered(masks):
    factories.OfferFactory(item=masks, quantity=None)

    assert take({}, now=NOW).allocation.offers[0].quantity is None


@pytest.mark.parametrize("state", PostingState)
def test_only_open_postings_take_part_when_the_picture_is_taken(db, state):
    factories.NeedFactory(state=state)

    found = take({}, now=NOW)

    assert len(found.allocation.needs) == (1 if state == "open" else 0)
    assert found.left_out == {}


def test_a_posting_takes_no_part_when_nothing_of_it_is_free(db):
    factories.NeedFactory(quantity=100, allocated=100)

    found = take({}, now=NOW)

    assert (found.allocation.needs, found.left_out) == ((), {})


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"needed_by": date(2026, 4, 30)}, "needed_by_is_past"),
        (
            {"quantity": 100, "allocated": 60, "smallest_lot": 50},
            "less_is_free_than_its_smallest_lot",
        ),
        ({"city__acts": False}, "city_does_not_act"),
    ],
)
def test_a_need_is_left_out_and_named_when_it_cannot_take_part(db, values, why):
    need, fit = factories.NeedFactory(**values), factories.NeedFactory(needed_by=NOW.date())

    found = take({}, now=NOW)

    assert found.left_out == {need.pk: why}
    assert [row.id for row in found.allocation.needs] == [fit.pk]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"available_until": date(2026, 4, 30)}, "available_until_is_past"),
        (
            {"quantity": 100, "allocated": 60, "smallest_lot": 50},
            "less_is_free_than_its_smallest_lot",
        ),
        ({"city__acts": False}, "city_does_not_act"),
        ({"quantity": None, "city__acts": False}, "city_does_not_act"),
    ],
)
def test_an_offer_is_left_out_and_named_when_it_cannot_take_part(db, values, why):
    offer = factories.OfferFactory(**values)
    fit = factories.OfferFactory(available_until=NOW.date())

    found = take({}, now=NOW)

    assert found.left_out == {offer.pk: why}
    assert [row.id for row in found.allocation.offers] == [fit.pk]


def test_an_offer_is_left_out_and_named_when_its_pack_is_of_another_item(masks):
    offer = factories.OfferFactory(item=masks, pack=factories.PackFactory(units=1))
    need = factories.NeedFactory(item=masks, pack=factories.PackFactory(units=1))

    found = take({}, now=NOW)

    assert found.left_out == dict.fromkeys([offer.pk, need.pk], "pack_is_of_another_item")
    assert (found.allocation.needs, found.allocation.offers) == ((), ())


def test_a_substitute_is_left_out_and_its_need_named_when_the_units_differ(masks):
    kept, boxed = factories.ItemFactory(unit="piece"), factories.ItemFactory(unit="pack")
    need = factories.NeedFactory(item=masks)
    need.substitutes.add(kept, boxed)
    factories.OfferFactory(item=boxed)

    found = take({}, now=NOW)

    assert found.left_out == {need.pk: "substitute_has_another_unit"}
    assert [row.accepts for row in found.allocation.needs] == [(kept.code,)]


def test_less_than_a_pack_is_left_out_when_nobody_could_send_it(masks):
    pack = factories.PackFactory(item=masks, units=50)
    offer = factories.OfferFactory(item=masks, pack=pack, quantity=100, allocated=60)

    assert take({}, now=NOW).left_out == {offer.pk: "less_is_free_than_its_smallest_lot"}


def test_versions_are_kept_when_the_picture_is_taken(db):
    need, offer = factories.NeedFactory(version=3), factories.OfferFactory()
    factories.NeedFactory(needed_by=date(2026, 4, 30))

    assert take({}, now=NOW).versions == {need.pk: 3, offer.pk: 1}


# Items


def test_items_are_those_posted_or_accepted_instead_when_they_are_listed(masks):
    remote = factories.CategoryFactory(code="expertise", is_material=False)
    need = factories.NeedFactory(item=masks)
    need.substitutes.add(factories.ItemFactory(code="kn95", transport_days=7))
    factories.OfferFactory(item=factories.ItemFactory(code="advice", category=remote))
    factories.ItemFactory(code="unposted")

    assert take({}, now=NOW).allocation.items == (
        problem.Item("advice", 0, remote=True),
        problem.Item("kn95", 7),
        problem.Item("masks", 5),
    )


def test_remote_help_takes_no_transport_when_the_catalogue_states_days(db):
    remote = factories.CategoryFactory(code="expertise", is_material=False)
    factories.OfferFactory(item=factories.ItemFactory(category=remote, transport_days=3))

    assert take({}, now=NOW).allocation.items[0].transport_days == 0


# Cities


def test_cities_take_part_when_they_have_an_open_posting_or_an_officer(db):
    posting, officer = factories.NeedFactory(), factories.LiaisonFactory()
    tied = factories.CityFactory()
    factories.TieFactory.between(posting.city, tied)
    factories.LiaisonFactory(state="requested")
    factories.LiaisonFactory(user__is_active=False)
    factories.LiaisonFactory(city__acts=False)
    factories.NeedFactory(state="draft")

    found = take({}, now=NOW)

    expected = sorted([posting.city.code, officer.city.code])
    assert codes(found.allocation.cities) == codes(found.pairing.cities) == expected


def test_a_city_says_what_is_known_of_it_when_it_takes_part(db):
    state = factories.StateFactory(code="cn-js", country="CN")
    city = factories.CityFactory(chinese=True, parent=state, population=7_500_000)
    factories.LiaisonFactory(city=city, user__language="zh-hans")
    factories.LiaisonFactory(city=city, user__language="en")
    remote = factories.CategoryFactory(code="expertise", is_material=False)
    factories.NeedFactory(city=city, item=factories.ItemFactory(category=remote))
    factories.NeedFactory(city=city)

    (row,) = take({}, now=NOW).pairing.cities

    assert sorted(row.languages) == ["en", "zh-hans"]
    assert (row.level, row.side, row.population) == ("city", "left", 7_500_000)
    assert (row.utc_offset_minutes, row.state_code, row.topics) == (480, "cn-js", ("expertise",))


def test_a_city_says_nothing_when_nothing_is_known(db):
    factories.NeedFactory(city__time_zone="", city__population=None)

    (row,) = take({}, now=NOW).pairing.cities

    assert (row.population, row.languages, row.utc_offset_minutes) == (None, (), None)
    assert (row.state_code, row.topics) == (None, ())


def test_a_population_of_nobody_is_not_stated_when_somebody_typed_0(db):
    factories.NeedFactory(city__population=0)

    assert take({}, now=NOW).pairing.cities[0].population is None


def test_a_district_lies_in_the_state_of_its_city_when_it_posts(db):
    state = factories.StateFactory(code="cn-js", country="CN")
    factories.NeedFactory(city__parent=factories.CityFactory(parent=state))

    assert take({}, now=NOW).pairing.cities[0].state_code == "cn-js"


def test_a_parent_is_no_state_when_it_is_a_city(db):
    factories.NeedFactory(city__parent=factories.CityFactory())

    assert take({}, now=NOW).pairing.cities[0].state_code is None


@pytest.mark.parametrize(("month", "minutes"), [(1, -360), (7, -300)])
def test_the_offset_is_that_of_the_day_when_the_clocks_change(db, month, minutes):
    factories.NeedFactory()

    row = take({}, now=datetime(2026, month, 1, 12, tzinfo=UTC)).pairing.cities[0]

    assert row.utc_offset_minutes == minutes


@pytest.mark.parametrize(
    ("country", "pool", "side"),
    [
        ("CN", "country", "left"),
        ("US", "country", "right"),
        ("DE", "country", "right"),
        ("CN", "one", None),
    ],
)
def test_the_side_follows_the_country_when_there_are_two(db, country, pool, side):
    factories.NeedFactory(city__country=country)

    found = take({"pool": pool}, now=NOW)

    assert found.pairing.cities[0].side == side
    assert found.pairing.sides == ("one" if pool == "one" else "two")


def test_states_take_part_as_states_when_they_post(db):
    factories.NeedFactory(city=factories.StateFactory())

    assert take({}, now=NOW).pairing.cities[0].level == "state"


# Bonds


@pytest.fixture
def two(db):
    """A city on either side, both with a need."""
    left = factories.CityFactory(chinese=True)
    right = factories.CityFactory()
    for city in (left, right):
        factories.NeedFactory(city=city)
    return left, right


@pytest.mark.parametrize("state", PairingState)
def test_paired_cities_are_not_paired_again_and_only_active_ones_are_counterparts(two, state):
    left, right = two
    factories.PairingFactory(left=left, right=right, state=state)

    found = take({}, now=NOW)

    pair = (left.code, right.code)
    assert codes(found.pairing.cities) == ([] if state in LIVE else sorted(pair))
    assert len(found.pairing.needs) == (0 if state in LIVE else 2)
    assert found.allocation.counterparts == ((pair,) if state == "active" else ())
    assert len(found.allocation.needs) == 2


def test_a_counterpart_is_named_only_when_both_cities_take_part(two):
    factories.PairingFactory(left=two[0], right=factories.CityFactory(), state="active")

    assert take({}, now=NOW).allocation.counterparts == ()


@pytest.mark.parametrize("status", TieStatus)
def test_a_tie_counts_unless_it_is_ended_or_uncertain(two, status):
    factories.TieFactory.between(*two, status=status)

    found = take({}, now=NOW)

    expected = set() if status in ("ended", "uncertain") else {frozenset(c.code for c in two)}
    assert code_pairs(found.pairing.ties) == code_pairs(found.allocation.ties) == expected


def test_ties_of_states_stand_there_when_cities_lie_in_them(two):
    states = factories.StateFactory(country="CN"), factories.StateFactory()
    for city, state in zip(two, states, strict=True):
        by_sql(city, parent=state)
    factories.TieFactory.between(*states)

    found = take({}, now=NOW)

    assert code_pairs(found.pairing.ties) == {frozenset(s.code for s in states)}


def test_a_tie_is_left_out_when_one_end_does_not_take_part(two):
    factories.TieFactory.between(two[0], factories.CityFactory())

    assert take({}, now=NOW).allocation.ties == ()


@pytest.mark.parametrize("kind", EntryKind)
def test_past_help_is_what_was_sent_or_received_when_the_ledger_is_read(two, masks, kind):
    giver, receiver = map(party_of, two)
    record_entry(
        kind,
        giver=giver,
        receiver=receiver,
        item=masks,
        quantity=None,
        source=("x", 1),
        by=None,
        now=NOW,
    )

    help_of = problem.Help(two[0].code, two[1].code)
    assert take({}, now=NOW).pairing.helps == ((help_of,) if kind in ("sent", "received") else ())


@pytest.mark.parametrize("plays", [None, 0, 1])
@pytest.mark.parametrize("is_demo", [False, True])
def test_made_up_help_counts_only_when_one_of_the_two_plays_the_demo(two, masks, is_demo, plays):
    giver, receiver = map(party_of, two)
    record_entry(
        EntryKind.SENT,
        giver=giver,
        receiver=receiver,
        item=masks,
        quantity=5,
        source=("gift", 1),
        by=None,
        now=NOW,
        is_demo=is_demo,
    )
    if plays is not None:
        factories.OfferFactory(city=two[plays], is_demo=True)

    helps = take({}, now=NOW).pairing.helps

    counts = not is_demo or plays is not None
    assert helps == ((problem.Help(two[0].code, two[1].code),) if counts else ())


def test_past_help_counts_for_the_city_when_a_company_of_it_gave(two, masks):
    company = factories.PartyFactory(kind="company", city=two[0])
    for number in (1, 2):
        record_entry(
            "sent",
            giver=company,
            receiver=party_of(two[1]),
            item=masks,
            quantity=5,
            source=("x", number),
            by=None,
            now=NOW,
        )

    assert take({}, now=NOW).pairing.helps == (problem.Help(two[0].code, two[1].code),)


def test_past_help_counts_nothing_when_it_was_reversed_or_has_no_place(two, masks):
    giver, receiver = map(party_of, two)
    entry = record_entry(
        "sent",
        giver=giver,
        receiver=receiver,
        item=masks,
        quantity=5,
        source=("x", 1),
        by=None,
        now=NOW,
    )
    reverse_entry(entry, by=None, now=NOW, reason="counted twice")
    record_entry(
        "sent",
        giver=factories.PartyFactory(),
        receiver=receiver,
        item=masks,
        quantity=5,
        source=("x", 2),
        by=None,
        now=NOW,
    )

    assert take({}, now=NOW).pairing.helps == ()


@pytest.mark.parametrize(("kind", "place"), [("pin", "pins"), ("forbid", "forbids")])
@pytest.mark.parametrize("is_lifted", [False, True])
def test_rules_stand_there_when_they_are_in_force(two, administrator, kind, place, is_lifted):
    PairingRule.objects.create(
        kind=kind,
        city_a=two[0],
        city_b=two[1],
        set_by=administrator,
        lifted_at=NOW if is_lifted else None,
    )

    found = take({}, now=NOW)

    pairs = () if is_lifted else ((two[0].code, two[1].code),)
    assert {"pins": found.pairing.pins, "forbids": found.pairing.forbids} == {
        "pins": (),
        "forbids": (),
        place: pairs,
    }


def test_a_pin_is_left_out_when_one_of_the_two_is_paired(two, administrator):
    PairingRule.objects.create(kind="pin", city_a=two[0], city_b=two[1], set_by=administrator)
    factories.PairingFactory(left=two[0], state="suspended")

    assert take({}, now=NOW).pairing.pins == ()


@pytest.mark.parametrize(("pool", "is_kept"), [("country", False), ("list", False), ("one", True)])
def test_a_pin_of_two_cities_of_one_side_is_left_out_and_named_when_there_are_sides(
    two, administrator, pool, is_kept
):
    neighbour = factories.CityFactory(chinese=True)
    factories.NeedFactory(city=neighbour)
    pin = PairingRule.objects.create(
        kind="pin", city_a=two[0], city_b=neighbour, set_by=administrator
    )
    pair = (pin.city_a.code, pin.city_b.code)

    taken = take({"pool": pool, "left": [two[1].code]}, now=NOW)
    read = Snapshot.from_text(taken.to_text())

    expected = ((pair,), ()) if is_kept else ((), (pair,))
    assert (read.pairing.pins, read.pins_left_out) == expected
    assert [pair.pinned for pair in solve_pairing(read.pairing).pairs] == [True] * is_kept


def test_a_city_stands_on_the_side_that_the_list_says_when_there_is_one(two):
    found = take({"pool": "list", "left": [two[1].code]}, now=NOW)

    sides = {row.code: row.side for row in found.pairing.cities}
    assert (found.pairing.sides, sides) == ("two", {two[0].code: "right", two[1].code: "left"})


def test_the_parameters_reach_the_engine_when_they_are_given(two):
    found = take({"policy": "urgency_first", "objective": "egalitarian", "pool": "one"}, now=NOW)

    assert (found.allocation.policy, found.pairing.objective) == ("urgency_first", "egalitarian")
    assert (found.pairing.sides, found.allocation.today) == ("one", date(2026, 5, 1))


def test_the_usual_parameters_are_taken_when_none_are_given(two):
    found = take({}, now=NOW)

    assert (found.allocation.policy, found.pairing.objective, found.pairing.sides) == (
        "pair_first",
        "widest",
        "two",
    )


# The picture as a whole


def strange_world():
    """Whatever the forms and the admin let through; the engine must be able to read it."""
    remote = factories.CategoryFactory(code="expertise", is_material=False)
    state = factories.StateFactory(country="CN")
    left = factories.CityFactory(chinese=True, parent=state, population=0, time_zone="Moon/Base")
    right = factories.CityFactory(time_zone="")
    need = factories.NeedFactory(city=left)
    need.substitutes.add(factories.ItemFactory())
    factories.OfferFactory(
        city=right, item=factories.ItemFactory(category=remote, transport_days=9), quantity=None
    )
    factories.OfferFactory(city=state, item=need.item)
    factories.NeedFactory(city__acts=False)
    factories.TieFactory.between(state, right)
    factories.TieFactory.between(left, state)


@pytest.mark.parametrize("pool", ["country", "one"])
def test_the_engine_solves_whatever_the_forms_let_through_when_the_picture_is_taken(db, pool):
    strange_world()

    found = Snapshot.from_text(take({"pool": pool}, now=NOW).to_text())

    assert len(solve_allocation(found.allocation).needs) == 1
    assert solve_pairing(found.pairing).summary.cities == 3


def test_the_picture_is_the_same_when_it_was_written_and_read(db):
    strange_world()
    taken = take({}, now=NOW)

    read = Snapshot.from_text(taken.to_text())

    assert read.to_text() == taken.to_text()
    assert (read.versions, read.left_out) == (taken.versions, taken.left_out)
    assert len(taken.left_out) == 1
    assert hash_of(read.to_text()) == hash_of(taken.to_text())


def rows_in(order: int):
    """The same rows with the same keys, stored in this or the opposite order."""
    numbers = range(1, 9)[::order]
    items = {n: factories.ItemFactory(pk=900 + n, code=f"item-{n}") for n in numbers}
    cities = {
        n: factories.CityFactory(pk=900 + n, code=f"city-{n}", country="CN" if n % 2 else "US")
        for n in numbers
    }
    for n in numbers:
        factories.NeedFactory(pk=1000 + n, city=cities[n], item=items[1 + n // 3], quantity=100 * n)
        factories.OfferFactory(pk=2000 + n, city=cities[9 - n], item=items[1 + n // 3])
        person = factories.UserFactory(pk=900 + n, language="en" if n % 3 else "zh-hans")
        factories.LiaisonFactory(pk=900 + n, city=cities[n], user=person)
    for n in numbers[:-1]:
        factories.TieFactory.between(cities[n], cities[numbers[numbers.index(n) + 1]])
    Posting.objects.get(pk=1001).substitutes.set([items[n] for n in numbers if n > 3])
    Posting.objects.get(pk=2001).excluded_cities.set([cities[n] for n in numbers if n > 6])


def test_the_bytes_are_the_same_when_the_rows_were_stored_in_the_opposite_order(db):
    with transaction.atomic():
        rows_in(1)
        first = take({}, now=NOW).to_text()
        transaction.set_rollback(True)

    rows_in(-1)

    assert len(first) > 5000
    assert take({}, now=NOW).to_text() == first


def world_of(cities: int):
    for n in range(cities):
        city = factories.CityFactory(chinese=n % 2 == 0)
        factories.LiaisonFactory(city=city)
        need = factories.NeedFactory(city=city)
        need.substitutes.add(factories.ItemFactory())
        offer = factories.OfferFactory(item=need.item)
        offer.excluded_cities.add(city)
        factories.TieFactory.between(city, offer.city)
        factories.PairingFactory(state="active")


@pytest.mark.parametrize("cities", [2, 12])
def test_the_picture_takes_as_many_queries_for_two_cities_as_for_twelve(
    db, cities, django_assert_num_queries
):
    world_of(cities)

    with django_assert_num_queries(14):
        take({}, now=NOW)


def test_the_day_is_that_of_the_round_when_postings_are_judged(db):
    factories.NeedFactory(needed_by=date(2026, 5, 1))

    assert len(take({}, now=NOW).left_out) == 0
    assert len(take({}, now=NOW + timedelta(days=1)).left_out) == 1
