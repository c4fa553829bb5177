"""What a round proposes becomes rows, and what it replaces."""

from datetime import timedelta

import pytest
from django.utils import translation

from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.dashboard.invariants import check_invariants
from apps.matching.models import Match, MatchSide, PairingProposal
from apps.matching.services import approve_match, running
from apps.matching.services.proposing import SUPERSEDED
from apps.matching.services.storing import store_result
from apps.matching.snapshot import hash_of, take
from apps.pairings.models import Pairing
from apps.pairings.services import propose_pairing
from apps.postings.services import edit_posting, withdraw_posting
from tests import factories
from tests.database import by_sql, names_of, refused_by
from tests.unchanged import nothing_changes


@pytest.fixture
def run(db, now):
    """run() runs a round on what is there; run(text) on that snapshot."""

    def go(text: str = "", **values: object):
        text = text or take({}, now=now).to_text()
        factories.RoundFactory(state="open", snapshot=text, snapshot_hash=hash_of(text), **values)
        done = running.run_open_round()
        assert (done.state, done.error) == ("finished", "")
        return done

    return go


@pytest.fixture
def two(db):
    """A Chinese city that offers 200 and an American one that needs 300 of the same."""
    left, right = factories.CityFactory(chinese=True), factories.CityFactory()
    need = factories.NeedFactory(city=right, quantity=300, urgency=1)
    offer = factories.OfferFactory(city=left, item=need.item, quantity=200)
    return need, offer


# Matches


def test_a_match_stands_there_with_sides_and_reasons_when_a_round_proposes_it(run, two, now):
    need, offer = two

    done = run()

    match = Match.objects.get()
    assert (match.round, match.need, match.offer, match.state) == (done, need, offer, "proposed")
    assert (match.proposed_quantity, match.quantity, match.via) == (200, 200, "network")
    assert (match.need_version, match.offer_version, match.is_demo) == (1, 1, False)
    assert match.expires_at - match.state_since == timedelta(days=14)
    sides = MatchSide.objects.order_by("role").values_list("role", "city", "answer")
    assert list(sides) == [("giver", offer.city_id, ""), ("receiver", need.city_id, "")]
    assert {"code": "share", "filled": 200, "quantity": 300} in match.reasons
    entry = AuditEntry.objects.get(subject_kind="matching.match")
    assert (entry.verb, entry.actor, entry.before, entry.after) == (
        "propose_match",
        None,
        "",
        "proposed",
    )
    assert (entry.subject_id, entry.subject_label) == (str(match.pk), str(match))


@pytest.mark.parametrize(
    ("bond", "via"),
    [
        ("counterpart", "counterpart"),
        ("tie", "tie"),
        ("tie of their states", "state_tie"),
        ("none", "network"),
    ],
)
def test_a_match_names_the_bond_it_follows_when_there_is_one(run, two, bond, via):
    left, right = two[1].city, two[0].city
    if bond == "counterpart":
        factories.PairingFactory(left=left, right=right, state="active")
    if bond == "tie":
        factories.TieFactory.between(left, right)
    if bond == "tie of their states":
        states = factories.StateFactory(country="CN"), factories.StateFactory()
        by_sql(left, parent=states[0])
        by_sql(right, parent=states[1])
        factories.TieFactory.between(*states)

    run()

    assert Match.objects.get().via == via


@pytest.mark.parametrize("side", [0, 1])
def test_a_match_is_a_demonstration_when_a_posting_is(run, two, side):
    by_sql(two[side], is_demo=True)

    run()

    assert Match.objects.get().is_demo


def test_knowledge_serves_the_whole_need_when_it_is_proposed(run, two):
    by_sql(two[1], quantity=None)

    run()

    assert Match.objects.get().proposed_quantity == 300


def test_knowledge_serves_what_was_open_at_the_snapshot_when_more_was_reserved_since(run, two, now):
    need, offer = two
    by_sql(offer, quantity=None)
    text = take({}, now=now).to_text()
    by_sql(need, allocated=300)

    run(text)

    assert Match.objects.get().proposed_quantity == 300


