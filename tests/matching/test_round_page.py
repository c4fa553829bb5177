"""The page of a round says why, also of what it could not do."""

import pytest
from django.urls import reverse

from apps.matching import shown
from apps.matching.models import PairingProposal, Round
from apps.matching.services import open_round, running
from apps.matching.words.rounds import PHASES
from apps.pairings.models import PairingRule
from apps.postings.models import Posting
from tests import factories
from tests.pages.html import Page
from tests.unchanged import nothing_changes


def test_page_says_why_a_need_stays_open_and_a_city_alone(transactional_db, client, now):
    masks = factories.ItemFactory(name_en="Masks", name_zh_hans="口罩")
    gowns = factories.ItemFactory(name_en="Gowns", name_zh_hans="隔离衣")
    wuxi = factories.CityFactory(chinese=True, name_en="Wuxi")
    austin = factories.CityFactory(name_en="Austin")
    mesa = factories.CityFactory(name_en="Mesa", name_zh_hans="梅萨")
    factories.OfferFactory(city=wuxi, item=masks, quantity=60)
    factories.NeedFactory(city=austin, item=masks, quantity=100, urgency=1)
    factories.NeedFactory(city=mesa, item=gowns, quantity=30)
    open_round(by=None, now=now, parameters={})
    running.run_open_round()
    client.force_login(factories.UserFactory(coordinator=True))
    url = Round.objects.get().get_absolute_url()

    english = client.get(url).content.decode()
    chinese = client.get(url.replace("/en/", "/zh-hans/")).content.decode()

    assert "Needs that stay open, and why" in english
    assert "40 pieces" in english
    assert "What fits is given away: 60 pieces in all." in english
    assert "Nobody offers Gowns or what is accepted instead." in english
    assert "Cities that stay alone, and why" in english
    assert "<summary>Mesa</summary>" in english
    assert "没有城市提供隔离衣或可接受的替代物资。" in chinese
    assert "<summary>梅萨</summary>" in chinese


def test_page_says_how_few_matches_would_do_when_goods_were_split(transactional_db, client, now):
    item = factories.ItemFactory()
    for quantity in (60, 40):
        city = factories.CityFactory(chinese=True)
        factories.OfferFactory(city=city, item=item, quantity=quantity)
    factories.NeedFactory(item=item, quantity=100)
    open_round(by=None, now=now, parameters={})
    running.run_open_round()
    client.force_login(factories.UserFactory(coordinator=True))

    page = Page(client.get(Round.objects.get().get_absolute_url()).text).words

    assert "2 (no plan that fills as much can do with fewer than 2)" in page


def test_page_names_a_pin_when_its_two_cities_stand_on_one_side(
    transactional_db, client, now, administrator
):
    cities = [
        factories.CityFactory(chinese=True, name_en=name, name_zh_hans=chinese)
        for name, chinese in (("Wuxi", "无锡"), ("Wuhu", "芜湖"))
    ]
    for city in cities:
        factories.OfferFactory(city=city)
    PairingRule.objects.create(
        kind="pin", city_a=cities[0], city_b=cities[1], set_by=administrator, reason="x"
    )
    open_round(by=None, now=now, parameters={})
    running.run_open_round()
    client.force_login(administrator)
    found = Round.objects.get()
    url = found.get_absolute_url()

    english = Page(client.get(url).text).words
    chinese = Page(client.get(url.replace("/en/", "/zh-hans/")).text).words

    assert (found.state, found.summary["pins_left_out"]) == (
        "finished",
        [[city.code for city in cities]],
    )
    assert "1 pin was left out: its two cities stand on one side Wuxi – Wuhu" in english
    assert "1条指定结对未纳入：两座城市在同一侧 无锡 – 芜湖" in chinese


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "Smallest quantities and packs if they could be split, units filled would be:"
            " critical 1,500 more Took",
        ),
        ("zh-hans", "最小数量与整包 如可拆分，满足的数量：危急多1,500 用时"),
    ],
)
def test_page_says_how_much_smallest_lots_hold_back(transactional_db, client, now, language, words):
    item = factories.ItemFactory()
    city = factories.CityFactory(chinese=True)
    factories.OfferFactory(city=city, item=item, quantity=1500)
    factories.NeedFactory(item=item, quantity=4000, smallest_lot=2000, urgency=1)
    open_round(by=None, now=now, parameters={})
    done = running.run_open_round()
    client.force_login(factories.UserFactory(coordinator=True))

    page = Page(client.get(done.get_absolute_url().replace("/en/", f"/{language}/")).text).words

    assert done.summary["tiers"][0] == {
        "tier": 1,
        "needed": 4000,
        "filled": 0,
        "more_without_lots": 1500,
    }
    assert words in page


