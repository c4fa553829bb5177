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
from tests.factories.proposals import MatchFactory, PairingFactory, RoundFactory

__all__ = [
    "CategoryFactory",
    "CityFactory",
    "ItemFactory",
    "LiaisonFactory",
    "MatchFactory",
    "NeedFactory",
    "OfferFactory",
    "PackFactory",
    "PairingFactory",
    "RoundFactory",
    "StateFactory",
    "TieFactory",
    "UserFactory",
]
