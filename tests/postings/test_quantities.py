import pytest
from django.db import IntegrityError, transaction

from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.postings.models import Posting
from apps.postings.services import fulfil, give_back, reserve
from apps.postings.states import PostingState
from tests import factories
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


def numbers(posting: Posting) -> tuple[int | None, int, int]:
    return Posting.objects.values_list("quantity", "allocated", "fulfilled").get(pk=posting.pk)


def offer(**fields: object) -> Posting:
    return factories.OfferFactory(city__name_en="Wuxi", item__name_en="Masks", **fields)


@pytest.mark.parametrize(
    ("allocated", "quantity", "after"), [(0, 1, 1), (0, 100, 100), (88, 12, 100), (88, 5, 93)]
)
def test_units_are_set_aside_when_so_many_are_free(allocated, quantity, after):
    posting = offer(quantity=100, allocated=allocated)

    reserve(posting, quantity)

    assert numbers(posting) == (100, after, 0)
    assert posting.allocated == after


@pytest.mark.parametrize(
    ("allocated", "quantity", "sentence"),
    [
        (88, 13, "Only 12 of 100 remain of Wuxi: Masks (88 are allocated)."),
        (100, 1, "Only 0 of 100 remain of Wuxi: Masks (100 are allocated)."),
        (0, 10**9, "Only 100 of 100 remain of Wuxi: Masks (0 are allocated)."),
    ],
)
def test_units_are_refused_when_fewer_are_free(allocated, quantity, sentence):
    posting = offer(quantity=100, allocated=allocated)

    with nothing_changes(), pytest.raises(DomainError) as refused:
        reserve(posting, quantity)

    assert (refused.value.message, refused.value.field) == (sentence, "quantity")


@pytest.mark.parametrize("state", [state for state in PostingState if state != PostingState.OPEN])
def test_units_are_refused_when_the_posting_is_not_open(state):
    posting = offer(quantity=100, state=state)

    with nothing_changes(), pytest.raises(DomainError) as refused:
        reserve(posting, 1)

    assert (refused.value.message, refused.value.field) == (
        f"Wuxi: Masks is {PostingState(state).label}; nothing of it can be matched now.",
        "",
    )


def test_state_is_asked_of_the_database_when_the_copy_is_old():
    posting = offer(quantity=100)
    Posting.objects.update(state="withdrawn")

    with nothing_changes(), pytest.raises(DomainError):
        reserve(posting, 1)

    assert posting.state == "withdrawn"


def test_free_units_are_asked_of_the_database_when_two_copies_reserve():
    first = offer(quantity=100)
    second = Posting.objects.get()

    reserve(first, 60)
    with nothing_changes(), pytest.raises(DomainError) as refused:
        reserve(second, 60)

    assert refused.value.message == "Only 40 of 100 remain of Wuxi: Masks (60 are allocated)."


def test_units_are_free_again_when_given_back():
    posting = offer(quantity=100, allocated=60, fulfilled=20)

    give_back(posting, 40)

    assert numbers(posting) == (100, 20, 20)
    assert posting.free == 80


@pytest.mark.parametrize("state", PostingState)
def test_units_come_back_when_the_posting_is_in_any_state(state):
    posting = offer(quantity=100, allocated=60, state=state)

    give_back(posting, 60)

    assert numbers(posting) == (100, 0, 0)
    assert Posting.objects.get().state == state


def test_nothing_happens_when_nothing_is_given_back():
    posting = offer(quantity=100, allocated=60)

    with nothing_changes():
        give_back(posting, 0)


@pytest.mark.parametrize(("allocated", "fulfilled", "quantity"), [(60, 0, 61), (60, 30, 31)])
def test_database_refuses_when_more_is_given_back_than_is_held(allocated, fulfilled, quantity):
    posting = offer(quantity=100, allocated=allocated, fulfilled=fulfilled)

    with nothing_changes(), pytest.raises(IntegrityError), transaction.atomic():
        give_back(posting, quantity)


def test_units_are_counted_and_the_posting_stays_open_when_some_are_missing(now):
    posting = offer(quantity=100, allocated=100, fulfilled=20)

    fulfil(posting, 79, now=now)

    assert numbers(posting) == (100, 100, 99)
    assert Posting.objects.get().state == "open"
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("state", ["open", "held", "expired"])
def test_posting_is_fulfilled_when_the_last_unit_is_counted(state, now):
    posting = offer(quantity=100, allocated=100, fulfilled=20, state=state)

    fulfil(posting, 80, now=now)

    assert numbers(posting) == (100, 100, 100)
    assert Posting.objects.values_list("state", "state_since").get() == ("fulfilled", now)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.before, entry.after) == (
        "fulfil_posting",
        None,
        state,
        "fulfilled",
    )


def test_posting_stays_withdrawn_when_its_last_unit_arrives(now):
    posting = offer(quantity=100, allocated=100, state="withdrawn")

    fulfil(posting, 100, now=now)

    assert numbers(posting) == (100, 100, 100)
    assert Posting.objects.get().state == "withdrawn"


def test_database_refuses_when_more_is_counted_than_was_allocated(now):
    posting = offer(quantity=100, allocated=50, fulfilled=20)

    with nothing_changes(), pytest.raises(IntegrityError), transaction.atomic():
        fulfil(posting, 31, now=now)


def test_knowledge_is_never_rationed_when_units_move(now):
    posting = factories.ResourceFactory().posting

    with nothing_changes():
        reserve(posting, 10**9)
        fulfil(posting, 10**9, now=now)
        give_back(posting, 10**9)

    assert posting.free is None
