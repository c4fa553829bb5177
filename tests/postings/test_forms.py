import uuid
from datetime import date

import pytest

from apps.postings.forms import FORMS, EditForm, NeedEditForm, NeedForm, OfferEditForm, OfferForm
from apps.postings.models import Item, Pack
from tests import factories

pytestmark = pytest.mark.django_db

TOO_SMALL = "Enter a number greater than 0."
NOT_WHOLE = "It is counted in whole units: enter a number without a fraction."
NO_NUMBER = "Enter digits only, for example 1500."
TOO_LARGE = "The largest quantity is 1,000,000,000."
NO_DATE = "Enter a date as year-month-day, for example 2026-05-01."
OUT_OF_RANGE = "Choose a date between 2000 and 2100."
NO_CHOICE = "Select a valid choice. That choice is not one of the available choices."


@pytest.fixture
def box(masks: Item) -> Pack:
    return factories.PackFactory(item=masks, name_en="box", units=50)


def need(thing: Item, **changes: object) -> dict[str, object]:
    """What the form of a need sends."""
    values = {
        "kind": "need",
        "item": thing.pk,
        "quantity": "20,000",
        "urgency": "1",
        "submission": str(uuid.uuid4()),
    }
    return {**values, **changes}


def offer(thing: Item, **changes: object) -> dict[str, object]:
    return need(thing, kind="offer", urgency="", **changes)


def errors(data: dict[str, object]) -> dict[str, list[str]]:
    return dict(FORMS[data["kind"]](data).errors)


def cleaned(data: dict[str, object]) -> dict[str, object]:
    form = FORMS[data["kind"]](data)
    assert form.errors == {}
    return form.cleaned_data


def test_need_is_read_when_it_is_filled_in(masks):
    visors = factories.ItemFactory()

    data = cleaned(
        need(
            masks,
            needed_by="2026-05-01",
            expires_on="2026-04-20",
            smallest_lot="500",
            substitutes=[visors.pk],
            details="For three county hospitals.",
        )
    )

    assert list(data.pop("substitutes")) == [visors]
    assert isinstance(data.pop("submission"), uuid.UUID)
    assert data == {
        "item": masks,
        "quantity": 20_000,
        "entered_quantity": 20_000,
        "pack": None,
        "smallest_lot": 500,
        "urgency": 1,
        "needed_by": date(2026, 5, 1),
        "expires_on": date(2026, 4, 20),
        "details": "For three county hospitals.",
    }


def test_what_belongs_to_the_other_kind_is_left_out_when_it_is_sent(masks):
    everything = {
        "urgency": "1",
        "needed_by": "2026-05-01",
        "available_from": "2026-03-05",
        "available_until": "2026-06-01",
        "substitutes": [masks.pk],
    }

    asked = cleaned(need(masks, **everything))
    given = cleaned({**offer(masks), **everything})

    assert not {"available_from", "available_until"} & set(asked)
    assert (asked["urgency"], asked["needed_by"]) == (1, date(2026, 5, 1))
    assert not {"urgency", "needed_by", "substitutes"} & set(given)
    assert (given["available_from"], given["available_until"]) == (
        date(2026, 3, 5),
        date(2026, 6, 1),
    )


def test_day_of_expiry_is_left_to_the_service_when_none_is_given(masks):
    assert "expires_on" not in cleaned(offer(masks))


@pytest.mark.parametrize(
    ("quantity", "message"),
    [
        ("0", TOO_SMALL),
        ("-5", TOO_SMALL),
        ("-0", TOO_SMALL),
        ("1.5", NOT_WHOLE),
        ("1.500", NOT_WHOLE),
        ("1e5", NO_NUMBER),
        ("ten", NO_NUMBER),
        ("NaN", NO_NUMBER),
        (str(10**14), TOO_LARGE),
        ("9" * 5000, TOO_LARGE),
        ("", "Enter a quantity."),
    ],
    ids=lambda value: str(value)[:20],
)
def test_quantity_is_refused_when_it_is_none(masks, quantity, message):
    assert errors(need(masks, quantity=quantity)) == {"quantity": [message]}


@pytest.mark.parametrize(
    ("field", "day", "message"),
    [
        ("needed_by", "2026-02-30", NO_DATE),
        ("needed_by", "03/04/2026", NO_DATE),
        ("needed_by", "1999-12-31", OUT_OF_RANGE),
        ("expires_on", "2101-01-01", OUT_OF_RANGE),
        ("available_from", "soon", NO_DATE),
        ("available_until", "0001-01-01", OUT_OF_RANGE),
    ],
)
def test_date_is_refused_when_it_is_none(masks, field, day, message):
    line = offer if field.startswith("available") else need

    assert errors(line(masks, **{field: day})) == {field: [message]}


