"""The engine's reasons as sentences, in both languages."""

from datetime import timedelta

import pytest
from django.utils import translation

from apps.matching.engine import REASON_CODES
from apps.matching.engine.reasons import PAIR_CODES
from apps.matching.models import Match, PairingProposal
from apps.matching.names import sentences_of
from apps.matching.services import running
from apps.matching.snapshot import hash_of, take
from apps.matching.words import CRITERIA, SENTENCES, parts
from apps.matching.words.pairing import DATA, leave_unknown_out
from apps.postings.models import Item
from tests import factories

LOWER_BOUND = "or more: a lower bound; the exact figure is worked out on request."
SCORED = {"value": 400_000, "weight": 450_000, "points": 180_000}
# Every code with every choice its parameters leave, and the sentence of each.
SAID = [
    ({"code": "pinned"}, "An administrator has fixed this pair."),
    *(
        ({"code": "coverage", **SCORED, "benefit_a": a, "benefit_b": b}, words)
        for a, b, words in (
            (None, None, "Neither of them has needs."),
            (
                800_000,
                None,
                "One of them has needs; the other can cover 80 % of them, by urgency."
                " Help in one direction counts half.",
            ),
            (
                None,
                800_000,
                "One of them has needs; the other can cover 80 % of them, by urgency."
                " Help in one direction counts half.",
            ),
            (400_000, 400_000, "Each can cover 40 % of the other's needs, by urgency."),
            (
                0,
                800_000,
                "One can cover 80 %, the other 0 % of the partner's needs, by urgency;"
                " 40 % on average.",
            ),
        )
    ),
    ({"code": "tie", **SCORED, "kind": "own"}, "An existing sister tie joins them."),
    (
        {"code": "tie", **SCORED, "kind": "state"},
        "A sister tie joins their provinces and states.",
    ),
    ({"code": "tie", **SCORED, "kind": "none"}, "No sister tie joins them."),
    (
        {"code": "history", **SCORED, "a_to_b": True, "b_to_a": True},
        "They have helped each other before.",
    ),
    (
        {"code": "history", **SCORED, "a_to_b": True, "b_to_a": False},
        "One of them has helped the other before.",
    ),
    (
        {"code": "history", **SCORED, "a_to_b": False, "b_to_a": True},
        "One of them has helped the other before.",
    ),
    (
        {"code": "history", **SCORED, "a_to_b": False, "b_to_a": False},
        "The ledger knows of no help between them.",
    ),
    ({"code": "topics", **SCORED, "shared": 0}, "They share no topic of exchange."),
    ({"code": "topics", **SCORED, "shared": 1}, "They share 1 topic."),
    ({"code": "topics", **SCORED, "shared": 3}, "They share 3 topics."),
    (
        {"code": "working_day", **SCORED, "minutes": 90, "language": True},
        "Of eight working hours a day they share 1.5. They share a language.",
    ),
    (
        {"code": "working_day", **SCORED, "minutes": 60, "language": False},
        "Of eight working hours a day they share 1.",
    ),
    (
        {"code": "working_day", **SCORED, "minutes": None, "language": True},
        "They share a language.",
    ),
    (
        {"code": "working_day", **SCORED, "minutes": 0, "language": False},
        "Their working days do not overlap.",
    ),
    ({"code": "scale", **SCORED}, "The smaller has 40 % of the population of the larger."),
    (
        {"code": "scale", **SCORED, "value": 4_000},
        "The smaller has less than 1 % of the population of the larger.",
    ),
    *(
        (
            {"code": "not_stated", "criterion": criterion, "city": "wuxi", "datum": datum},
            f"Not stated for Wuxi, and therefore without points: {word}.",
        )
        for criterion, datum, word in (
            ("coverage", "needs", "needs"),
            ("topics", "topics", "topics"),
            ("working_day", "utc_offset", "time zone"),
            ("working_day", "languages", "languages"),
            ("scale", "population", "population"),
        )
    ),
    (
        {
            "code": "covers",
            "giver": "wuxi",
            "receiver": "austin",
            "item": "masks",
            "needed": 20_000,
            "covered": 15_000,
        },
        "N95 respirators: Austin needs 20,000 pieces; Wuxi can cover 15,000 pieces.",
    ),
    (
        {
            "code": "covers",
            "giver": "wuxi",
            "receiver": "austin",
            "item": "masks",
            "needed": 20_000,
            "covered": 20_000,
        },
        "N95 respirators: Austin needs 20,000 pieces; Wuxi can cover it in full.",
    ),
    (
        {"code": "uncovered", "city": "austin", "item": "masks", "needed": 9, "uncovered": 5000},
        "Still open for Austin: N95 respirators (5,000 pieces).",
    ),
    *(
        (
            {
                "code": "next_best",
                "city": "wuxi",
                "partner": "austin",
                "score": 610_000,
                "paired_with": paired_with,
                "effect": effect,
                "loss": loss,
            },
            f"Next best for Wuxi: Austin (61 %). {words}",
        )
        for paired_with in ("wuxi", None)
        for effect, loss, words in (
            ("score", 129_999, f"It would cost the network 12.9 points {LOWER_BOUND}"),
            ("score", 10_000, f"It would cost the network 1.0 points {LOWER_BOUND}"),
            ("score", 999, "What it would cost the network is worked out on request."),
            ("score", 0, "What it would cost the network is worked out on request."),
            ("fewer_cities", 0, "It would leave more cities without a counterpart."),
            ("lower_benefit", 0, "It would lower the benefit of the worst off."),
        )
    ),
    *(
        ({"code": "tier", "tier": tier}, words)
        for tier, words in (
            (1, "The need is critical."),
            (2, "The need is urgent."),
            (3, "The need is for soon."),
            (4, "The need is planned for later."),
        )
    ),
    *(
        ({"code": f"from_{bond}", "giver": "wuxi", "receiver": "austin"}, words)
        for bond, words in (
            ("counterpart", "Wuxi is the counterpart of Austin."),
            ("tie", "A sister tie joins Wuxi and Austin."),
            ("state_tie", "A sister tie joins the provinces or states of Wuxi and Austin."),
            ("network", "From the network: nothing joins Wuxi and Austin yet."),
        )
    ),
    (
        {"code": "knowledge", "item": "masks", "offers": 2},
        "Knowledge is not rationed: it serves the whole need.",
    ),
    (
        {"code": "substitute", "needed": "masks", "offered": "kn95"},
        "KN95 respirators is accepted instead of N95 respirators, one for one.",
    ),
    (
        {"code": "share", "filled": 15_000, "quantity": 20_000},
        "The need is 20,000 pieces; all proposed matches together fill 15,000 pieces of it.",
    ),
    (
        {"code": "share", "filled": 1, "quantity": 1},
        "With all proposed matches the need of 1 piece is filled.",
    ),
    ({"code": "still_open", "uncovered": 5000}, "Of the need, 5,000 pieces stay open."),
    (
        {"code": "arrival", "day": "2026-05-01", "needed_by": "2026-05-20"},
        "It can arrive from 1 May 2026; needed by 20 May 2026.",
    ),
    ({"code": "arrival", "day": "2026-05-01", "needed_by": None}, "It can arrive from 1 May 2026."),
    (
        {"code": "packs", "packs": 1_200, "units": 50},
        "It goes out in whole packs: 1,200 of 50 pieces.",
    ),
    ({"code": "no_partner"}, "Nobody of its level is left to pair with."),
    ({"code": "all_forbidden", "forbidden": 3}, "Every possible partner is forbidden: 3."),
    (
        {
            "code": "no_candidate",
            "compared": 1_200,
            "forbidden": 2,
            "unrelated": 1_100,
            "below_floor": 98,
            "floor": 50_000,
        },
        "No candidate among 1,200: with 1,100 it shares no help, tie or topic, 98 score below 5 %,"
        " 2 are forbidden.",
    ),
    (
        {"code": "below_floor", "partner": "wuxi", "score": 30_000, "floor": 50_000},
        "The nearest is Wuxi with 3 %; 5 % are needed.",
    ),
    (
        {
            "code": "below_threshold",
            "partner": "wuxi",
            "score": 300_000,
            "lowest": 100_000,
            "threshold": 200_000,
        },
        "With Wuxi (30 %) the worst off would gain 10 %, less than 20 %.",
    ),
    (
        {
            "code": "outbid",
            "partner": "wuxi",
            "score": 300_000,
            "paired_with": "austin",
            "their_score": 400_000,
        },
        "Wuxi (30 %) is worth more to Austin (40 %).",
    ),
    (
        {
            "code": "outbid",
            "partner": "wuxi",
            "score": 300_000,
            "paired_with": "austin",
            "their_score": 80_000,
        },
        "Wuxi (30 %) goes to Austin (8 %): that pair scores less, but with it the network as a"
        " whole does better.",
    ),
    (
        {"code": "no_offer", "item": "masks"},
        "Nobody offers N95 respirators or what is accepted instead.",
    ),
    ({"code": "own_offer_only", "offers": 2}, "Only the city itself offers it."),
    (
        {"code": "forbidden", "offers": 2},
        "Offers of cities that must not exchange with it: 2.",
    ),
    ({"code": "excluded", "offers": 2}, "Offers that exclude the city: 2."),
    (
        {
            "code": "dates",
            "offers": 2,
            "first_arrival": "2026-05-25",
            "needed_by": "2026-05-20",
        },
        "Offers that would come too late: 2. The first could arrive on 25 May 2026; needed by 20"
        " May 2026.",
    ),
    (
        {"code": "dates", "offers": 2, "first_arrival": None, "needed_by": None},
        "Offers that would come too late: 2.",
    ),
    (
        {"code": "used_up", "offers": 2, "offered": 5000},
        "What fits is given away: 5,000 pieces in all.",
    ),
    (
        {"code": "lots", "offers": 2, "left": 80, "lot": 100, "without_lots": 900},
        "80 pieces stay with their givers, less than the smallest useful quantity or a whole pack"
        " (100 pieces). Without that rule the need would get 900 pieces.",
    ),
    (
        {"code": "lots", "offers": 1, "left": 10, "lot": 20, "without_lots": None},
        "10 pieces stay with their givers, less than the smallest useful quantity or a whole pack"
        " (20 pieces).",
    ),
    *(
        (
            {
                "code": "went_to",
                "offer": 1,
                "giver": "wuxi",
                "need": 2,
                "receiver": "austin",
                "quantity": 1500,
                "why": why,
            },
            f"1,500 pieces from Wuxi went to Austin: {words}.",
        )
        for why, words in (
            ("own_counterpart", "its counterpart"),
            ("more_urgent", "more urgent"),
            ("smaller_share", "filled to a smaller share"),
            ("closer", "joined by a tie"),
            ("drawn", "drawn among equals"),
        )
    ),
]
IDS = [f"{reason['code']}-{n}" for n, (reason, __) in enumerate(SAID)]


