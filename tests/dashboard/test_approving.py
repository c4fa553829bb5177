"""Many approvals at once: each by itself, shown before, told by name, and undone together."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.dashboard.approving import approve_all, preview, totals, undo_all
from apps.dashboard.invariants import check_invariants
from apps.matching.models import Match
from apps.pairings.models import Pairing
from apps.postings.services import hold_posting
from tests import factories
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
CHOSEN, UNDO = "dashboard:approve_chosen", "dashboard:undo"


def key(row):
    return f"{row._meta.model_name}-{row.pk}"


def outcomes(found):
    return {outcome.subject: outcome.refusal for outcome in found}


@pytest.fixture
def do(coordinator, now):
    return lambda verb, *rows: outcomes(verb([key(row) for row in rows], by=coordinator, now=now))


@pytest.fixture
def mixed(coordinator, now):
    """A match, one whose need is on hold, two that want one offer, and two pairings of one city."""
    round_ = factories.RoundFactory()
    match, held, first = (factories.MatchFactory(round=round_) for __ in range(3))
    hold_posting(held.need, by=coordinator, now=now, reason="a question")
    second = factories.MatchFactory(
        round=round_, need__item=first.need.item, offer=first.offer, quantity=950
    )
    pairing = factories.PairingFactory()
    rival = factories.PairingFactory(left=pairing.cities[0])
    return match, held, first, second, pairing, rival


def test_each_is_approved_or_refused_by_itself_when_many_are_chosen(do, mixed):
    match, held, first, second, pairing, rival = mixed

    found = do(approve_all, *mixed)

    assert [each for each, refusal in found.items() if not refusal] == [match, first, pairing]
    assert found[held] == f"{held.need} is on hold; nothing of it can be matched now."
    assert found[second].startswith("Only 900 of 1000 remain")
    assert "is already paired with" in found[rival]
    assert Match.objects.filter(state="approved").count() == 2
    assert Pairing.objects.get(state="approved") == pairing
    assert check_invariants() == []


def test_the_preview_says_what_the_approval_would_do_and_changes_nothing(do, mixed):
    match, held, first, second, pairing, rival = mixed

    with nothing_changes():
        found = do(preview, *mixed)

    assert found == {
        match: "",
        held: f"{held.need} is on hold; nothing of it can be matched now.",
        first: "",
        second: "Too little is free, or would be after the others chosen.",
        pairing: "",
        rival: "One of its cities is paired by another one chosen.",
    }
    assert {each for each, why in do(approve_all, *mixed).items() if not why} == {
        each for each, why in found.items() if not why
    }


def test_what_the_coordinator_serves_is_left_out(do, coordinator):
    match = factories.MatchFactory()
    factories.LiaisonFactory(user=coordinator, city=match.offer.city)

    with nothing_changes():
        assert do(preview, match) == do(approve_all, match)
    assert do(preview, match) == {match: "It is not yours to decide."}


def test_totals_add_up_what_fits_by_item(coordinator, now):
    first = factories.MatchFactory(quantity=100)
    second = factories.MatchFactory(need__item=first.need.item, quantity=50)
    other = factories.MatchFactory(quantity=7, state="rejected", decided_by=coordinator)

    found = preview([key(row) for row in (first, second, other)], by=coordinator, now=now)

    assert totals(found) == [(first.need.item, 150, 2)]


@pytest.mark.parametrize(
    "keys",
    [[], [""], ["match"], ["match-"], ["match-x"], ["match-²"], ["user-1"], ["match-" + "9" * 30]],
)
def test_what_is_no_key_is_passed_over(coordinator, now, keys):
    assert approve_all(keys, by=coordinator, now=now) == []


def test_all_are_as_before_when_they_are_undone_together(do, coordinator, now):
    match, pairing = factories.MatchFactory(), factories.PairingFactory()
    answered = factories.MatchFactory(round=match.round)
    do(approve_all, match, pairing, answered)
    answered.sides.update(answer="accepted")

    found = undo_all(
        [key(row) for row in (match, pairing, answered)],
        by=coordinator,
        now=now + timedelta(seconds=5),
    )

    assert {each for each, why in outcomes(found).items() if not why} == {match, pairing}
    assert "a city has answered" in outcomes(found)[answered]
    assert Match.objects.get(pk=match.pk).state == "proposed"
    assert Pairing.objects.get(pk=pairing.pk).state == "proposed"


# The pages


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


def test_the_summary_names_what_is_approved_and_what_is_left_out(desk, mixed):
    match, held, *__ = mixed

    page = desk.get(reverse(CHOSEN), {"chosen": [key(row) for row in mixed]})

    assert "3 will be approved" in page.text
    assert "Left out, and why" in page.text
    assert str(held.need) in page.text
    assert match.offer.item.amount(100) in page.text


def test_what_was_approved_is_told_by_name_and_undone_by_the_button_in_the_message(desk, mixed):
    match, held, *__ = mixed
    keys = f"{key(match)},{key(held)}"

    page = desk.post(reverse(CHOSEN), {"keys": keys}, follow=True)
    button = f'<input type="hidden" name="keys" value="{key(match)}">'
    undone = desk.post(reverse(UNDO), {"keys": key(match)}, follow=True)

    assert f"Approved: {match}." in page.text
    assert f"{held}: {held.need} is on hold" in page.text
    assert button in page.text
    assert f"Undone, and nobody was told: {match}." in undone.text
    assert button not in undone.text
    assert Match.objects.get(pk=match.pk).state == "proposed"


@pytest.mark.parametrize("name", [CHOSEN, UNDO])
def test_a_refusal_is_said_on_the_page_when_none_could_be_done(desk, mixed, name):
    held = mixed[1]

    with nothing_changes():
        some = desk.post(reverse(name), {"keys": key(held)})
        none = desk.post(reverse(name), {"keys": "match-0"})

    assert (some.status_code, none.status_code) == (422, 422)
    assert str(held) in some.text
    assert "Nothing was chosen that waits for this." in none.text


def test_one_approval_is_undone_by_the_button_in_its_message(desk):
    match = factories.MatchFactory()
    url = reverse("matching:match_approve", args=[match.pk])

    page = desk.post(url, {"quantity": "100"}, follow=True)

    assert f'<input type="hidden" name="keys" value="{key(match)}">' in page.text
