from datetime import timedelta
from uuid import uuid4

import factory
from django.utils import timezone

from apps.deliveries.models import Delivery
from apps.deliveries.states import DeliveryState
from apps.ledger.models import Gift, OutsideOffer, Party, Question
from apps.ledger.services import record_entry
from apps.pairings.models import Exchange, Message
from apps.postings.models import Resource
from tests.factories.places import CityFactory, UserFactory
from tests.factories.postings import ItemFactory, OfferFactory
from tests.factories.proposals import MatchFactory, PairingFactory


class PartyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Party

    code = factory.Sequence(lambda n: f"party-{n}")
    kind = "foundation"
    name = factory.Sequence(lambda n: f"Foundation {n}")


class GiftFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Gift

    giver = factory.SubFactory(PartyFactory)
    receiver = factory.SubFactory(PartyFactory)
    item = factory.SubFactory(ItemFactory)
    quantity = 500
    recorded_by = factory.SubFactory(UserFactory)
    state_since = factory.LazyFunction(timezone.now)


def entry_factory() -> object:
    return record_entry(
        "sent",
        giver=PartyFactory(),
        receiver=PartyFactory(),
        item=ItemFactory(),
        quantity=100,
        source=("test", uuid4().hex),
        by=None,
        now=timezone.now(),
    )


class QuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Question

    entry = factory.LazyFunction(entry_factory)
    text = factory.Sequence(lambda n: f"Is this right? {n}")
    language = "en"
    submission = factory.LazyFunction(uuid4)
    answer = factory.LazyAttribute(lambda o: "It is." if o.state == "answered" else "")
    state = "asked"
    state_since = factory.LazyFunction(timezone.now)


class OutsideOfferFactory(factory.django.DjangoModelFactory):
    """What a company can give; an adopted one is an offer of the city already."""

    class Meta:
        model = OutsideOffer

    kind = "company"
    name = factory.Sequence(lambda n: f"Company {n}")
    email = "company@example.org"
    city = factory.SubFactory(CityFactory)
    item = factory.SubFactory(ItemFactory)
    quantity = 500
    language = "en"
    submission = factory.LazyFunction(uuid4)
    state = "offered"
    state_since = factory.LazyFunction(timezone.now)
    posting = factory.LazyAttribute(lambda o: OfferFactory() if o.state == "adopted" else None)
    party = factory.LazyAttribute(lambda o: PartyFactory() if o.state == "adopted" else None)


class ExchangeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Exchange

    kind = "call"
    subject = factory.Sequence(lambda n: f"Call {n}")
    takes_place_on = factory.LazyFunction(lambda: timezone.now().date() + timedelta(days=3))
    state_since = factory.LazyFunction(timezone.now)


class MessageFactory(factory.django.DjangoModelFactory):
    """A word of the left city of an active pairing."""

    class Meta:
        model = Message

    pairing = factory.SubFactory(PairingFactory, state="active")
    author = factory.SubFactory(UserFactory)
    city = factory.LazyAttribute(lambda o: o.pairing.cities[0])
    text = factory.Sequence(lambda n: f"Message {n}")
    language = "en"
    at = factory.LazyFunction(timezone.now)


class DeliveryFactory(factory.django.DjangoModelFactory):
    """A consignment of an accepted match; a received one arrived whole."""

    class Meta:
        model = Delivery

    match = factory.SubFactory(MatchFactory, state="accepted")
    quantity = 100
    dispatched_on = factory.LazyFunction(lambda: timezone.now().date())
    dispatched_by = factory.SubFactory(UserFactory)
    received_quantity = factory.LazyAttribute(
        lambda o: o.quantity if o.state == DeliveryState.RECEIVED else None
    )
    state = DeliveryState.DISPATCHED
    state_since = factory.LazyFunction(timezone.now)


class ResourceFactory(factory.django.DjangoModelFactory):
    """A manual in the library, of an open offer without a quantity."""

    class Meta:
        model = Resource

    posting = factory.SubFactory(OfferFactory, quantity=None, item__is_knowledge=True)
    title = factory.Sequence(lambda n: f"Manual {n}")
    url = factory.Sequence(lambda n: f"https://example.org/manual-{n}")
    language = "en"
    licence = "CC BY 4.0"
