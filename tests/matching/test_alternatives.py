"""What another partner would cost, worked out anew and exactly."""

from dataclasses import replace

import pytest
from django.urls import reverse

from apps.matching.alternatives import alternatives_to, gain_in_words, in_words
from apps.matching.engine import Gain, Loss, solve_pairing
from apps.matching.models import PairingProposal, Round
from apps.matching.services import open_round, running
from apps.matching.snapshot import Snapshot
from apps.pairings.models import PairingRule
from tests import factories
from tests.pages.html import Page


@pytest.fixture
def proposals(transactional_db, now):
    """Three cities a side whose offers meet the others' needs to different shares."""
    item = factories.ItemFactory()
    for n, quantity in enumerate((100, 70, 40)):
        chinese = factories.CityFactory(chinese=True, name_en=f"Left {n}")
        american = factories.CityFactory(name_en=f"Right {n}")
        factories.OfferFactory(city=chinese, item=item, quantity=quantity)
        factories.NeedFactory(city=american, item=item, quantity=50 * (n + 1))
    open_round(by=None, now=now, parameters={"objective": "total"}, reason="As last year.")
    running.run_open_round()
    return list(PairingProposal.objects.select_related("round").order_by("pk"))


def test_cost_is_what_the_network_loses_when_the_pair_is_pinned(proposals):
    problem = Snapshot.from_text(proposals[0].round.snapshot).pairing
    best = solve_pairing(problem).summary.total_score
    checked = 0

    for proposal in proposals:
        named = [r for r in proposal.reasons if r["code"] == "next_best"]
        for reason, row in zip(named, alternatives_to(proposal), strict=False):
            pinned = replace(problem, pins=((reason["city"], reason["partner"]),))
            lost = best - solve_pairing(pinned).summary.total_score
            assert row.effect == in_words(Loss(0, lost))
            assert reason["loss"] <= lost
            checked += 1

    assert checked >= 6


def test_cost_is_what_the_network_loses_when_a_city_takes_no_part(proposals):
    problem = Snapshot.from_text(proposals[0].round.snapshot).pairing
    best = solve_pairing(problem).summary.total_score

    for proposal in proposals:
        without = [row for row in alternatives_to(proposal) if row.partner.startswith("nobody")]
        assert [row.city for row in without] == [str(city) for city in proposal.pairing.cities]
        for row, city in zip(without, proposal.pairing.cities, strict=True):
            others = solve_pairing(leave(problem, city.code)).summary.total_score
            assert (row.effect, row.score) == (in_words(Loss(0, best - others)), None)


def test_gain_is_what_the_network_has_more_when_there_is_a_second_city_like_it(proposals):
    problem = Snapshot.from_text(proposals[0].round.snapshot).pairing
    best = solve_pairing(problem).summary.total_score
    gains = set()

    for proposal in proposals:
        second = [row for row in alternatives_to(proposal) if "second city" in row.partner]
        assert [row.city for row in second] == [str(city) for city in proposal.pairing.cities]
        for row, city in zip(second, proposal.pairing.cities, strict=True):
            more = solve_pairing(double(problem, city.code)).summary.total_score
            assert (row.effect, row.score) == (gain_in_words(Gain(0, more - best)), None)
            gains.add(more - best)

    assert 0 in gains
    assert len(gains) > 1


def double(problem, code):
    """The problem with a copy of the city."""
    twins = [replace(city, code="twin") for city in problem.cities if city.code == code]
    needs = [
        replace(need, id=1000 + need.id, city="twin") for need in problem.needs if need.city == code
    ]
    offers = [replace(o, id=1000 + o.id, city="twin") for o in problem.offers if o.city == code]
    return replace(
        problem,
        cities=(*problem.cities, *twins),
        needs=(*problem.needs, *needs),
        offers=(*problem.offers, *offers),
    )


def test_no_second_city_is_spoken_of_in_one_pool(proposals, now):
    open_round(by=None, now=now, parameters={"pool": "one"}, reason="To compare.")
    running.run_open_round()
    proposal = PairingProposal.objects.select_related("round").last()

    partners = [row.partner for row in alternatives_to(proposal)]

    assert proposal.round.parameters["pool"] == "one"
    assert partners.count("nobody: if it took no part") == 2
    assert not any("second city" in partner for partner in partners)


def leave(problem, code):
    """The problem of the others."""
    return replace(
        problem,
        cities=tuple(city for city in problem.cities if city.code != code),
        needs=tuple(need for need in problem.needs if need.city != code),
        offers=tuple(offer for offer in problem.offers if offer.city != code),
    )


def test_page_lists_each_alternative_with_its_cost(proposals, client):
    client.force_login(factories.UserFactory(coordinator=True))
    pairing = proposals[0].pairing
    url = reverse("matching:pairing_alternatives", args=[pairing.pk])

    page = Page(client.get(url).text).words

    for row in alternatives_to(proposals[0]):
        score = "–" if row.score is None else f"{row.score} %"
        assert f"{row.city} {row.partner} {score} {row.effect}" in page
    assert url in client.get(pairing.get_absolute_url()).text


def test_page_says_so_when_the_copy_is_gone(proposals, client):
    Round.objects.update(snapshot="", result="")
    client.force_login(factories.UserFactory(coordinator=True))

    page = client.get(reverse("matching:pairing_alternatives", args=[proposals[0].pairing.pk])).text

    assert "The frozen copy of that round is no longer kept." in page


def test_page_says_so_when_the_pair_is_pinned(transactional_db, client, now, administrator):
    item = factories.ItemFactory()
    left = factories.CityFactory(chinese=True)
    factories.OfferFactory(city=left, item=item)
    need = factories.NeedFactory(item=item)
    PairingRule.objects.create(
        kind="pin", city_a=left, city_b=need.city, set_by=administrator, reason="x"
    )
    open_round(by=None, now=now, parameters={})
    running.run_open_round()
    client.force_login(administrator)
    url = reverse("matching:pairing_alternatives", args=[PairingProposal.objects.get().pairing_id])

    assert "This pair is pinned: it stands whatever it costs." in client.get(url).text


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        (Loss(0, 0), "It costs the network nothing."),
        (Loss(0, 123_456), "It costs the network 12.35 points."),
        (
            Loss(2, -500_000),
            "It leaves more cities without a counterpart (2, a critical one counts twice).",
        ),
        (Loss(0, 5, lowers_benefit=True), "It lowers the benefit of the worst off."),
    ],
)
def test_loss_is_said_in_a_sentence(loss, words):
    assert in_words(loss) == words


@pytest.mark.parametrize(
    ("gain", "words"),
    [
        (Gain(0, 0), "It brings the network nothing."),
        (Gain(0, 123_456), "It brings the network 12.35 points."),
        (
            Gain(1, -500_000),
            "It lets more cities have a counterpart (1, a critical one counts twice).",
        ),
    ],
)
def test_gain_is_said_in_a_sentence(gain, words):
    assert gain_in_words(gain) == words