def test_tier_that_lots_favour_is_said_to_get_fewer_without_them(db):
    tiers = [
        {"tier": tier, "needed": 90, "filled": 50, "more_without_lots": more}
        for tier, more in ((1, 10), (2, 0), (3, -7))
    ]

    assert shown.without_lots(factories.RoundFactory(summary={"tiers": tiers})) == [
        "critical 10 more",
        "soon 7 fewer",
    ]


def test_page_says_nothing_of_gaps_when_there_are_none(transactional_db, client, now):
    item = factories.ItemFactory()
    factories.OfferFactory(city=factories.CityFactory(chinese=True), item=item, quantity=60)
    factories.NeedFactory(item=item, quantity=60)
    open_round(by=None, now=now, parameters={})
    running.run_open_round()
    client.force_login(factories.UserFactory(coordinator=True))

    page = client.get(Round.objects.get().get_absolute_url()).content.decode()

    assert "stay open, and why" not in page
    assert "stay alone, and why" not in page
    assert "Smallest quantities and packs" not in page


def test_need_that_is_gone_is_left_out_when_the_page_is_opened_later(transactional_db, client, now):
    need = factories.NeedFactory(quantity=60)
    open_round(by=None, now=now, parameters={})
    running.run_open_round()
    Posting.objects.filter(pk=need.pk).delete()
    client.force_login(factories.UserFactory(coordinator=True))

    response = client.get(Round.objects.get().get_absolute_url())

    assert response.status_code == 200


def test_page_shows_three_objectives_and_both_policies_side_by_side(transactional_db, client, now):
    item = factories.ItemFactory()
    chinese = [factories.CityFactory(chinese=True) for _ in range(2)]
    american = [factories.CityFactory() for _ in range(2)]
    factories.OfferFactory(city=chinese[0], item=item, quantity=100)
    factories.OfferFactory(city=chinese[1], item=item, quantity=40)
    factories.NeedFactory(city=american[0], item=item, quantity=80, urgency=1)
    factories.NeedFactory(city=american[1], item=item, quantity=80, urgency=3)
    factories.PairingFactory(left=chinese[0], right=american[1], state="active")
    open_round(by=None, now=now, parameters={"objective": "total"}, reason="As last year.")
    running.run_open_round()
    client.force_login(factories.UserFactory(coordinator=True))
    found = Round.objects.get()

    page = Page(client.get(found.get_absolute_url()).text).words

    choices = found.summary["choices"]
    assert [row["objective"] for row in choices["objectives"]] == [
        "widest",
        "total",
        "egalitarian",
    ]
    chosen, other = choices["policies"]
    assert (chosen["policy"], chosen["from_counterpart"]) == ("pair_first", 80)
    assert chosen["tiers"][0] == {"tier": 1, "needed": 80, "filled": 60}
    assert (other["policy"], other["tiers"][0]["filled"]) == ("urgency_first", 80)
    assert "total chosen" in page
    assert "counterparts first, the network with what remains chosen 75 % 87 % 80" in page
    assert "the most urgent of the whole network first 100 % 87 %" in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "How offers are split the most urgent of the whole network first"
            " What the pairing aims at widest: as many cities as possible, the critical ones first"
            " Who can pair with whom two sides, by country"
            " Reason for this choice Hospitals are full.",
        ),
        (
            "zh-hans",
            "供给的分配方式 全网络中最紧急的需求优先"
            " 结对目标 覆盖最广：让尽可能多的城市结对，危急者优先"
            " 结对范围 按国家分为两侧"
            " 选择理由 Hospitals are full.",
        ),
    ],
)
def test_page_says_what_was_chosen_and_why(client, coordinator, now, language, words):
    parameters = {"policy": "urgency_first"}
    opened = open_round(
        by=coordinator, now=now, parameters=parameters, reason="Hospitals are full."
    )
    client.force_login(coordinator)

    page = Page(client.get(opened.get_absolute_url().replace("/en/", f"/{language}/")).text)

    assert words in page.words


def test_page_names_the_cities_of_the_one_side_when_they_were_listed(client, coordinator):
    for code, name in (("wuxi", "Wuxi"), ("mesa", "Mesa")):
        factories.CityFactory(code=code, name_en=name)
    client.force_login(coordinator)
    data = {"policy": "pair_first", "objective": "widest", "pool": "list", "left": ["wuxi", "mesa"]}

    page = Page(client.post(reverse("matching:round_open"), data, follow=True).text)

    opened = Round.objects.get()
    assert opened.parameters["left"] == ["mesa", "wuxi"]
    assert "two sides, by list Cities of the one side Mesa, Wuxi" in page.words


