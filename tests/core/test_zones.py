import pytest

from apps.core.zones import zone_of


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
