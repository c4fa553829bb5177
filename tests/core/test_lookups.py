import pytest
from django.core.exceptions import ValidationError

from apps.cities.forms import LiaisonForm
from apps.cities.models import City
from apps.core.lookups import LookupField, LookupsField
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    state = factories.CityFactory(code="us-tx", name_en="Texas", level="state")
    for code, english, chinese in [
        ("us-tx-paris", "Paris", "帕里斯"),
        ("us-tx-paris-hill", "Paris Hill", ""),
        ("cn-js-wuxi", "Wuxi", "无锡市"),
    ]:
        factories.CityFactory(code=code, name_en=english, name_zh_hans=chinese, parent=state)
    return LookupField(City.objects.acting(), suggests="cities:city_lookup")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("cn-js-wuxi", "cn-js-wuxi"),
        ("Wuxi", "cn-js-wuxi"),
        ("wuxi ", "cn-js-wuxi"),
        ("无锡", "cn-js-wuxi"),
        ("Paris", "us-tx-paris"),
        ("hill", "us-tx-paris-hill"),
    ],
)
def test_text_is_the_row_it_fits_when_no_other_does(field, text, code):
    assert field.clean(text).code == code


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Type a name and choose one."),
        ("Atlantis", "Nothing is called “Atlantis”."),
        ("Wu\0xi", "Null characters are not allowed."),
        ("W" * 121, "Ensure this value has at most 120 characters (it has 121)."),
        (
            "pari",
            "Several fit “pari”: Paris (us-tx-paris); Paris Hill (us-tx-paris-hill)."
            " Type the whole name or its code.",
        ),
    ],
)
def test_text_is_refused_with_what_to_do_when_it_fits_none_or_several(field, text, sentence):
    with pytest.raises(ValidationError) as refused:
        field.clean(text)

    assert refused.value.messages == [sentence]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Wuxi", ["cn-js-wuxi"]),
        ("us-tx-paris; 无锡；Wuxi;", ["us-tx-paris", "cn-js-wuxi"]),
        ("", []),
    ],
)
def test_several_are_read_when_semicolons_part_them(field, text, codes):
    several = LookupsField(field.queryset, suggests="cities:city_lookup", required=False)

    assert [city.code for city in several.clean(text)] == codes


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (" ; ", "Type a name and choose one."),
        ("Wuxi; Atlantis", "Nothing is called “Atlantis”."),
        (";" * 20, "Name at most 20."),
        ("Wuxi;" + "W" * 121, "Ensure this value has at most 120 characters (it has 121)."),
    ],
)
def test_several_are_refused_when_one_of_them_is_nothing(field, text, sentence):
    several = LookupsField(field.queryset, suggests="cities:city_lookup")

    with pytest.raises(ValidationError) as refused:
        several.clean(text)

    assert refused.value.messages == [sentence]


def test_field_may_stay_empty_when_it_is_not_required():
    assert (
        LookupField(City.objects, suggests="cities:city_lookup", required=False).clean("") is None
    )


def test_input_names_the_row_for_scripts_when_one_was_chosen(field):
    form = LiaisonForm(initial={"city": City.objects.get(code="cn-js-wuxi")})

    shown = str(form["city"])

    assert 'value="cn-js-wuxi"' in shown
    assert 'data-label="Wuxi"' in shown
    assert 'data-suggests="/en/cities/lookup/"' in shown


def test_suggestions_are_few_and_say_where_when_asked_for(client, field):
    found = client.get("/en/cities/lookup/", {"q": "pari"}).json()["results"]
    none = client.get("/en/cities/lookup/?q=%00").json()["results"]

    assert [row["value"] for row in found] == ["us-tx-paris", "us-tx-paris-hill"]
    assert found[0]["text"] == "Paris"
    assert found[0]["note"].startswith("Texas, ")
    assert none == []
