import pytest
from django.urls import reverse, set_script_prefix
from django.utils import translation

from apps.core.addresses import address_of

NAME = "dashboard:match_detail"


@pytest.fixture
def beneath():
    set_script_prefix("/beneath/")
    yield
    set_script_prefix("/")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_address_is_that_of_the_page_in_each_language(language):
    with translation.override(language):
        assert address_of(NAME, 10) == reverse(NAME, args=[10])


def test_address_follows_the_place_of_the_site(beneath):
    address_of(NAME, 10)

    assert address_of(NAME, 10) == reverse(NAME, args=[10]) == "/beneath/en/matches/10/"
