import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from apps.ledger.models import EntryKind
from apps.ledger.services import record_entry
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


def record_gift(item):
    record_entry(
        EntryKind.SENT,
        giver=factories.PartyFactory(),
        receiver=factories.PartyFactory(),
        item=item,
        quantity=5,
        source=("x", 1),
        by=None,
        now=timezone.now(),
    )


@pytest.mark.parametrize(
    ("use", "allowed"),
    [
        (lambda item: None, True),
        (lambda item: item.synonyms.create(language="en", text="another name"), True),
        (lambda item: factories.NeedFactory(item=item, state="draft"), False),
        (lambda item: factories.NeedFactory().substitutes.add(item), False),
        (lambda item: factories.ItemFactory().substitutes.add(item), False),
        (lambda item: factories.PackFactory(item=item), False),
        (lambda item: factories.GiftFactory(item=item), False),
        (record_gift, False),
    ],
    ids=["unused", "synonym", "posting", "accepted", "substitute", "pack", "gift", "entry"],
)
def test_unit_may_be_changed_when_nothing_is_counted_in_it(use, allowed):
    item, other = factories.ItemFactory(), factories.ItemFactory()
    administrator = factories.UserFactory(administrator=True)
    use(item)

    assert administrator.has_perm("postings.change_unit", item) == allowed
    assert administrator.has_perm("postings.change_unit", other)


def test_unit_may_not_be_changed_when_the_person_is_no_administrator():
    person = factories.UserFactory(coordinator=True)

    assert not person.has_perm("postings.change_unit", factories.ItemFactory())
