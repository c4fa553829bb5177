import pytest
from django.urls import reverse
from django.utils import translation

from apps.core.addresses import address_of


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("dashboard:home", ""),
        ("dashboard:replay_2020", ""),
        ("dashboard:posting_detail", 7),
        ("dashboard:entry_detail", 12345),
        ("dashboard:city_detail", "us-tx-san-antonio"),
        ("admin:pairings_pairingrule_change", 3),
    ],
)
def test_address_is_what_reverse_gives(name, key, language):
    with translation.override(language):
        assert address_of(name, key) == reverse(name, args=[key] if key else [])