@pytest.mark.parametrize("side", [0, 1])
def test_a_proposal_cannot_be_approved_when_a_posting_was_edited_after_the_snapshot(
    run, two, now, coordinator, side
):
    text = take({}, now=now).to_text()
    officer = factories.LiaisonFactory(city=two[side].city).user
    edit_posting(two[side], by=officer, now=now, version=1, details="FFP2 only")
    run(text)
    match = Match.objects.get()

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        approve_match(match, by=coordinator, now=now)

    assert str(refusal.value) == (
        f"“{two[side]}” was edited since this was proposed; the next round proposes anew."
    )


def test_a_proposal_cannot_be_approved_when_an_offer_was_withdrawn_after_the_snapshot(
    run, two, now, coordinator
):
    text = take({}, now=now).to_text()
    officer = factories.LiaisonFactory(city=two[1].city).user
    withdraw_posting(two[1], by=officer, now=now, reason="gone")
    run(text)

    with nothing_changes(), pytest.raises(DomainError):
        approve_match(Match.objects.get(), by=coordinator, now=now)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("matching_match_state_known", {"state": "lost"}),
        ("matching_match_quantity_positive", {"quantity": 0}),
        ("matching_match_never_over_dispatched", {"dispatched": 101}),
        ("matching_match_never_over_dispatched", {"dispatched": 50, "received": 51}),
        ("matching_match_need_is_not_offer", {"need": "offer"}),
        ("matching_match_once_per_round", {"need": "other need", "offer": "other offer"}),
    ],
)
def test_the_database_refuses_a_match_when_it_breaks(db, name, values):
    match = factories.MatchFactory()
    other = factories.MatchFactory(round=match.round)
    known = {"offer": match.offer, "other need": other.need, "other offer": other.offer}
    values = {key: known.get(value, value) for key, value in values.items()}

    with nothing_changes(), refused_by(Match, name):
        by_sql(match, **values)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("matching_side_role_once", {"role": "giver"}),
        ("matching_side_city_once", {"city": "giver"}),
    ],
)
def test_the_database_refuses_a_side_when_it_breaks(db, name, values):
    match = factories.MatchFactory()
    if "city" in values:
        values = {"city": match.offer.city}

    with nothing_changes(), refused_by(MatchSide, name):
        by_sql(match.sides.get(role="receiver"), **values)


def test_every_constraint_is_tested_when_a_match_has_a_new_one():
    tested = [
        test_the_database_refuses_a_match_when_it_breaks,
        test_the_database_refuses_a_side_when_it_breaks,
    ]

    names = {name for test in tested for name, __ in test.pytestmark[0].args[1]}
    assert names == names_of(Match, MatchSide)


# Pairings


def test_a_pairing_stands_there_with_score_and_reasons_when_a_round_proposes_it(run, two):
    need, offer = two

    done = run()

    pairing = Pairing.objects.get()
    proposal = PairingProposal.objects.get()
    assert (pairing.state, pairing.proposed_by, pairing.is_demo) == ("proposed", None, False)
    assert pairing.cities == [offer.city, need.city]
    assert pairing.expires_at - pairing.state_since == timedelta(days=14)
    assert (proposal.round, proposal.pairing) == (done, pairing)
    points = [reason["points"] for reason in proposal.reasons if "points" in reason]
    assert proposal.score == sum(points)
    assert done.summary["pairings"] == 1
    entry = AuditEntry.objects.get(subject_kind="pairings.pairing")
    assert (entry.subject_id, entry.subject_label) == (str(pairing.pk), str(pairing))
    assert (entry.verb, entry.after) == ("propose_pairing", "proposed")


def test_proposals_are_named_in_english_when_the_round_was_asked_for_in_chinese(run, two):
    for row, name in ((two[0].city, "Pittsburgh"), (two[1].city, "Wuhan"), (two[0].item, "N95")):
        by_sql(row, name_en=name, name_zh_hans="名")

    with translation.override("zh-hans"):
        run()
        run()

    names = AuditEntry.objects.filter(subject_kind__in=["matching.match", "pairings.pairing"])
    assert sorted(names.values_list("verb", "subject_label").distinct()) == [
        ("expire_match", "Wuhan → Pittsburgh: N95"),
        ("expire_pairing", "Wuhan – Pittsburgh"),
        ("propose_match", "Wuhan → Pittsburgh: N95"),
        ("propose_pairing", "Wuhan – Pittsburgh"),
    ]


