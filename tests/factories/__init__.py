"""Objects for tests, valid by default; every test says what matters to it."""

from tests.factories.places import (
    CityFactory,
    LiaisonFactory,
    StateFactory,
    TieFactory,
    UserFactory,
)
from tests.factories.postings import (
    CategoryFactory,
    ItemFactory,
    NeedFactory,
    OfferFactory,
    PackFactory,
)
from tests.factories.proposals import (
    MatchFactory,
    PairingFactory,
    ReplayFactory,
    RoundFactory,
)
from tests.factories.records import (
    DeliveryFactory,
    ExchangeFactory,
    GiftFactory,
    MessageFactory,
    OutsideOfferFactory,
    PartyFactory,
    QuestionFactory,
    ResourceFactory,
)

__all__ = [
    "CategoryFactory",
    "CityFactory",
    "DeliveryFactory",
    "ExchangeFactory",
    "GiftFactory",
    "ItemFactory",
    "LiaisonFactory",
    "MatchFactory",
    "MessageFactory",
    "NeedFactory",
    "OfferFactory",
    "OutsideOfferFactory",
    "PackFactory",
    "PairingFactory",
    "PartyFactory",
    "QuestionFactory",
    "ReplayFactory",
    "ResourceFactory",
    "RoundFactory",
    "StateFactory",
    "TieFactory",
    "UserFactory",
]