def test_form_comes_back_when_the_choice_needs_a_reason(client, coordinator):
    client.force_login(coordinator)
    data = {"policy": "urgency_first", "objective": "widest", "pool": "country"}

    with nothing_changes():
        response = client.post(reverse("matching:round_open"), {**data, "reason": " "})

    assert response.status_code == 422
    assert response.context["form"].errors == {
        "reason": ["Say why this round is not as usual: counterparts first, widest."]
    }


def test_page_shows_the_figures_of_what_was_chosen_alone_when_the_round_is_large(
    transactional_db, settings, client, now
):
    settings.COMPARED_CITIES = 1
    need = factories.NeedFactory(quantity=80, urgency=1)
    factories.OfferFactory(item=need.item, quantity=60, city=factories.CityFactory(chinese=True))
    parameters = {"objective": "egalitarian", "policy": "urgency_first"}
    open_round(by=None, now=now, parameters=parameters, reason="Hospitals are full.")
    client.force_login(factories.UserFactory(coordinator=True))

    done = running.run_open_round()
    page = Page(client.get(done.get_absolute_url()).text).words

    (objective,), (policy,) = (done.summary["choices"][name] for name in ("objectives", "policies"))
    benefit = objective.pop("lowest_benefit")
    assert objective == {
        "objective": "egalitarian",
        "total": PairingProposal.objects.get().score,
        "paired": 2,
        "cities": 2,
        "critical_paired": 1,
        "critical": 1,
        "blocking_pairs": 0,
    }
    assert (benefit, policy["policy"], policy["consignments"]) == (750_000, "urgency_first", 1)
    assert "The objective in figures In a round this large, what another" in page
    assert "2 / 2 1 / 1 75 % 0 The policy in figures" in page
    assert "side by side" not in page


def test_every_phase_that_a_round_goes_through_has_a_word(transactional_db, now):
    factories.NeedFactory()
    factories.OfferFactory(city=factories.CityFactory(chinese=True))
    open_round(by=None, now=now, parameters={})
    phases = []

    running.run_open_round(watch=lambda phase, done: phases.append(phase))

    assert len(set(phases)) > 5
    assert set(phases) <= PHASES.keys()


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        ("needed_by_is_past", "its date “needed by” is past"),
        ("available_until_is_past", "its date “available until” is past"),
        ("less_is_free_than_its_smallest_lot", "less is free than its smallest useful quantity"),
        ("city_does_not_act", "its city no longer takes part"),
        ("pack_is_of_another_item", "its pack belongs to another item"),
        (
            "substitute_has_another_unit",
            "it takes part, but not with what it accepts instead: that is counted in another unit",
        ),
        ("something new", "something new"),
    ],
)
def test_what_a_round_left_out_is_said_in_words(db, why, sentence):
    need = factories.NeedFactory()
    found = factories.RoundFactory(summary={"left_out": [{"posting": need.pk, "why": why}]})

    assert shown.left_out(found) == [(need, sentence)]


OBJECTIVES = [
    {
        "objective": name,
        "total": 540_000,
        "paired": 4,
        "cities": 4,
        "critical_paired": 1,
        "critical": 1,
        "lowest_benefit": 0,
        "blocking_pairs": 0,
    }
    for name in ("widest", "total", "egalitarian")
]
POLICIES = [
    {
        "policy": name,
        "tiers": [{"tier": 1, "needed": 9, "filled": 9}],
        "from_counterpart": 9,
        "from_ties": 0,
        "from_network": 0,
        "consignments": 1,
    }
    for name in ("pair_first", "urgency_first")
]


def test_page_says_so_when_all_objectives_and_policies_agree(db, client):
    summary = {"choices": {"objectives": OBJECTIVES, "policies": POLICIES}}
    client.force_login(factories.UserFactory(coordinator=True))

    page = client.get(factories.RoundFactory(summary=summary).get_absolute_url()).text

    assert "All three lead to the same figures here" in page
    assert "Both lead to the same figures here" in page
    assert "no objective can raise it" in page


def test_page_leaves_it_to_the_figures_when_they_differ(db, client):
    objectives = [OBJECTIVES[0], {**OBJECTIVES[1], "total": 550_000, "lowest_benefit": 7}]
    policies = [POLICIES[0], {**POLICIES[1], "from_network": 1}]
    summary = {"choices": {"objectives": objectives, "policies": policies}}
    client.force_login(factories.UserFactory(coordinator=True))

    page = client.get(factories.RoundFactory(summary=summary).get_absolute_url()).text

    assert "to the same figures here" not in page
    assert "no objective can raise it" not in page


def test_page_says_less_than_a_second_when_a_round_was_quick(db, client, now):
    quick = factories.RoundFactory(started_at=now, finished_at=now)
    client.force_login(factories.UserFactory(coordinator=True))

    assert "less than a second" in client.get(quick.get_absolute_url()).text
