import pytest
from django.db.models import F

from apps.postings.models import Item, Pack, Posting, Synonym, Unit
from tests import factories
from tests.constraints import refused_by

pytestmark = pytest.mark.django_db

OVER = "postings_posting_never_over_allocated"
SAYS = "postings_posting_need_says_how_much_and_how_urgent"


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "sleeping"}, "postings_posting_state_known"),
        ({"allocated": 101}, OVER),
        ({"allocated": 10, "fulfilled": 11}, OVER),
        ({"quantity": 0}, "postings_posting_(quantity_positive|lot_within_quantity)"),
        ({"quantity": None}, SAYS),
        ({"urgency": 0}, SAYS),
        ({"urgency": 5}, SAYS),
        ({"kind": "wish"}, SAYS),
        ({"kind": "offer"}, SAYS),
        ({"smallest_lot": 0}, "postings_posting_lot_within_quantity"),
        ({"smallest_lot": 101}, "postings_posting_lot_within_quantity"),
        (
            {"available_from": "2026-04-02", "available_until": "2026-04-01"},
            "postings_posting_available_in_order",
        ),
    ],
    ids=str,
)
def test_database_refuses_a_need_when_it_contradicts_itself(change, constraint):
    need = factories.NeedFactory(quantity=100)

    with refused_by(constraint):
        Posting.objects.filter(pk=need.pk).update(**change)


@pytest.mark.parametrize("column", ["allocated", "fulfilled"])
def test_database_refuses_negative_units_when_subtracted(column):
    need = factories.NeedFactory(quantity=100)

    with refused_by(column):
        Posting.objects.filter(pk=need.pk).update(**{column: F(column) - 1})


def test_database_refuses_an_offer_when_it_says_how_urgent_it_is():
    offer = factories.OfferFactory()

    with refused_by(SAYS):
        Posting.objects.filter(pk=offer.pk).update(urgency=1)


def test_database_refuses_knowledge_when_something_of_it_is_fulfilled():
    posting = factories.ResourceFactory().posting

    with refused_by(OVER):
        Posting.objects.filter(pk=posting.pk).update(fulfilled=1)


def test_database_refuses_a_second_posting_when_the_source_is_the_same():
    factories.OfferFactory(source="demo:1")
    other = factories.OfferFactory()

    with refused_by("postings_posting_source_once", "postings_posting.source"):
        Posting.objects.filter(pk=other.pk).update(source="demo:1")


def test_postings_may_lack_a_source_when_there_are_several():
    for _ in range(2):
        factories.OfferFactory(source="")

    assert Posting.objects.count() == 2


def test_database_refuses_a_pack_when_it_holds_nothing():
    pack = factories.PackFactory()

    with refused_by("postings_pack_holds_units"):
        Pack.objects.update(units=0)
    assert pack.units == 50


def test_database_refuses_a_pack_when_the_item_has_one_of_that_code():
    pack = factories.PackFactory(code="box")

    with refused_by("postings_pack_once", "postings_pack.item_id, postings_pack.code"):
        factories.PackFactory(item=pack.item, code="box")


def test_database_refuses_a_synonym_when_the_item_has_it():
    item = factories.ItemFactory()
    Synonym.objects.create(item=item, language="en", text="respirator")

    columns = "postings_synonym.item_id, postings_synonym.language, postings_synonym.text"
    with refused_by("postings_synonym_once", columns):
        Synonym.objects.create(item=item, language="en", text="respirator")


@pytest.mark.parametrize(
    ("quantity", "allocated", "free"),
    [(100, 0, 100), (100, 100, 0), (100, 88, 12), (None, 0, None)],
)
def test_free_is_what_no_match_has_reserved_when_asked(quantity, allocated, free):
    posting = factories.OfferFactory.build(quantity=quantity, allocated=allocated)

    assert posting.free == free


@pytest.mark.parametrize("unit", Unit)
def test_unit_has_a_word_when_a_quantity_is_shown(unit):
    assert Item(unit=unit).get_unit_display() == str(unit.label)
    assert unit.label


def test_posting_is_called_by_city_and_item_when_shown():
    posting = factories.OfferFactory.build(
        city__name_en="Wuxi", item__name_en="Masks", item__category=None
    )

    assert str(posting) == "Wuxi: Masks"
    assert not posting.is_need
