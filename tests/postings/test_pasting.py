import pytest
from django.http import QueryDict

from apps.postings.forms import PostingSheet
from apps.postings.models import Kind, Synonym
from apps.postings.pasting import add_pasted
from tests import factories


@pytest.fixture
def box(masks):
    Synonym.objects.create(item=masks, language="zh-hans", text="医用口罩")
    Synonym.objects.create(item=masks, language="en", text="Face  Mask")
    return factories.PackFactory(
        item=masks, name_en="Box of 50", name_zh_hans="盒（50只）", units=50
    )


def pasted(text: str, kind: str = "need", **sent: str) -> tuple[str, dict[str, str]]:
    data = QueryDict(mutable=True)
    data.update({"pasted": text, **{name.replace("__", "-"): v for name, v in sent.items()}})
    problem = add_pasted(data, Kind(kind))
    return problem, {name: data[name] for name in data if name.startswith("line-")}


def line(
    number: int, item: object, quantity: str, pack: object = "", **more: str
) -> dict[str, str]:
    values = {"item": str(item), "quantity": quantity, "pack": str(pack), **more}
    return {f"line-{number}-{name}": value for name, value in values.items()}


NEED = {"needed_by": "", "urgency": ""}


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ("Masks\t20,000", ("20,000", False, "", "")),
        ("face mask\t20000\tpieces", ("20000", False, "", "")),
        ("医用口罩\t400\t盒（50只）\t2026年5月1日\t危急", ("400", True, "2026-05-01", "1")),
        ("MASKS\t1\tpiece\t2026/5/1\turgent", ("1", False, "2026-05-01", "2")),
        ("Masks\t3\tbox of 50\t\t4", ("3", True, "", "4")),
        ("Masks, 5, 件, 2026-05-01, soon", ("5", False, "2026-05-01", "3")),
        ('Masks,"20,000"', ("20,000", False, "", "")),
        ("Masks，5", ("5", False, "", "")),
    ],
)
def test_row_becomes_a_line_when_it_is_known(masks, box, row, wanted):
    quantity, packed, day, urgency = wanted

    problem, lines = pasted(row)

    pack = box.pk if packed else ""
    assert problem == ""
    assert lines == line(0, masks.pk, quantity, pack, needed_by=day, urgency=urgency)


def test_fault_is_named_at_its_line_when_something_is_not_known(masks, box):
    data = QueryDict(mutable=True)
    data["pasted"] = "Masks\t5\tbarrel\nUnicorns\tmany\nMasks\t7\t\tsoon\turgently"

    add_pasted(data, Kind.NEED)
    form = PostingSheet("need", data, language="en", checked=["lines"])

    assert form.errors == {
        "line-0-pack": ["“barrel” is no pack of this item: choose another unit."],
        "line-1-item": ["“Unicorns” is not in the list: choose an item."],
        "line-1-quantity": ["Enter digits only, for example 1500."],
        "line-2-urgency": ["Select a valid choice. urgently is not one of the available choices."],
        "line-2-needed_by": ["Enter a date as year-month-day, for example 2026-05-01."],
    }


def test_headings_are_left_out_when_the_first_row_has_no_number(masks, box):
    __, lines = pasted("Item\tQuantity\nMasks\t5")

    assert lines == line(0, masks.pk, "5", **NEED)


def test_rows_stand_behind_what_was_typed_when_pasted(masks, box):
    typed = {"line__2__item": str(masks.pk), "line__2__quantity": "1"}

    __, lines = pasted("Masks\t5", line__0__item="", **typed)

    assert lines == {
        "line-2-item": str(masks.pk),
        "line-2-quantity": "1",
        **line(3, masks.pk, "5", **NEED),
    }


def test_date_is_the_end_of_an_offer_when_it_is_pasted(masks, box):
    __, lines = pasted("Masks\t5\t\t2026-05-01\turgent", "offer")

    assert lines == line(0, masks.pk, "5", available_until="2026-05-01")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (" \n ", "Paste at least one row: item, quantity, unit, date, urgency."),
        ("Masks\t5\n" * 31, "A page holds at most 30 lines."),
        ("x" * 10_001, "This is too long: paste at most 30 rows."),
    ],
    ids=["empty", "rows", "long"],
)
def test_nothing_is_read_when_it_is_none_or_too_much(masks, text, problem):
    assert pasted(text) == (problem, {})


def test_name_is_left_to_the_person_when_two_items_bear_it(masks):
    for _ in range(2):
        Synonym.objects.create(item=factories.ItemFactory(), language="en", text="Gown")

    assert pasted("Gown\t5")[1]["line-0-item"] == "Gown"
