from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from apps.core.forms import DateField, QuantityField

TOO_SMALL = "Enter a number greater than 0."
NOT_WHOLE = "It is counted in whole units: enter a number without a fraction."
NO_NUMBER = "Enter digits only, for example 1500."
TOO_LARGE = "The largest quantity is 1,000,000,000."
NO_DATE = "Enter a date as year-month-day, for example 2026-05-01."
OUT_OF_RANGE = "Choose a date between 2000 and 2100."


def refusal(field: QuantityField | DateField, text: object) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        field.clean(text)
    return refused.value.messages


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("1500", 1500),
        ("  1500  ", 1500),
        ("007", 7),
        ("1,500", 1500),
        ("1 500", 1500),
        ("1\u00a0500", 1500),
        ("1\u202f500", 1500),
        ("1'500", 1500),
        ("1’500", 1500),
        ("12,345,678", 12_345_678),
        ("１５００", 1500),
        ("１，５００", 1500),
        ("١٥٠٠", 1500),
        ("۱۵۰۰", 1500),
        ("١٬٥٠٠", 1500),
        ("१५००", 1500),
        ("1000000000", 1_000_000_000),
        ("0" * 60 + "5", 5),
    ],
)
def test_quantity_is_read_when_people_write_it_their_way(text, number):
    assert QuantityField().clean(text) == number


@pytest.mark.parametrize("text", ["0", "000", "-0", "-5", "-1.5", "０", "٠", "－5", "-1,500"])
def test_quantity_is_refused_as_too_small_when_it_is_not_positive(text):
    assert refusal(QuantityField(), text) == [TOO_SMALL]


@pytest.mark.parametrize("text", ["1.5", "1.500", "0.5", "1.0", "１．５", "1500.00", "12.345"])
def test_quantity_is_refused_as_a_fraction_when_it_has_a_point(text):
    assert refusal(QuantityField(), text) == [NOT_WHOLE]


@pytest.mark.parametrize(
    "text",
    [
        "ten",
        "1e5",
        "0x10",
        "1_000",
        "NaN",
        "Infinity",
        "1,50",
        "1,5000",
        "15,00",
        "1.500.000",
        "1,500.5",
        "+5",
        "5 boxes",
        "½",
        "፩",
        "᧚1",
        "-",
        ".",
        "<script>",
    ],
)
def test_quantity_is_refused_as_no_number_when_it_is_none(text):
    assert refusal(QuantityField(), text) == [NO_NUMBER]


@pytest.mark.parametrize("text", ["1000000001", "1,000,000,001", "1" + "0" * 14, "9" * 5000])
def test_quantity_is_refused_as_too_large_when_it_is_absurd(text):
    assert refusal(QuantityField(), text) == [TOO_LARGE]


@pytest.mark.parametrize("empty", ["", "   ", None])
def test_quantity_is_none_when_it_is_left_empty_and_not_required(empty):
    assert QuantityField(required=False).clean(empty) is None


@pytest.mark.parametrize("empty", ["", "   ", None])
def test_quantity_is_asked_for_when_it_is_left_empty_and_required(empty):
    assert refusal(QuantityField(), empty) == ["Enter a quantity."]


@pytest.mark.parametrize("text", ["0", "00", "０", "٠"])
def test_quantity_is_zero_when_zero_is_allowed(text):
    assert QuantityField(may_be_zero=True).clean(text) == 0


@pytest.mark.parametrize("text", ["-0", "-5"])
def test_quantity_is_refused_when_negative_although_zero_is_allowed(text):
    assert refusal(QuantityField(may_be_zero=True), text) == ["Enter 0 or a greater number."]


@pytest.mark.parametrize(
    ("value", "shown"), [(1500, "1,500"), (7, "7"), ("1 5oo", "1 5oo"), (None, None)]
)
def test_quantity_is_shown_grouped_when_it_is_a_number_and_as_typed_otherwise(value, shown):
    assert QuantityField().prepare_value(value) == shown


def test_quantity_is_refused_in_chinese_when_the_page_is_chinese():
    with translation.override("zh-hans"):
        messages = refusal(QuantityField(), "ten")

    assert messages != [NO_NUMBER]
    assert "1500" in messages[0]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2000-01-01", date(2000, 1, 1)),
        ("2100-12-31", date(2100, 12, 31)),
        ("2028-02-29", date(2028, 2, 29)),
        (" 2026-05-01 ", date(2026, 5, 1)),
        ("2026-5-1", date(2026, 5, 1)),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_date_is_read_when_it_is_year_month_day(text, day, language):
    with translation.override(language):
        assert DateField().clean(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30",
        "2027-02-29",
        "2026-04-31",
        "03/04/2026",
        "05/01/26",
        "1 May 2026",
        "2026-05",
        "tomorrow",
        "2026-05-01T10:00",
        "99999-01-01",
    ],
)
def test_date_is_refused_when_it_is_no_day_or_ambiguous(text):
    assert refusal(DateField(), text) == [NO_DATE]


@pytest.mark.parametrize("text", ["1999-12-31", "2101-01-01", "0001-01-01", "9999-12-31"])
def test_date_is_refused_when_its_year_is_absurd(text):
    assert refusal(DateField(), text) == [OUT_OF_RANGE]


def test_date_is_none_when_it_is_left_empty_and_not_required():
    assert DateField(required=False).clean("") is None
