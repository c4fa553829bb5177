from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from apps.accounts.middleware import PersonTimeZone, PrivatePages
from apps.accounts.models import User
from tests import factories
from tests.happenings import tell

NO_STORE = "max-age=0, no-cache, no-store, must-revalidate, private"


def zone_inside(rf, user: User | AnonymousUser) -> str:
    request = rf.get("/")
    request.user = user
    seen = []
    PersonTimeZone(lambda _: seen.append(timezone.get_current_timezone_name()))(request)
    return seen[0]


@pytest.mark.parametrize(
    ("user", "zone"),
    [
        (User(time_zone="Asia/Shanghai"), "Asia/Shanghai"),
        (User(time_zone="America/Chicago"), "America/Chicago"),
        (User(time_zone="Mars/Olympus"), "UTC"),
        (User(time_zone=""), "UTC"),
        (AnonymousUser(), "UTC"),
    ],
)
def test_times_are_those_of_the_person_when_a_page_is_made(rf, user, zone):
    assert zone_inside(rf, user) == zone
    assert timezone.get_current_timezone_name() == "UTC"


def test_page_opens_when_the_stored_zone_is_no_longer_known(client, db):
    person = factories.UserFactory(time_zone="Mars/Olympus")
    client.force_login(person)

    response = client.get(reverse("accounts:profile"))

    assert response.status_code == 200


def test_times_are_shown_in_the_zone_of_the_person_when_they_look(client, db):
    person = factories.UserFactory(time_zone="Asia/Shanghai")
    posting = factories.OfferFactory()
    liaison = factories.LiaisonFactory(user=person, city=posting.city)
    tell("officer_confirmed", liaison, [person], now=datetime(2026, 3, 1, 17, 30, tzinfo=UTC))
    client.force_login(person)

    page = client.get(reverse("notifications:notification_list")).content.decode()

    assert "2 Mar 2026" in page
    assert ">01:30</time>" in page


def test_no_cache_keeps_a_page_when_the_person_is_signed_in(client, db):
    client.force_login(factories.UserFactory())

    response = client.get(reverse("dashboard:city_list"))

    assert response["Cache-Control"] == NO_STORE


def test_page_may_be_kept_when_a_visitor_looks(client, db):
    response = client.get(reverse("dashboard:city_list"))

    assert not response.has_header("Cache-Control")


def test_page_keeps_its_own_word_when_it_says_how_long_it_holds(rf):
    request = rf.get("/")
    request.user = User()
    own = HttpResponse(headers={"Cache-Control": "private, max-age=5"})

    response = PrivatePages(lambda _: own)(request)

    assert response["Cache-Control"] == "private, max-age=5"


@pytest.mark.parametrize(
    ("language", "path", "expected"),
    [
        ("zh-hans", "/", "/zh-hans/"),
        ("zh-hans", "/ledger/", "/zh-hans/ledger/"),
        ("en", "/", "/en/"),
        (None, "/", "/en/"),
    ],
)
def test_address_without_a_language_leads_to_that_of_the_person(
    client, db, language, path, expected
):
    if language:
        client.force_login(factories.UserFactory(language=language))

    response = client.get(path, headers={"accept-language": "en"})

    assert (response.status_code, response.url) == (302, expected)


def test_page_keeps_the_language_of_its_address_when_the_person_has_another(client, db):
    client.force_login(factories.UserFactory(language="zh-hans"))

    assert '<html lang="en">' in client.get("/en/ledger/").text
