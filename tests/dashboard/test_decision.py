"""What a coordinator weighs: the need and what stays of it, other offers, reasons; and how it goes on."""

from urllib.parse import quote

import pytest
from django.urls import reverse

from apps.dashboard.decision import Cover, compared, cover_of, rivals_of
from apps.postings.services import hold_posting
from tests import factories
from tests.pages.goods import pairing_reasons

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


def test_a_need_is_divided_into_reserved_this_others_and_open():
    match = factories.MatchFactory(need__quantity=1000, need__allocated=200, quantity=300)
    factories.MatchFactory(need=match.need, quantity=100)
    factories.MatchFactory(need=match.need, quantity=50, state="rejected")

    cover = cover_of(match)

    assert cover == Cover(needed=1000, reserved=200, this=300, others=100)
    assert cover.open == 400
    assert cover.bars == [("C", 0.0, 20.0), ("A", 20.0, 30.0), ("B", 50.0, 10.0)]


def test_a_bar_ends_with_the_need_when_more_is_proposed_than_needed():
    cover = Cover(needed=100, reserved=80, this=30, others=0)

    assert (cover.open, cover.bars[-2:]) == (0, [("A", 80.0, 20), ("B", 100.0, 0)])


def test_other_offers_that_fit_come_with_what_choosing_them_would_take():
    match = factories.MatchFactory(quantity=300)
    item = match.need.item
    free = factories.OfferFactory(item=item, quantity=1000)
    busy = factories.OfferFactory(item=item, quantity=900)
    factories.MatchFactory(need__item=item, offer=busy, quantity=800)
    substitute = factories.ItemFactory()
    match.need.substitutes.add(substitute)
    unlimited = factories.OfferFactory(item=substitute, quantity=None)
    factories.OfferFactory(item=item, city=match.need.city)
    factories.OfferFactory(item=item, state="held")
    factories.OfferFactory(item=item, quantity=9, allocated=9)
    factories.OfferFactory(item=item).excluded_cities.add(match.need.city)
    factories.OfferFactory()

    found = [(rival.offer, rival.effect(match.quantity)) for rival in rivals_of(match)]

    assert found == [
        (free, "It takes nothing from anybody: 1,000 pieces are proposed to nobody."),
        (busy, "It would take 200 pieces from needs for which they are proposed."),
        (unlimited, "It takes nothing from anybody."),
    ]


def test_reasons_stand_in_groups_with_bars_when_a_pairing_waits(desk):
    pairing = factories.PairingFactory()
    factories.RoundFactory().pairing_proposals.create(
        pairing=pairing, score=541_000, reasons=pairing_reasons()
    )

    page = desk.get(pairing.get_absolute_url())

    assert '<rect class="part"' in page.text
    for heading in ("Why", "Next best"):
        assert f'<h3 class="h6">{heading}</h3>' in page.text


# Postings on hold


@pytest.fixture
def held(coordinator, now):
    def of(quantity, usual):
        item = factories.ItemFactory(usual_quantity=usual)
        factories.NeedFactory(item=item, quantity=4000)
        posting = factories.NeedFactory(item=item, quantity=quantity)
        return hold_posting(posting, by=coordinator, now=now, reason="One nought too many?")

    return of


def test_who_held_a_posting_and_both_verbs_stand_in_the_panel_when_it_is_opened(
    desk, held, coordinator
):
    posting = held(500_000, 200_000)

    page = desk.get(posting.get_absolute_url(), {"next": "/en/queue/"}).text

    panel = page[page.index('<section id="decision">') : page.index("</section>")]
    assert "<blockquote>One nought too many?</blockquote>" in panel
    assert coordinator.name in panel
    assert "2.5 times the most that is usual for this item: 200,000 pieces." in panel
    assert "Largest open need of this item: 4,000 pieces" in panel
    for verb in ("release", "withdraw"):
        address = reverse(f"postings:posting_{verb}", args=[posting.pk])
        assert page.count(f'action="{address}?next=%2Fen%2Fqueue%2F"') == panel.count(
            f'action="{address}?next=%2Fen%2Fqueue%2F"'
        )
        assert f'action="{address}?next=%2Fen%2Fqueue%2F"' in panel