@pytest.fixture
def names(db):
    factories.CityFactory(code="wuxi", name_en="Wuxi", name_zh_hans="无锡", country="CN")
    factories.CityFactory(code="austin", name_en="Austin", name_zh_hans="奥斯汀")
    factories.ItemFactory(code="masks", name_en="N95 respirators", name_zh_hans="N95口罩")
    factories.ItemFactory(code="kn95", name_en="KN95 respirators", name_zh_hans="KN95口罩")


def test_every_code_that_reaches_a_page_has_a_sentence():
    assert SENTENCES.keys() == REASON_CODES.keys()
    assert {reason["code"] for reason, __ in SAID} == SENTENCES.keys()


def test_every_criterion_has_a_name_when_its_reason_has_points():
    with_points = {code for code, words in PAIR_CODES.items() if "points" in words}

    assert CRITERIA.keys() == with_points


@pytest.mark.parametrize(("reason", "words"), SAID, ids=IDS)
def test_a_reason_is_a_sentence_when_it_is_read_in_english(names, reason, words):
    assert sentences_of([reason], Item.objects.get(code="masks")) == [words]


@pytest.mark.parametrize(("reason", "words"), SAID, ids=IDS)
def test_a_reason_is_another_sentence_when_it_is_read_in_chinese(names, reason, words):
    with translation.override("zh-hans"):
        (sentence,) = sentences_of([reason], Item.objects.get(code="masks"))

    assert sentence.endswith("。")
    assert sentence != words
    english = ("%(", "None", "Wuxi", "Austin", "respirators", "pieces")
    assert [word for word in english if word in sentence] == []


