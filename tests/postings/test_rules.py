import pytest
from django.contrib.auth.models import AnonymousUser

from tests import factories

pytestmark = pytest.mark.django_db

CREATE, EDIT, WITHDRAW, HOLD, VIEW = (
    "postings.create_posting",
    "postings.edit_posting",
    "postings.withdraw_posting",
    "postings.hold_posting",
    "postings.view_private_posting",
)


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("visitor", set()),
        ("new", set()),
        ("requested", set()),
        ("removed", set()),
        ("other", set()),
        ("inactive", set()),
        ("own", {CREATE, EDIT, WITHDRAW, VIEW}),
        ("coordinator", {WITHDRAW, HOLD, VIEW}),
        ("administrator", {CREATE, EDIT, WITHDRAW, HOLD, VIEW}),
    ],
)
def test_person_may_do_what_their_role_allows_when_asked(who, allowed):
    posting = factories.OfferFactory(state="draft")
    city = posting.city
    person = {
        "visitor": AnonymousUser,
        "new": factories.UserFactory,
        "requested": lambda: factories.LiaisonFactory(city=city, state="requested").user,
        "removed": lambda: factories.LiaisonFactory(city=city, state="removed").user,
        "other": lambda: factories.LiaisonFactory().user,
        "inactive": lambda: factories.LiaisonFactory(city=city, user__is_active=False).user,
        "own": lambda: factories.LiaisonFactory(city=city).user,
        "coordinator": lambda: factories.UserFactory(coordinator=True),
        "administrator": lambda: factories.UserFactory(administrator=True),
    }[who]()

    may = {name for name in (EDIT, WITHDRAW, HOLD, VIEW) if person.has_perm(name, posting)}
    may |= {CREATE} if person.has_perm(CREATE, city) else set()

    assert may == allowed


@pytest.mark.parametrize("name", [CREATE, EDIT, VIEW])
def test_officer_may_nothing_in_general_when_no_posting_is_named(name):
    officer = factories.LiaisonFactory().user

    assert not officer.has_perm(name)
