import factory
from django.utils import timezone

from apps.accounts.models import User
from apps.cities.models import City, Liaison, SisterTie
from apps.cities.states import LiaisonState


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.django.Password("a long password")

    class Params:
        coordinator = factory.Trait(role=User.Role.COORDINATOR)
        administrator = factory.Trait(role=User.Role.ADMINISTRATOR)


class CityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = City

    code = factory.Sequence(lambda n: f"us-tx-city-{n}")
    name_en = factory.Sequence(lambda n: f"City {n}")
    country = "US"
    level = "city"
    time_zone = "America/Chicago"

    class Params:
        chinese = factory.Trait(
            code=factory.Sequence(lambda n: f"cn-js-city-{n}"),
            name_zh_hans=factory.Sequence(lambda n: f"城市{n}"),
            country="CN",
            time_zone="Asia/Shanghai",
        )


class StateFactory(CityFactory):
    code = factory.Sequence(lambda n: f"us-state-{n}")
    name_en = factory.Sequence(lambda n: f"State {n}")
    level = "state"


class LiaisonFactory(factory.django.DjangoModelFactory):
    """A confirmed officer; `liaison.user` is the person."""

    class Meta:
        model = Liaison

    user = factory.SubFactory(UserFactory)
    city = factory.SubFactory(CityFactory)
    office = "Foreign Affairs Office"
    office_email = factory.LazyAttribute(lambda o: f"office-{o.user.email}")
    state = LiaisonState.CONFIRMED
    state_since = factory.LazyFunction(timezone.now)


class TieFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SisterTie

    code = factory.Sequence(lambda n: f"tie-{n}")
    status = "listed_2026"
    confidence = "high"

    @classmethod
    def between(cls, one: City, other: City, **kwargs: object) -> SisterTie:
        first, second = sorted((one, other), key=lambda city: city.pk)
        return cls(city_a=first, city_b=second, **kwargs)