@pytest.mark.parametrize(
    ("urgency", "message"),
    [
        ("", "Say how urgent the need is."),
        ("0", "Select a valid choice. 0 is not one of the available choices."),
        ("5", "Select a valid choice. 5 is not one of the available choices."),
        ("high", "Select a valid choice. high is not one of the available choices."),
    ],
)
def test_need_is_refused_when_it_does_not_say_how_urgent_it_is(masks, urgency, message):
    assert errors(need(masks, urgency=urgency)) == {"urgency": [message]}


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"item": ""}, "item", "This field is required."),
        ({"item": "0"}, "item", NO_CHOICE),
        ({"item": "9" * 30}, "item", NO_CHOICE),
        ({"pack": "0"}, "pack", NO_CHOICE),
        ({"submission": "again"}, "submission", "Enter a valid UUID."),
        (
            {"details": "x" * 2001},
            "details",
            "Ensure this value has at most 2000 characters (it has 2001).",
        ),
        ({"details": "a\x00b"}, "details", "Null characters are not allowed."),
    ],
)
def test_form_is_refused_at_the_field_when_something_is_wrong(masks, changes, field, message):
    assert errors({**need(masks), **changes}) == {field: [message]}


def test_item_is_refused_when_it_is_no_longer_listed(masks):
    old = factories.ItemFactory(is_listed=False)

    assert errors(need(old)) == {"item": [NO_CHOICE]}


@pytest.mark.parametrize(
    ("quantity", "lot", "wanted"),
    [
        ("400", "", (400, 20_000, 50)),
        ("400", "10", (400, 20_000, 500)),
        ("1", "1", (1, 50, 50)),
    ],
)
def test_packs_become_units_and_what_was_typed_is_kept_when_counted_in_packs(
    masks, box, quantity, lot, wanted
):
    data = cleaned(offer(masks, quantity=quantity, pack=box.pk, smallest_lot=lot))

    assert (data["entered_quantity"], data["quantity"], data["smallest_lot"]) == wanted
    assert data["pack"] == box


def test_pack_is_refused_when_it_belongs_to_another_item(masks, box):
    other = factories.ItemFactory()

    assert errors(offer(other, pack=box.pk)) == {"pack": ["This pack belongs to another item."]}


@pytest.mark.parametrize(("quantity", "right"), [("20,000,000", True), ("20,000,001", False)])
def test_quantity_is_refused_when_its_packs_hold_too_much(masks, box, quantity, right):
    data = offer(masks, quantity=quantity, pack=box.pk, confirm_quantity="on")

    assert errors(data) == ({} if right else {"quantity": [TOO_LARGE]})


@pytest.mark.parametrize(("lot", "right"), [("20000", True), ("20001", False)])
def test_smallest_lot_is_refused_when_it_is_more_than_the_quantity(masks, lot, right):
    wanted = {} if right else {"smallest_lot": ["This is more than the quantity."]}

    assert errors(need(masks, smallest_lot=lot)) == wanted


@pytest.mark.parametrize("lot", ["0", "-1", "1.5", "half"])
def test_smallest_lot_is_refused_when_it_is_no_quantity(masks, lot):
    assert list(errors(need(masks, smallest_lot=lot))) == ["smallest_lot"]


@pytest.mark.parametrize("pack", [True, False])
def test_absurd_quantity_is_asked_back_when_it_is_not_confirmed(masks, box, pack):
    counted = {"quantity": "20001", "pack": box.pk} if pack else {"quantity": "1000050"}

    assert errors(need(masks, **counted)) == {
        "quantity": [
            "1,000,050 is far more than usual for this item (up to 1,000,000). If it is right,"
            " tick “The large quantity is right” below."
        ]
    }


def names(fields) -> list[str]:
    return [field.name for field in fields]


def test_form_asks_only_for_what_belongs_to_the_kind_when_it_opens():
    asked, given = NeedForm(), OfferForm()

    usual = ["item", "quantity", "pack"]
    assert names(asked.usual_fields()) == [*usual, "urgency", "needed_by", "details", "submission"]
    assert names(given.usual_fields()) == [
        *usual,
        "available_from",
        "available_until",
        "details",
        "submission",
    ]
    assert names(asked.rare_fields()) == ["smallest_lot", "substitutes", "expires_on"]
    assert names(given.rare_fields()) == ["smallest_lot", "expires_on"]
    assert [asked["urgency"].value(), asked.uses_rare_fields()] == [None, False]


