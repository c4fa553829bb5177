from datetime import timedelta

import factory
from django.utils import timezone

from apps.postings.models import Category, Item, Pack, Posting
from apps.postings.states import PostingState
from tests.factories.places import CityFactory


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Category
        django_get_or_create = ["code"]

    code = "ppe"
    name_en = "Protective equipment"
    name_zh_hans = "防护用品"


class ItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Item
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"item-{n}")
    name_en = factory.Sequence(lambda n: f"Item {n}")
    name_zh_hans = factory.Sequence(lambda n: f"物资{n}")
    category = factory.SubFactory(CategoryFactory)
    unit = "piece"


class PackFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Pack

    item = factory.SubFactory(ItemFactory)
    code = "box"
    name_en = "box"
    units = 50


class PostingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Posting
        skip_postgeneration_save = True

    city = factory.SubFactory(CityFactory)
    item = factory.SubFactory(ItemFactory)
    quantity = 1000
    state = PostingState.OPEN
    state_since = factory.LazyFunction(timezone.now)
    opened_at = factory.LazyFunction(timezone.now)
    expires_on = factory.LazyFunction(lambda: timezone.now().date() + timedelta(days=30))


class NeedFactory(PostingFactory):
    kind = "need"
    urgency = 1


class OfferFactory(PostingFactory):
    kind = "offer"
