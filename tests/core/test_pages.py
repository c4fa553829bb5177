import pytest
from django.core.paginator import EmptyPage, PageNotAnInteger

from apps.cities.models import City
from apps.core.pages import LAST_ROW, LongListPaginator
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages():
    """Of seven cities, three a page; lists of more than five are long."""
    factories.CityFactory.create_batch(7)
    return paginator(City.objects.order_by("pk"), most=5)


def paginator(rows, most):
    made = LongListPaginator(rows, 3)
    made.most = most
    return made


def shown(page):
    return [row.pk for row in page.object_list]


def test_every_row_of_a_long_list_is_on_one_page(pages):
    found = [shown(pages.page(number)) for number in (1, 2, 3)]

    assert [pk for each in found for pk in each] == [row.pk for row in City.objects.order_by("pk")]
    assert [len(each) for each in found] == [3, 3, 1]


def test_a_long_list_tells_whether_a_page_follows_when_its_length_is_not_known(pages):
    assert pages.is_longer
    assert pages.num_pages == 1
    assert [pages.page(number).has_next() for number in (1, 2, 3)] == [True, True, False]
    assert [pages.page(number).has_previous() for number in (1, 2, 3)] == [False, True, True]


@pytest.mark.parametrize("number", [4, LAST_ROW, 10**40])
def test_page_beyond_the_end_of_a_long_list_is_none(pages, number):
    with pytest.raises(EmptyPage):
        pages.page(number)


@pytest.mark.parametrize(
    ("number", "error"), [(0, EmptyPage), (-1, EmptyPage), ("x", PageNotAnInteger)]
)
def test_number_of_a_page_is_refused_when_it_is_none(pages, number, error):
    with pytest.raises(error):
        pages.page(number)


def test_a_short_list_is_numbered_to_its_end(pages):
    short = paginator(City.objects.order_by("pk"), most=7)

    assert not short.is_longer
    assert short.num_pages == 3
    assert [short.page(number).has_next() for number in (1, 2, 3)] == [True, True, False]
    with pytest.raises(EmptyPage):
        short.page(4)


def test_rows_are_counted_no_further_than_needed(pages, django_assert_num_queries):
    with django_assert_num_queries(1) as queries:
        assert pages.count == 6

    assert "LIMIT 6" in queries[0]["sql"]


def test_rows_are_fetched_once_and_only_when_they_are_shown(pages, django_assert_num_queries):
    with django_assert_num_queries(1):
        page = pages.page(1)
    with django_assert_num_queries(1):
        assert len(page.object_list) == 3
        assert page.has_next()
        assert list(page)
