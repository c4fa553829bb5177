import pytest
from django.contrib.auth.models import AnonymousUser

from apps.postings.models import Posting, Resource
from apps.postings.states import PostingState
from tests import factories

pytestmark = pytest.mark.django_db

PUBLIC = {"open", "fulfilled"}
ALL = set(PostingState.values)


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("visitor", PUBLIC),
        ("new", PUBLIC),
        ("other", PUBLIC),
        ("requested", PUBLIC),
        ("removed", PUBLIC),
        ("own", ALL),
        ("coordinator", ALL),
        ("administrator", ALL),
    ],
)
def test_posting_is_seen_by_whom_it_concerns_when_it_is_not_public(who, seen):
    city = factories.CityFactory()
    for state in PostingState:
        factories.OfferFactory(city=city, state=state)
    person = {
        "visitor": AnonymousUser,
        "new": factories.UserFactory,
        "other": lambda: factories.LiaisonFactory().user,
        "requested": lambda: factories.LiaisonFactory(city=city, state="requested").user,
        "removed": lambda: factories.LiaisonFactory(city=city, state="removed").user,
        "own": lambda: factories.LiaisonFactory(city=city).user,
        "coordinator": lambda: factories.UserFactory(coordinator=True),
        "administrator": lambda: factories.UserFactory(administrator=True),
    }[who]()

    rows = list(Posting.objects.visible_to(person).values_list("state", flat=True))

    assert sorted(rows) == sorted(seen)


def test_posting_is_listed_once_when_its_city_has_several_officers():
    posting = factories.OfferFactory()
    person = factories.LiaisonFactory(city=posting.city).user
    factories.LiaisonFactory(city=posting.city)
    factories.LiaisonFactory(city=posting.city, user=person, state="removed")

    assert list(Posting.objects.visible_to(person)) == [posting]


def test_postings_are_sorted_out_when_asked_by_kind_state_and_rest():
    need = factories.NeedFactory(quantity=10, allocated=10)
    offer = factories.OfferFactory(quantity=10, allocated=9)
    knowledge = factories.OfferFactory(quantity=None, state="held")

    assert list(Posting.objects.needs()) == [need]
    assert set(Posting.objects.offers()) == {offer, knowledge}
    assert set(Posting.objects.open()) == {need, offer}
    assert set(Posting.objects.with_free()) == {offer, knowledge}


@pytest.mark.parametrize("state", PostingState)
def test_library_shows_what_is_shared_while_its_offer_is_public_when_opened(state):
    resource = factories.ResourceFactory(posting__state=state)

    shown = list(Resource.objects.visible_to(AnonymousUser()))

    assert shown == ([resource] if state in PUBLIC else [])
