"""What a round proposes that the one before it did not, on the page and in a terminal."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from apps.cities import models as cities
from apps.core.progress import Bar
from apps.matching.engine import (
    AllocationProblem,
    City,
    Item,
    Need,
    Offer,
    PairingProblem,
    Tie,
    solve_allocation,
    solve_pairing,
    to_json,
)
from apps.matching.models import Match, Round
from apps.matching.services.comparing import compare, last_finished_before, proposals, proposals_of
from apps.pairings.models import Pairing
from apps.postings.models import Posting
from tests import factories
from tests.matching.engine.instances import TODAY, allocation_problem, pairing_problem
from tests.unchanged import nothing_changes


def command(*words: str) -> str:
    out = io.StringIO()
    call_command("round", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def two_sides(transactional_db):
    """Two cities of each country; one sister tie; a need and an offer between the tied."""
    wuxi, suzhou = (
        factories.CityFactory(country="CN", name_en=name) for name in ("Wuxi", "Suzhou")
    )
    austin, mesa = (
        factories.CityFactory(country="US", name_en=name) for name in ("Austin", "Mesa")
    )
    item = factories.ItemFactory()
    for city in (wuxi, suzhou):
        factories.OfferFactory(city=city, item=item, quantity=50)
    for city in (austin, mesa):
        factories.NeedFactory(city=city, item=item, quantity=50)
    factories.TieFactory.between(wuxi, austin)
    factories.TieFactory.between(suzhou, mesa)
    return item


@pytest.mark.parametrize("seed", range(30))
def test_proposals_are_those_of_the_result_when_they_are_found_in_its_text(seed):
    pairing = solve_pairing(pairing_problem(seed))
    allocation = solve_allocation(allocation_problem(seed))

    found = proposals_of(Round(result=f"{to_json(pairing)}\n{to_json(allocation)}\n"))

    assert found == proposals(pairing, allocation)


def test_proposals_are_those_of_the_result_when_codes_look_like_rows():
    codes = ['a"b', "c\\", '{"a":"x","b":"y",', '{"need":1,"offer":2,"quantity":3,', "无锡", "\t"]
    cities = tuple(
        City(code, side=side) for code, side in zip(codes, ["left", "right"] * 3, strict=True)
    )
    ties = tuple(Tie(a, b) for a, b in zip(codes[::2], codes[1::2], strict=True))
    pairing = solve_pairing(PairingProblem(cities, ties=ties))
    allocation = solve_allocation(
        AllocationProblem(
            TODAY,
            cities,
            (Item(codes[3]),),
            (Need(1, codes[0], codes[3], 10, 1), Need(2, codes[2], codes[3], None, 2)),
            (Offer(1, codes[1], codes[3], 4), Offer(2, codes[4], codes[3], None)),
        )
    )

    found = proposals_of(Round(result=f"{to_json(pairing)}\n{to_json(allocation)}\n"))

    assert len(found.pairs) == 3
    assert None in found.quantities.values()
    assert found == proposals(pairing, allocation)


def test_rounds_are_the_same_when_nothing_happened_between_them(two_sides):
    command("run")
    command("run")

    first, second = Round.objects.order_by("pk")
    difference = compare(proposals_of(first), proposals_of(second))

    assert (difference.pairs_kept, difference.pairs_new, difference.pairs_gone) == (2, (), ())
    assert (difference.matches_kept, difference.matches_new, difference.matches_gone) == (2, 0, 0)
    assert difference.units_before == difference.units_after == 100
    assert second.summary["against"]["round"] == first.pk
    assert "against" not in first.summary


def test_difference_names_what_came_and_went_when_a_posting_changed(two_sides, client):
    command("run")
    late = factories.CityFactory(country="US", name_en="Tacoma")
    factories.NeedFactory(city=late, item=two_sides, quantity=20, urgency=1)
    wuxi = Posting.objects.get(city__name_en="Wuxi")
    factories.TieFactory.between(wuxi.city, late)
    Posting.objects.filter(city__name_en="Austin").update(state="withdrawn")
    command("run")

    second = Round.objects.latest("pk")
    client.force_login(factories.UserFactory(coordinator=True))
    page = client.get(second.get_absolute_url()).content.decode()

    against = second.summary["against"]
    assert (against["pairs_kept"], against["pairs_new"], against["pairs_gone"]) == (1, 1, 1)
    assert (against["matches_new"], against["matches_gone"]) == (1, 1)
    assert (against["units_before"], against["units_after"]) == (100, 70)
    assert f"Compared with round {against['round']}" in page
    assert "1 the same, 1 new, 1 no longer proposed" in page
    assert "Wuxi – Tacoma" in page or "Tacoma – Wuxi" in page
    assert "Wuxi – Austin" in page or "Austin – Wuxi" in page
    assert "100 before, 70 now" in page


def test_dry_run_is_compared_but_nothing_is_compared_with_it(two_sides):
    command("run")
    command("run", "--dry-run")
    command("run")

    first, dry, last = Round.objects.order_by("pk")
    assert dry.summary["against"]["round"] == first.pk
    assert last_finished_before(last) == first


def test_dry_run_proposes_nothing_when_run_in_a_terminal(two_sides):
    said = command("run", "--dry-run", "--objective", "total", "--reason", "As last year.")

    found = Round.objects.get()
    assert said == f"Round {found.pk}: 2 pairings, 2 matches\n"
    assert (found.parameters["objective"], found.choice_reason) == ("total", "As last year.")
    assert not Pairing.objects.exists()
    assert not Match.objects.exists()


def test_sides_are_listed_in_a_terminal_when_they_are_named(two_sides):
    wuxi, austin = cities.City.objects.filter(name_en__in=["Wuxi", "Austin"]).order_by("-name_en")

    command("run", "--pool", "list", "--left", wuxi.code, austin.code)

    found = Round.objects.get()
    assert (found.parameters["left"], found.summary["pairings"]) == ([wuxi.code, austin.code], 2)


def test_round_is_refused_in_a_terminal_when_its_choice_needs_a_reason(two_sides):
    with nothing_changes(), pytest.raises(CommandError, match="Say why this round is not as usual"):
        command("run", "--policy", "urgency_first")


def test_round_waits_when_another_one_is_running(two_sides, now):
    factories.RoundFactory(state="running", lease_until=now + timedelta(days=999))

    with pytest.raises(CommandError, match="Another round is running"):
        command("run")

    assert Round.objects.latest("pk").state == "open"


def test_round_is_refused_when_one_waits_already(two_sides):
    factories.RoundFactory(state="open")

    with nothing_changes(), pytest.raises(CommandError, match="A round is waiting to start"):
        command("run")


def test_replay_says_the_same_when_nothing_was_touched(two_sides):
    command("run")
    number = Round.objects.get().pk

    assert f"Round {number}: the same, byte for byte" in command("replay", str(number))


def test_replay_fails_when_the_stored_result_was_touched(two_sides):
    command("run")
    stored = Round.objects.get()
    Round.objects.update(result=stored.result.replace("50", "49", 1))

    with pytest.raises(CommandError, match="differs from the stored one"):
        command("replay", str(stored.pk))


@pytest.mark.parametrize("words", [("replay", "999"), ("diff", "998", "999")])
def test_number_is_named_when_there_is_no_such_finished_round(db, words):
    with pytest.raises(CommandError, match=f"No finished round has the number {words[1]}"):
        command(*words)


def test_diff_lists_pairs_by_code_when_two_rounds_are_named(two_sides):
    command("run")
    command("run")
    first, second = Round.objects.values_list("pk", flat=True).order_by("pk")

    said = command("diff", str(first), str(second)).splitlines()

    assert "pairs_kept: 2" in said
    assert "pairs_new: 0" in said


def test_comparison_says_so_when_a_round_has_no_result(db):
    empty = factories.RoundFactory(state="failed", result="")

    with pytest.raises(ValueError, match="has no result"):
        proposals_of(empty)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_bar_fills_on_one_line_when_it_stands_in_a_terminal():
    out = Terminal()
    bar = Bar(out)

    bar("scores", 0.0)
    bar("scores", 0.5)
    bar.close()

    assert out.getvalue() == (
        "\r\x1b[K"
        + "." * 30
        + "   0% scores"
        + "\r\x1b[K"
        + "#" * 15
        + "." * 15
        + "  50% scores\r\x1b[K"
    )


def test_bar_names_each_phase_once_when_it_is_written_to_a_file():
    out = io.StringIO()
    bar = Bar(out)

    for phase, done in (("scores", 0.0), ("scores", 0.5), ("check", 0.0)):
        bar(phase, done)
    bar.close()

    assert out.getvalue() == "scores\ncheck\n"


def test_round_list_still_answers_when_rounds_carry_comparisons(two_sides, client):
    command("run")
    command("run")
    client.force_login(factories.UserFactory(coordinator=True))

    assert client.get(reverse("matching:round_list")).status_code == 200
