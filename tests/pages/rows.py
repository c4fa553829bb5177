"""`MAKE[noun](n)` makes n rows of a kind, with everything that a page says of them, in an empty database."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from apps.audit.services import record
from apps.cities.models import City
from apps.deliveries.models import Distribution, Hold
from apps.ledger.models import LedgerEntry
from apps.ledger.services import party_of, record_entry
from apps.matching.models import PairingProposal
from apps.pairings.models import CounterpartSupport, PairingRule
from apps.postings.models import Item
from tests import factories
from tests.happenings import tell
from tests.pages.goods import SUMMARY, match_reasons, pairing_reasons

Rows = list[Any]


def city(n: int, **kwargs: Any) -> Rows:
    return [factories.CityFactory(parent=factories.StateFactory(), **kwargs) for _ in range(n)]


def tie(n: int, one: City | None = None) -> Rows:
    pairs = [(one or factories.CityFactory(), factories.CityFactory()) for _ in range(n)]
    return [factories.TieFactory.between(*pair) for pair in pairs]


def posting(n: int, **kwargs: Any) -> Rows:
    needs = [factories.NeedFactory(**kwargs) for _ in range(n)]
    for need in needs:
        need.substitutes.add(factories.ItemFactory())
    packs = [factories.PackFactory() for _ in range(n)]
    offers = [
        factories.OfferFactory(
            item=pack.item,
            pack=pack,
            entered_quantity=20,
            posted_by=factories.UserFactory(),
            **kwargs,
        )
        for pack in packs
    ]
    return [*needs, *offers, *resource(n, **{f"posting__{k}": v for k, v in kwargs.items()})]


def resource(n: int, **kwargs: Any) -> Rows:
    return [factories.ResourceFactory(**kwargs) for _ in range(n)]


def entry(n: int, one: City | None = None, other: City | None = None) -> Rows:
    return [line for _ in range(n) for line in one_entry(one, other)]


def one_entry(
    one: City | None = None, other: City | None = None, money: LedgerEntry | None = None
) -> tuple[LedgerEntry, LedgerEntry]:
    """Money, and goods bought with it, which are reversed."""
    giver, receiver = (party_of(place or factories.CityFactory()) for place in (one, other))
    sides = {"giver": giver, "receiver": receiver, "item": factories.ItemFactory()}
    who = {"by": factories.UserFactory(), "now": timezone.now()}
    money = money or record_entry(
        "sent",
        quantity=5,
        source=("report", LedgerEntry.objects.count()),
        intermediary=factories.PartyFactory(),
        **sides,
        **who,
    )
    source = ("gift", LedgerEntry.objects.count())
    goods = record_entry("sent", quantity=None, source=source, purchased_with=money, **sides, **who)
    record_entry("sent", quantity=None, source=source, reverses=goods, **sides, **who)
    return money, goods


def given(n: int) -> Rows:
    """Gifts as the ledger has them, each between two cities of its own."""
    return [
        record_entry(
            "sent",
            giver=party_of(factories.CityFactory(chinese=True)),
            receiver=party_of(factories.CityFactory()),
            item=factories.ItemFactory(),
            quantity=5,
            source=("gift", factories.GiftFactory().pk),
            by=None,
            now=timezone.now(),
        )
        for _ in range(n)
    ]


def table_of_2020(n: int) -> Rows:
    """Entries that the replay uses, each between two tied places of its own."""
    found = []
    for number in range(n):
        giver = factories.CityFactory(chinese=True)
        receiver = factories.CityFactory(population=1_000)
        factories.TieFactory.between(giver, receiver)
        record_entry(
            "sent",
            giver=party_of(giver),
            receiver=party_of(receiver),
            item=factories.ItemFactory(),
            quantity=5,
            source=("report", f"{giver.code}-{number}"[:32]),
            source_text="Report of 2020, Table 1, row 1",
            by=None,
            now=timezone.now(),
        )
        found += [giver, receiver]
    return found


def gift(n: int, **kwargs: Any) -> Rows:
    return [factories.GiftFactory(**kwargs) for _ in range(n)]


def question(n: int, **kwargs: Any) -> Rows:
    return [factories.QuestionFactory(**kwargs) for _ in range(n)]


def outside_offer(n: int, **kwargs: Any) -> Rows:
    return [factories.OutsideOfferFactory(**kwargs) for _ in range(n)]


def flow(n: int) -> Rows:
    """States between which something went, each named by the diagram and its table."""
    found = []
    for _ in range(n):
        one, other = (factories.CityFactory(parent=factories.StateFactory()) for _ in range(2))
        record_entry(
            "sent",
            giver=party_of(one),
            receiver=party_of(other),
            item=factories.ItemFactory(),
            quantity=5,
            source=("test", one.code),
            by=None,
            now=timezone.now(),
        )
        found += [one.parent, other.parent]
    return found


def pairing(n: int, state: str = "active", **kwargs: Any) -> Rows:
    found = [
        factories.PairingFactory(
            state=state,
            proposed_by=factories.UserFactory(),
            decided_by=factories.UserFactory(),
            active_since=timezone.now(),
            **kwargs,
        )
        for _ in range(n)
    ]
    for one in found:
        PairingProposal.objects.create(
            round=factories.RoundFactory(), pairing=one, score=500_000, reasons=pairing_reasons()
        )
    return found


def rule(n: int) -> Rows:
    cities = [sorted(city(2), key=lambda place: place.pk) for _ in range(n)]
    person = factories.UserFactory()
    return [
        PairingRule.objects.create(city_a=one, city_b=other, kind="pin", reason="x", set_by=person)
        for one, other in cities
    ]


def support(n: int) -> Rows:
    today = timezone.localdate()
    return [
        CounterpartSupport.objects.create(
            province=one, city=other, announced_on=today, verification="verified", source="press"
        )
        for one, other in (city(2) for _ in range(n))
    ]


def exchange(n: int, cities: Rows | None = None, **kwargs: Any) -> Rows:
    found = [
        factories.ExchangeFactory(planned_by=factories.UserFactory(), **kwargs) for _ in range(n)
    ]
    for one in found:
        one.cities.set(cities or city(3))
    return found


def match(n: int, need_city: City | None = None, offer_city: City | None = None, **kw: Any) -> Rows:
    return [one_match(need_city, offer_city, **kw) for _ in range(n)]


def one_match(need_city: City | None, offer_city: City | None, **kwargs: Any) -> Any:
    need = factories.NeedFactory(city=need_city or factories.CityFactory())
    pack = factories.PackFactory(item=need.item)
    offer = factories.OfferFactory(
        city=offer_city or factories.CityFactory(), item=need.item, pack=pack
    )
    return factories.MatchFactory(
        need=need,
        offer=offer,
        decided_by=factories.UserFactory(),
        decided_at=timezone.now() - timedelta(minutes=1),
        reasons=match_reasons(),
        **kwargs,
    )


def delivery(n: int, of: Any = None, state: str = "held", **kwargs: Any) -> Rows:
    found = [
        factories.DeliveryFactory(
            match=of or one_match(None, None, state="accepted", **kwargs),
            giver=factories.PartyFactory(),
            intermediary=factories.PartyFactory(),
            quantity=10,
            state=state,
        )
        for _ in range(n)
    ]
    for one in found:
        hold(1, one)
    return found


def hold(n: int, of: Any) -> Rows:
    """Past ones, and the note of where a part went."""
    day = timezone.localdate()
    holds = [
        Hold.objects.create(delivery=of, reason="customs", since=day, until=day) for _ in range(n)
    ]
    return [*holds, *distribution(n, of)]


def distribution(n: int, of: Any = None) -> Rows:
    return [
        Distribution.objects.create(
            delivery=of or delivery(1)[0],
            recipient=factories.PartyFactory(),
            quantity=1,
            entered_by=factories.UserFactory(),
        )
        for _ in range(n)
    ]


def round_(n: int) -> Rows:
    return [
        factories.RoundFactory(
            opened_by=factories.UserFactory(), retry_of=factories.RoundFactory(), summary=SUMMARY
        )
        for _ in range(n)
    ]


def liaison(n: int, **kwargs: Any) -> Rows:
    return [
        factories.LiaisonFactory(decided_by=factories.UserFactory(), **kwargs) for _ in range(n)
    ]


def history(n: int, of: models.Model) -> Rows:
    now = timezone.now()
    return [record(factories.UserFactory(), "hold_posting", of, at=now) for _ in range(n)]


def news(n: int, person: Any) -> Rows:
    """One of each subject that a message can have."""
    subjects = {
        "officer_requested": liaison(n, state="requested"),
        "posting_held": posting(n)[:n],
        "gift_to_confirm": gift(n),
        "question_asked": question(n),
        "pairing_proposed": pairing(n, "proposed"),
        "round_finished": round_(n),
        "match_approved": match(n, state="approved"),
        "delivery_received": delivery(n),
    }
    for kind, rows in subjects.items():
        for row in rows:
            tell(kind, row, [person], now=timezone.now())
    return [row for rows in subjects.values() for row in rows]


def item(n: int) -> Rows:
    found = [factories.ItemFactory(category__code=f"c{n}{i}") for i in range(n)]
    for one in found:
        factories.PackFactory(item=one)
        one.synonyms.create(language="en", text="x")
        one.substitutes.add(factories.ItemFactory())
    return found


def knowledge(n: int) -> Rows:
    return list(Item.objects.filter(pk__in=[one.posting.item_id for one in resource(n)]))


def in_days(days: int) -> Any:
    return timezone.localdate() + timedelta(days=days)


Make = Callable[..., Rows]
