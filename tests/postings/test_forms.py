import uuid
from datetime import date

import pytest
from django.http import QueryDict

from apps.postings.forms import EditForm, NeedEditForm, OfferEditForm, PostingSheet
from apps.postings.models import Item, Pack
from tests import factories

pytestmark = pytest.mark.django_db

TOO_SMALL = "Enter a number greater than 0."
NOT_WHOLE = "It is counted in whole units: enter a number without a fraction."
NO_NUMBER = "Enter digits only, for example 1500."
TOO_LARGE = "The largest quantity is 1,000,000,000."
NO_DATE = "Enter a date as year-month-day, for example 2026-05-01."
OUT_OF_RANGE = "Choose a date between 2000 and 2100."
TOO_LONG = "Ensure this value has at most 2000 characters (it has 2001)."
LINE = ("item", "quantity", "confirm_quantity", "pack", "smallest_lot", "substitutes")


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


def sheet(data: dict[str, object]) -> PostingSheet:
    """The sheet as it was sent with one line."""
    sent = QueryDict(mutable=True)
    for name, value in data.items():
        values = value if isinstance(value, list) else [value]
        sent.setlist(f"line-0-{name}" if name in LINE else name, list(map(str, values)))
    return PostingSheet(data["kind"], sent, language="en")


def errors(data: dict[str, object]) -> dict[str, list[str]]:
    return {name.removeprefix("line-0-"): found for name, found in sheet(data).errors.items()}


def cleaned(data: dict[str, object]) -> dict[str, object]:
    form = sheet(data)
    assert form.errors == {}
    return form.rows()[0]


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

    assert data.pop("substitutes") == [visors]
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
        "language": "en",
        "details_translation": "",
        "translation_language": "",
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
        ({"item": ""}, "item", "Choose an item."),
        ({"item": "0"}, "item", "“0” is not in the list: choose an item."),
        ({"item": "gloves"}, "item", "“gloves” is not in the list: choose an item."),
        ({"pack": "0"}, "pack", "“0” is no pack of this item: choose another unit."),
        ({"details_translation": "x" * 2001, "details": "a"}, "details_translation", TOO_LONG),
        (
            {"details_translation": "给医院", "translation_language": "en"},
            "translation_language",
            "The details are in this language already.",
        ),
        ({"details": "x" * 2001}, "details", TOO_LONG),
        ({"details": "a\x00b"}, "details", "Null characters are not allowed."),
    ],
)
def test_form_is_refused_at_the_field_when_something_is_wrong(masks, changes, field, message):
    assert errors({**need(masks), **changes}) == {field: [message]}


def test_item_is_refused_when_it_is_no_longer_listed(masks):
    old = factories.ItemFactory(is_listed=False)

    assert errors(need(old)) == {"item": [f"“{old.pk}” is not in the list: choose an item."]}


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


def opened(kind: str) -> PostingSheet:
    return PostingSheet(kind, language="en")


def test_form_asks_only_for_what_belongs_to_the_kind_when_it_opens(db):
    asked, given = opened("need"), opened("offer")

    assert names(asked.head.usual_head()) == ["urgency", "needed_by"]
    assert names(given.head.usual_head()) == ["available_from", "available_until"]
    assert names(asked.lines[0].rare_fields()) == [
        "urgency",
        "needed_by",
        "smallest_lot",
        "substitutes",
    ]
    assert names(given.lines[0].rare_fields()) == [
        "available_from",
        "available_until",
        "smallest_lot",
    ]
    assert asked["urgency"].value() is None
    assert not asked.lines[0].uses_rare_fields()
    assert not asked.head.uses_rare_head()


@pytest.mark.parametrize(
    ("quantity", "confirmed", "wanted"),
    [("1,000,001", "", True), ("1,000,001", "on", True), ("1,000,000", "", False)],
)
def test_box_that_confirms_stands_there_when_the_quantity_is_unusual(
    masks, quantity, confirmed, wanted
):
    form = sheet(need(masks, quantity=quantity, confirm_quantity=confirmed))
    form.is_valid()

    assert form.lines[0].is_unusual is wanted