def test_a_code_stands_for_a_city_when_nobody_knows_it(db):
    reason = {"code": "from_tie", "giver": "gone", "receiver": "gone too"}

    assert sentences_of([reason]) == ["A sister tie joins gone and gone too."]


def test_an_amount_has_no_unit_when_nobody_knows_the_item(db):
    reason = {"code": "uncovered", "city": "x", "item": "gone", "needed": 9, "uncovered": 5}

    assert sentences_of([reason]) == ["Still open for x: gone (5)."]


def test_names_take_two_queries_when_there_are_many_reasons(names, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert sentences_of([reason for reason, __ in SAID])


def test_parts_are_in_percent_when_the_criteria_are_listed(names):
    reasons = [
        {"code": "pinned"},
        {"code": "tie", "value": 500_000, "weight": 250_000, "points": 125_000, "kind": "state"},
        {"code": "scale", "value": 33_333, "weight": 50_000, "points": 1_666},
    ]

    assert parts(reasons) == [
        {"name": "sister tie", "value": 50, "weight": 25, "points": 12.5},
        {"name": "size", "value": 3, "weight": 5, "points": 0.1666},
    ]


# Real rounds


def busy_network(now):
    """Counterparts, ties, pins, substitutes, knowledge, too little of everything, data missing."""
    remote = factories.CategoryFactory(code="expertise", is_material=False)
    masks, kn95 = factories.ItemFactory(transport_days=3), factories.ItemFactory()
    advice = factories.ItemFactory(category=remote)
    states = factories.StateFactory(country="CN"), factories.StateFactory()
    factories.TieFactory.between(*states)
    left = [
        factories.CityFactory(chinese=True, parent=states[0], population=n * 1000 or None)
        for n in range(5)
    ]
    right = [
        factories.CityFactory(parent=states[1], population=n * 900 or None, time_zone="")
        for n in range(5)
    ]
    for n, city in enumerate(left + right):
        factories.LiaisonFactory(city=city, user__language="en" if n % 2 else "zh-hans")
        need = factories.NeedFactory(
            city=city,
            item=masks,
            quantity=1000 * (n + 1),
            urgency=1 + n % 4,
            needed_by=None if n % 2 else now.date() + timedelta(days=20),
            smallest_lot=400,
        )
        need.substitutes.add(kn95)
        factories.OfferFactory(city=city, item=kn95 if n % 3 else masks, quantity=700)
    factories.NeedFactory(city=right[4], item=advice, quantity=2)
    factories.NeedFactory(city=right[3], item=advice, quantity=1)
    factories.OfferFactory(city=left[4], item=advice, quantity=None)
    factories.TieFactory.between(left[1], right[1])
    factories.PairingFactory(left=left[0], right=right[0], state="active")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("pool", ["country", "one"])
def test_every_reason_of_a_real_round_has_a_sentence(db, now, pool, language):
    busy_network(now)
    text = take({"pool": pool}, now=now).to_text()
    factories.RoundFactory(state="open", snapshot=text, snapshot_hash=hash_of(text))
    running.run_open_round()
    found = [*Match.objects.all(), *PairingProposal.objects.all()]

    codes = set()
    with translation.override(language):
        for row in found:
            codes |= {reason["code"] for reason in row.reasons}
            known = list(leave_unknown_out(row.reasons))
            lacking = [r["city"] for r in known if r["code"] == "not_stated"]
            said = len(known) - len(lacking) + len(set(lacking))
            assert len(sentences_of(row.reasons)) == said
            assert all(sentences_of(row.reasons))

    assert len(found) > 10
    assert codes >= {
        "tier",
        "from_counterpart",
        "from_state_tie",
        "knowledge",
        "substitute",
        "share",
        "still_open",
        "arrival",
        "coverage",
        "tie",
        "history",
        "topics",
        "working_day",
        "scale",
        "not_stated",
        "covers",
        "uncovered",
        "next_best",
    }


def test_every_datum_that_can_lack_has_a_name():
    lacking = {reason["datum"] for reason, __ in SAID if reason["code"] == "not_stated"}

    assert DATA.keys() == lacking


def test_all_that_is_not_stated_of_a_city_is_one_sentence(names):
    lacks = [("wuxi", "needs"), ("wuxi", "topics"), ("austin", "topics"), ("wuxi", "languages")]
    reasons = [{"code": "not_stated", "criterion": "x", "city": c, "datum": d} for c, d in lacks]

    assert sentences_of([*reasons, {"code": "pinned"}]) == [
        "Not stated for Wuxi, and therefore without points: needs, topics, languages.",
        "Not stated for Austin, and therefore without points: topics.",
        "An administrator has fixed this pair.",
    ]


@pytest.mark.parametrize(
    ("datum", "language", "said"),
    [
        ("population", True, ["They share no topic of exchange.", "They share a language."]),
        ("topics", True, ["They share a language.", "The smaller has 40 % of the population"]),
        (
            "utc_offset",
            True,
            [
                "They share no topic of exchange.",
                "They share a language.",
                "The smaller has 40 % of the population",
            ],
        ),
        (
            "utc_offset",
            False,
            ["They share no topic of exchange.", "The smaller has 40 % of the population"],
        ),
    ],
)
def test_nothing_is_compared_when_one_of_the_two_has_not_stated_it(names, datum, language, said):
    reasons = [
        {"code": "topics", **SCORED, "shared": 0},
        {"code": "working_day", **SCORED, "minutes": 0, "language": language},
        {"code": "scale", **SCORED},
        {"code": "not_stated", "criterion": "x", "city": "wuxi", "datum": datum},
    ]

    *found, last = sentences_of(reasons)

    assert last.startswith("Not stated for Wuxi")
    assert len(found) == len(said)
    assert all(part in sentence for part, sentence in zip(said, found, strict=True))
