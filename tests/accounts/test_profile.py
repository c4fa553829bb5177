import pytest
from django.urls import reverse
from django.utils import translation

from apps.accounts.models import User
from tests import factories
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client) -> User:
    person = factories.UserFactory(name="Ana", language="en", time_zone="UTC")
    client.force_login(person)
    return person


def profile(**changes: str) -> dict[str, str]:
    values = {"name": "Ana", "organisation": "", "language": "en", "time_zone": "UTC"}
    return {**values, **changes}


def test_visitor_is_asked_to_sign_in_when_they_open_a_profile(client):
    response = client.get(reverse("accounts:profile"))

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_profile_is_stored_when_it_is_changed(client, person):
    response = client.post(
        reverse("accounts:profile"),
        profile(name="李安娜", organisation="Sister Cities Office", time_zone="Asia/Shanghai"),
    )

    person.refresh_from_db()
    assert response.status_code == 302
    assert (person.name, person.organisation, person.time_zone) == (
        "李安娜",
        "Sister Cities Office",
        "Asia/Shanghai",
    )


def test_next_page_is_in_the_new_language_when_it_was_changed(client, person):
    response = client.post(reverse("accounts:profile"), profile(language="zh-hans"))

    person.refresh_from_db()
    with translation.override("zh-hans"):
        assert response.url == reverse("accounts:profile")
    assert person.language == "zh-hans"


def test_time_zone_is_chosen_from_a_list_when_a_profile_is_opened(client, person):
    User.objects.filter(pk=person.pk).update(time_zone="America/Chicago")

    page = client.get(reverse("accounts:profile")).text

    assert '<option value="America/Chicago" selected>Central time (Chicago)</option>' in page
    assert '<optgroup label="China">' in page


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"name": ""}, {"name": ["Enter your name."]}),
        (
            {"time_zone": "Mars/Olympus"},
            {"time_zone": ["“Mars/Olympus” is not a known time zone."]},
        ),
        (
            {"language": "fr"},
            {"language": ["Select a valid choice. fr is not one of the available choices."]},
        ),
    ],
)
def test_profile_is_refused_at_the_field_when_it_is_wrong(client, person, changes, errors):
    with nothing_changes():
        response = client.post(reverse("accounts:profile"), profile(**changes))

    assert response.status_code == 422
    assert response.context["form"].errors == errors


def test_role_stays_when_a_forged_form_asks_for_more(client, person):
    client.post(
        reverse("accounts:profile"),
        profile(role="administrator", is_superuser="on", email="other@example.org"),
    )

    stored = User.objects.get(pk=person.pk)
    assert (stored.role, stored.is_superuser, stored.email) == ("member", False, person.email)