@pytest.mark.parametrize(
    ("changes", "line", "head"),
    [
        ({"smallest_lot": "20001"}, True, False),
        ({"details": "For hospitals."}, False, True),
        ({"expires_on": "soon"}, False, True),
        ({"expires_on": "2026-04-20"}, False, False),
    ],
)
def test_rare_fields_are_open_when_one_is_filled_in(masks, changes, line, head):
    form = sheet(need(masks, **changes))

    assert (form.lines[0].uses_rare_fields(), form.head.uses_rare_head()) == (line, head)


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
    factories.ItemFactory(category=advice, name_en="Call", unit="session")

    choices = list(opened("offer")["line-0-item"].field.choices)

    assert choices[0] == ("", "choose")
    assert [(name, [str(label) for _, label in items]) for name, items in choices[1:]] == [
        ("Protective equipment", ["Masks (pieces)"]),
        ("Advice", ["Call (sessions)"]),
    ]


def test_packs_are_those_of_the_item_when_one_is_chosen(masks, box):
    other = factories.PackFactory(item__name_en="Visors", units=2)

    before = opened("offer").lines[0].fields["pack"].widget.choices
    after = sheet(offer(masks)).lines[0].fields["pack"].widget.choices

    assert [name for name, __ in before] == ["", "Masks", str(other.item)]
    assert list(after) == [("", "pieces"), (box.pk, "box (50 pieces)")]


def test_each_form_has_a_number_of_its_own_when_it_opens(db):
    assert len({opened("need").submission for _ in range(3)}) == 3


# Several lines


def lines(*rows: dict[str, object], **head: object) -> PostingSheet:
    sent = QueryDict(mutable=True)
    sent.update(
        {
            "urgency": "2",
            "needed_by": "2026-05-01",
            "submission": "00000000-0000-4000-8000-000000000001",
            **head,
        }
    )
    for number, row in enumerate(rows):
        sent.update({f"line-{number}-{name}": str(value) for name, value in row.items()})
    return PostingSheet("need", sent, language="en")


def test_lines_take_what_all_share_when_they_say_nothing_themselves(masks):
    visors = factories.ItemFactory()

    form = lines(
        {"item": masks.pk, "quantity": "100"},
        {"item": visors.pk, "quantity": "50", "urgency": "1", "needed_by": "2026-04-01"},
    )

    told = ("item", "quantity", "urgency", "needed_by")
    assert form.is_valid()
    assert [tuple(row[name] for name in told) for row in form.rows().values()] == [
        (masks, 100, 2, date(2026, 5, 1)),
        (visors, 50, 1, date(2026, 4, 1)),
    ]


def test_urgency_of_all_lines_is_not_asked_for_when_each_says_its_own(masks):
    own = {"item": masks.pk, "quantity": "100", "urgency": "1"}

    every, one = lines(own, own, urgency=""), lines(own, {**own, "urgency": ""}, urgency="")

    assert (every.errors, one.errors) == ({}, {"urgency": ["Say how urgent the need is."]})
    assert [row["urgency"] for row in every.rows().values()] == [1, 1]


def test_line_keeps_its_number_when_another_is_taken_out(masks):
    both = lines({"item": masks.pk, "quantity": "100"}, {"item": masks.pk, "quantity": "200"})
    one = lines({}, {"item": masks.pk, "quantity": "200"})

    assert (both.is_valid(), one.is_valid()) == (True, True)
    submissions = {number: row["submission"] for number, row in both.rows().items()}
    assert len(set(submissions.values())) == 2
    assert {n: row["submission"] for n, row in one.rows().items()} == {1: submissions[1]}


def test_line_left_empty_is_none_when_another_is_filled_in(masks):
    form = lines({"item": masks.pk, "quantity": "100"}, {"item": "", "quantity": ""})

    assert form.errors == {}
    assert list(form.rows()) == [0]


def test_fault_is_told_at_its_own_line_when_one_of_several_is_wrong(masks):
    form = lines({"item": masks.pk, "quantity": "100"}, {"item": masks.pk, "quantity": "many"})

    assert form.errors == {"line-1-quantity": [NO_NUMBER]}
    assert [field.html_name for field in form if field.errors] == ["line-1-quantity"]


def test_nothing_is_checked_when_the_form_is_only_shown_again(masks):
    sent = QueryDict("line-0-item=&line-0-quantity=many&urgency=&details=Hospitals&language=en")

    form = PostingSheet("need", sent, language="en", checked=())

    assert (form.errors, form.is_valid()) == ({}, False)
    assert [form[name].value() for name in ("line-0-quantity", "details")] == ["many", "Hospitals"]


def test_number_of_lines_has_an_end_when_more_are_sent(masks):
    form = lines(*[{"item": masks.pk, "quantity": "1"}] * 31)

    assert (len(form.lines), form.may_grow) == (30, False)


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
    assert (data.pop("version"), data.pop("substitutes")) == (1, [visors])
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
        "language",
        "details_translation",
        "translation_language",
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
