from datetime import timedelta

import factory
from django.utils import timezone

from apps.deliveries.models import Delivery
from apps.deliveries.states import DeliveryState
from apps.ledger.models import Gift, Party
from apps.pairings.models import Exchange, Message
from apps.postings.models import Resource
from tests.factories.places import UserFactory
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
