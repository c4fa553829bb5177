from datetime import timedelta

import factory
from django.utils import timezone

from apps.matching.models import Match, MatchSide, Replay, Role, Round
from apps.matching.states import ReplayState, RoundState
from apps.pairings.models import Pairing, PairingSide
from apps.pairings.states import LIVE, Answer, PairingState
from tests.factories.places import CityFactory, UserFactory
from tests.factories.postings import NeedFactory, OfferFactory


class PairingFactory(factory.django.DjangoModelFactory):
    """A pairing of `left` and `right` in any state; live states hold their slots."""

    class Meta:
        model = Pairing
        skip_postgeneration_save = True

    state = PairingState.PROPOSED
    state_since = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))

    @factory.post_generation
    def left(self, create: bool, city: object, **kwargs: object) -> None:
        add_side(self, 0, city or CityFactory(chinese=True))

    @factory.post_generation
    def right(self, create: bool, city: object, **kwargs: object) -> None:
        add_side(self, 1, city or CityFactory())


def add_side(pairing: Pairing, position: int, city: object) -> None:
    is_live = pairing.state in LIVE
    answered = pairing.state in (PairingState.ACTIVE, PairingState.SUSPENDED)
    PairingSide.objects.create(
        pairing=pairing,
        position=position,
        city=city,
        live=is_live,
        answer=Answer.ACCEPTED if answered else Answer.NONE,
    )


class RoundFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Round

    state = RoundState.FINISHED
    state_since = factory.LazyFunction(timezone.now)


class ReplayFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Replay

    round = factory.SubFactory(RoundFactory)
    state = ReplayState.OPEN
    state_since = factory.LazyFunction(timezone.now)
    asked_by = factory.SubFactory(UserFactory)


class MatchFactory(factory.django.DjangoModelFactory):
    """A proposal of `quantity` units between a need and an offer of the same item."""

    class Meta:
        model = Match
        skip_postgeneration_save = True

    round = factory.SubFactory(RoundFactory)
    need = factory.SubFactory(NeedFactory)
    offer = factory.LazyAttribute(lambda o: OfferFactory(item=o.need.item))
    quantity = 100
    proposed_quantity = factory.SelfAttribute("quantity")
    via = "network"
    need_version = factory.SelfAttribute("need.version")
    offer_version = factory.SelfAttribute("offer.version")
    state_since = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))

    @factory.post_generation
    def sides(self, create: bool, extracted: object, **kwargs: object) -> None:
        MatchSide.objects.create(match=self, role=Role.GIVER, city=self.offer.city)
        MatchSide.objects.create(match=self, role=Role.RECEIVER, city=self.need.city)
