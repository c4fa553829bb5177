import pytest
from django.urls import NoReverseMatch, reverse, set_script_prefix
from django.utils import translation

from apps.core.links import link

NAMES = {"dashboard:city_detail": "us-tx-san-antonio", "dashboard:posting_detail": 1_000_000}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_link_is_what_reverse_gives_when_asked_in_a_language(name, language):
    key = NAMES[name]

    with translation.override(language):
        assert link(name, key) == reverse(name, args=[key])


def test_link_begins_with_the_prefix_when_the_site_stands_under_one():
    link("dashboard:posting_detail", 1)
    try:
        set_script_prefix("/under/")
        assert link("dashboard:posting_detail", 1).startswith("/under/")
    finally:
        set_script_prefix("/")


def test_link_is_refused_when_no_page_has_that_name():
    with pytest.raises(NoReverseMatch):
        link("dashboard:nothing", 1)
