from datetime import UTC, datetime
from itertools import chain
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.utils import translation

from apps.core.zones import AREAS, zone_choices, zone_of


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


def test_zones_can_be_chosen_once_and_those_of_the_two_countries_come_first():
    first, china, america, *areas = zone_choices()
    names = [name for __, zones in (china, america, *areas) for name, __ in zones]

    assert first == ("UTC", "Universal time (UTC)")
    assert len(names) == len(set(names)) > 350
    assert [name for name, __ in china[1]] == ["Asia/Shanghai", "Asia/Urumqi"]
    assert ("Europe/Paris", "Paris") in chain.from_iterable(zones for __, zones in areas)


def test_clock_of_every_zone_can_be_chosen_under_one_of_its_names():
    moments = [datetime(2026, month, 1, tzinfo=UTC) for month in range(1, 13)]
    offered = [name for __, zones in zone_choices()[1:] for name, __ in zones]

    def clock(name):
        return tuple(moment.astimezone(ZoneInfo(name)).utcoffset() for moment in moments)

    named = {name for name in available_timezones() if name.partition("/")[0] in AREAS}
    assert {clock(name) for name in named} <= {clock(name) for name in offered}


def test_another_name_of_a_zone_is_kept_when_a_person_has_it():
    assert ("Asia/Calcutta", "Asia/Calcutta") in zone_choices("Asia/Calcutta")
    assert zone_choices("Asia/Kolkata") == zone_choices("UTC") == zone_choices("Mars/Olympus")


def test_places_are_called_as_people_call_them_when_the_page_is_chinese():
    with translation.override("zh-hans"):
        __, (country, zones), *areas = zone_choices()

        assert (str(country), zones[0]) == ("中国", ("Asia/Shanghai", "北京时间（上海）"))
        assert ("Asia/Kolkata", "加尔各答") in chain.from_iterable(zones for __, zones in areas)