@pytest.mark.parametrize(
    ("quantity", "usual", "said"),
    [
        (200_000, 200_000, "Within what is usual for this item: up to 200,000 pieces."),
        (500_000, None, ""),
    ],
)
def test_a_quantity_is_compared_when_what_is_usual_is_known(held, quantity, usual, said):
    assert compared(held(quantity, usual)) == said


def test_an_officer_sees_the_reason_and_no_verbs_when_their_posting_is_held(client, held):
    posting = held(500_000, None)
    client.force_login(factories.LiaisonFactory(state="confirmed", city=posting.city).user)

    page = client.get(posting.get_absolute_url()).text

    assert "One nought too many?" in page
    assert 'id="decision"' not in page


@pytest.mark.parametrize(
    ("verb", "data", "state"),
    [("confirm", {}, "confirmed"), ("refuse", {"reason": "?"}, "refused")],
)
def test_an_officer_is_decided_in_the_panel_when_they_wait(desk, verb, data, state):
    liaison = factories.LiaisonFactory(state="requested")
    address = reverse(f"cities:liaison_{verb}", args=[liaison.pk]) + "?next=%2Fen%2Fqueue%2F"

    page = desk.get(liaison.get_absolute_url(), {"next": "/en/queue/"}).text
    answer = desk.post(address, data, headers={"HX-Request": "true"})

    liaison.refresh_from_db()
    assert f'action="{address}"' in page[page.index('id="decision"') :]
    assert (liaison.state, answer.headers["HX-Redirect"]) == (state, "/en/queue/")


# How it goes on


def verb(match, name, onwards=""):
    return reverse(f"matching:match_{name}", args=[match.pk]) + onwards


def test_the_reader_goes_on_where_they_came_from_when_it_is_decided(desk):
    match = factories.MatchFactory()
    back = "/en/queue/?kind=match&page=1&at=3"

    page = desk.get(f"{match.get_absolute_url()}?next={quote(back, safe='')}")
    onwards = f"?next={quote(back, safe='')}"
    response = desk.post(verb(match, "approve", onwards), {"quantity": "100"})

    assert verb(match, "approve", onwards) in page.text
    assert (response.status_code, response.url) == (302, back)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_nobody_is_led_to_another_site_when_it_is_decided(desk, elsewhere):
    match = factories.MatchFactory()

    response = desk.post(
        verb(match, "approve", f"?next={quote(elsewhere, safe='')}"), {"quantity": "100"}
    )

    assert response.url == match.get_absolute_url()


def test_the_page_is_told_where_to_go_when_a_panel_decides(desk):
    match = factories.MatchFactory()

    response = desk.post(
        verb(match, "reject", "?next=/en/queue/"),
        {"usual": "An export or import permit is missing."},
        headers={"HX-Request": "true"},
    )

    match.refresh_from_db()
    assert (response.status_code, response.headers["HX-Redirect"]) == (200, "/en/queue/")
    assert match.state_reason == "An export or import permit is missing."


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        (
            {"usual": "An export or import permit is missing."},
            "An export or import permit is missing.",
        ),
        ({"reason": "Too far."}, "Too far."),
        (
            {"usual": "The need is being met another way.", "reason": "See the call."},
            "The need is being met another way. See the call.",
        ),
    ],
)
def test_a_rejection_keeps_a_usual_reason_or_own_words_or_both(desk, sent, stored):
    match = factories.MatchFactory()

    desk.post(verb(match, "reject"), sent)

    match.refresh_from_db()
    assert (match.state, match.decision_reason) == ("rejected", stored)


def test_a_rejection_is_refused_at_its_field_when_no_reason_is_given(desk):
    match = factories.MatchFactory()

    response = desk.post(verb(match, "reject"), {"usual": "", "reason": " "})

    assert response.status_code == 422
    assert response.context["form"].errors == {
        "reason": ["Choose a reason, or give one in your own words."]
    }
    match.refresh_from_db()
    assert match.state == "proposed"


def test_a_usual_reason_is_read_in_the_language_of_the_reader(desk):
    match = factories.MatchFactory()
    desk.post(verb(match, "reject"), {"usual": "An export or import permit is missing."})

    page = desk.get(match.get_absolute_url().replace("/en/", "/zh-hans/"))

    assert "缺少进出口许可。" in page.text
