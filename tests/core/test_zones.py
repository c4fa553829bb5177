from itertools import chain
from zoneinfo import available_timezones

import pytest
from django.utils import translation

from apps.core.zones import zone_choices, zone_of


@pytest.mark.parametrize("name", ["UTC", "Asia/Shanghai", "America/Chicago"])
def test_zone_is_the_named_one_when_it_is_known(name):
    assert zone_of(name).key == name


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "America", "/etc/passwd", "../../etc/passwd", "Asia/Shanghai\n"]
)
def test_zone_is_utc_when_the_name_is_empty_or_unknown(name):
    assert zone_of(name).key == "UTC"


def test_unknown_zone_is_logged_when_it_is_asked_for(caplog):
    zone_of("Mars/Olympus")

    assert [record.message for record in caplog.records] == [
        "The time zone 'Mars/Olympus' is not known; UTC is used."
    ]


def test_every_zone_can_be_chosen_once_and_those_of_the_two_countries_come_first():
    first, china, america, *areas = zone_choices()
    offered = [first[0], *(name for __, zones in (china, america, *areas) for name, __ in zones)]

    assert first == ("UTC", "UTC")
    assert sorted(offered) == sorted(available_timezones())
    assert [name for name, __ in china[1]] == ["Asia/Shanghai", "Asia/Urumqi"]
    assert ("Europe/Paris", "Paris") in chain.from_iterable(zones for __, zones in areas)
    assert ("America/North_Dakota/Center", "North Dakota/Center") in dict(areas)["America"]


def test_usual_zones_are_called_as_people_call_them_when_the_page_is_chinese():
    with translation.override("zh-hans"):
        __, (country, zones), *_ = zone_choices()

        assert (str(country), zones[0]) == ("中国", ("Asia/Shanghai", "北京时间（Shanghai）"))
