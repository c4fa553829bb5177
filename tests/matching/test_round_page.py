"""The page of a round says why, also of what it could not do."""

from apps.matching.models import Round
from apps.matching.services import open_round, running
from apps.postings.models import Posting
from tests import factories


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


def test_need_that_is_gone_is_left_out_when_the_page_is_opened_later(transactional_db, client, now):
    need = factories.NeedFactory(quantity=60)
    open_round(by=None, now=now, parameters={})
    running.run_open_round()
    Posting.objects.filter(pk=need.pk).delete()
    client.force_login(factories.UserFactory(coordinator=True))

    response = client.get(Round.objects.get().get_absolute_url())

    assert response.status_code == 200