@pytest.mark.parametrize("side", [0, 1])
def test_a_pairing_is_a_demonstration_when_one_of_its_cities_is_of_the_demo(run, two, side):
    by_sql(two[side], is_demo=True)

    run()

    assert Pairing.objects.get().is_demo


def test_a_pair_is_not_proposed_twice_when_a_person_has_proposed_it(run, two, coordinator, now):
    need, offer = two
    waiting = propose_pairing(need.city, offer.city, by=coordinator, now=now)

    run()

    assert list(Pairing.objects.all()) == [waiting]
    assert not PairingProposal.objects.exists()


# What is replaced


def test_undecided_proposals_of_rounds_expire_when_a_newer_one_is_stored(run, two):
    first = run()
    matches, pairings = list(Match.objects.all()), list(Pairing.objects.all())

    second = run()

    for row in (*matches, *pairings):
        row.refresh_from_db()
        assert (row.state, row.state_reason) == ("expired", SUPERSEDED)
    assert Match.objects.get(state="proposed").round == second
    assert PairingProposal.objects.get(pairing__state="proposed").round == second
    assert first.matches.count() == 1
    entries = AuditEntry.objects.filter(verb__in=["expire_match", "expire_pairing"])
    assert {(e.actor, e.before, e.after, e.reason) for e in entries} == {
        (None, "proposed", "expired", SUPERSEDED)
    }
    assert check_invariants() == []


def test_what_a_person_proposed_or_somebody_decided_stays_when_a_round_is_stored(
    run, two, coordinator, now
):
    by_person = propose_pairing(
        factories.CityFactory(), factories.CityFactory(), by=coordinator, now=now
    )
    rows = [
        by_person,
        *(factories.PairingFactory(state=s) for s in ("approved", "active", "rejected")),
        *(factories.MatchFactory(state=s) for s in ("approved", "accepted", "rejected")),
    ]
    states = [row.state for row in rows]

    run()

    for row in rows:
        row.refresh_from_db()
    assert [row.state for row in rows] == states


# Figures and cost


def test_the_summary_says_what_the_round_found_when_it_is_stored(run, two):
    factories.TieFactory.between(two[0].city, two[1].city)
    late = factories.NeedFactory(needed_by=two[0].opened_at.date() - timedelta(days=1))

    summary = run().summary

    assert summary["left_out"] == [{"posting": late.pk, "why": "needed_by_is_past"}]
    assert (summary["pairings"], summary["pairings_with_tie"]) == (1, 1)
    assert (summary["cities"], summary["cities_alone"]) == (2, 0)
    assert (summary["matches"], summary["needs"], summary["needs_filled"]) == (1, 1, 0)
    assert (summary["units_needed"], summary["units_allocated"], summary["units_uncovered"]) == (
        300,
        200,
        100,
    )
    assert (summary["from_counterpart"], summary["from_ties"], summary["from_network"]) == (
        0,
        200,
        0,
    )
    assert [tier for tier in summary["tiers"] if tier["needed"]] == [
        {"tier": 1, "needed": 300, "filled": 200, "more_without_lots": 0}
    ]


def pairs_of_cities(count):
    for __ in range(count):
        need = factories.NeedFactory(city=factories.CityFactory())
        factories.OfferFactory(city=factories.CityFactory(chinese=True), item=need.item)


@pytest.mark.parametrize("count", [1, 6])
def test_a_round_is_stored_in_as_many_statements_for_one_match_as_for_six(
    run, count, coordinator, now, django_assert_num_queries
):
    pairs_of_cities(count)
    text = run().snapshot
    waiting = factories.RoundFactory(state="open", snapshot=text, snapshot_hash=hash_of(text))
    running.start(waiting, now=now)
    snapshot = running.freeze(waiting)
    results = running.solve(waiting, snapshot)

    with django_assert_num_queries(35):
        store_result(waiting, snapshot, *results, now=now)

    assert Match.objects.filter(state="proposed").count() == count
    assert Pairing.objects.filter(state="proposed").count() == count