@pytest.mark.parametrize(
    ("quantity", "confirmed", "wanted"),
    [("1,000,001", "", True), ("1,000,001", "on", True), ("1,000,000", "", False)],
)
def test_box_that_confirms_stands_there_when_the_quantity_is_unusual(
    masks, quantity, confirmed, wanted
):
    form = NeedForm(need(masks, quantity=quantity, confirm_quantity=confirmed))
    form.is_valid()

    assert ("confirm_quantity" in names(form.usual_fields())) is wanted


@pytest.mark.parametrize("changes", [{"smallest_lot": "20001"}, {"expires_on": "2026-04-20"}])
def test_rare_fields_are_open_when_one_is_filled_in(masks, changes):
    assert NeedForm(need(masks, **changes)).uses_rare_fields()


def test_absurd_quantity_is_taken_when_it_is_confirmed(masks):
    data = cleaned(need(masks, quantity="1,000,001", confirm_quantity="on"))

    assert data["quantity"] == 1_000_001
    assert "confirm_quantity" not in data


@pytest.mark.parametrize(("usual", "quantity"), [(1_000_000, "1000000"), (None, "999999999")])
def test_quantity_is_not_asked_back_when_it_is_usual_or_nothing_is_known(usual, quantity):
    item = factories.ItemFactory(usual_quantity=usual)

    assert cleaned(need(item, quantity=quantity))["quantity"] == int(quantity)


def test_items_stand_under_their_category_when_the_form_opens(masks):
    advice = factories.CategoryFactory(code="advice", name_en="Advice", rank=5)
    call = factories.ItemFactory(category=advice, name_en="Call", unit="session")

    choices = list(OfferForm().fields["item"].choices)

    assert choices[0] == ("", "choose")
    assert [(name, [str(label) for _, label in items]) for name, items in choices[1:]] == [
        ("Protective equipment", ["Masks (pieces)"]),
        ("Advice", ["Call (sessions)"]),
    ]
    assert call.category == advice


def test_each_form_has_a_number_of_its_own_when_it_opens():
    numbers = {str(NeedForm().initial["submission"]) for _ in range(3)}

    assert len(numbers) == 3


# Editing


def edited(posting, **changes: object) -> EditForm:
    """The form as it opens, sent with some changes."""
    form = NeedEditForm if posting.is_need else OfferEditForm
    shown = form(posting=posting)
    data = {name: shown[name].value() for name in shown.fields}
    sent = {name: value for name, value in data.items() if value not in (None, False)}
    return form({**sent, **changes}, posting=posting)


def test_edit_changes_nothing_when_it_is_sent_as_it_opened(masks, box):
    posting = factories.NeedFactory(
        item=masks,
        quantity=20_000,
        entered_quantity=400,
        pack=box,
        smallest_lot=500,
        urgency=2,
        needed_by=date(2026, 5, 1),
        details="For three county hospitals.",
    )
    visors = factories.ItemFactory()
    posting.substitutes.add(visors)

    form = edited(posting)

    assert form.errors == {}
    data = form.cleaned_data
    assert (data.pop("version"), list(data.pop("substitutes"))) == (1, [visors])
    assert data == {name: getattr(posting, name) for name in data}
    assert set(data) == {
        "item",
        "quantity",
        "entered_quantity",
        "pack",
        "smallest_lot",
        "urgency",
        "needed_by",
        "expires_on",
        "details",
    }


def test_edit_asks_how_urgent_when_a_need_no_longer_says(masks):
    posting = factories.NeedFactory(item=masks)

    assert edited(posting, urgency="").errors == {"urgency": ["Say how urgent the need is."]}


def test_edit_asks_back_when_the_quantity_becomes_absurd(masks):
    posting = factories.OfferFactory(item=masks)

    assert list(edited(posting, quantity="2,000,000").errors) == ["quantity"]


def test_edit_requires_a_quantity_when_there_was_one(masks):
    posting = factories.OfferFactory(item=masks)

    assert edited(posting, quantity="").errors == {"quantity": ["Enter a quantity."]}


def test_edit_of_knowledge_asks_for_no_quantity_when_it_has_none():
    posting = factories.ResourceFactory().posting

    form = edited(posting, details="Third edition.", quantity="5", smallest_lot="9", pack="0")

    assert form.errors == {}
    assert not {"quantity", "entered_quantity", "smallest_lot", "pack"} & set(form.cleaned_data)
    assert form.cleaned_data["details"] == "Third edition."


def test_edit_keeps_an_item_when_it_is_no_longer_listed():
    item = factories.ItemFactory(is_listed=False)
    posting = factories.OfferFactory(item=item)

    assert edited(posting).errors == {}
