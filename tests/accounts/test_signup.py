"""Sign-up, verification by a code and sign-in, through the pages themselves."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from apps.accounts.models import User
from tests import factories
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

PASSWORD = "seven green rivers"
CODE = re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$", re.MULTILINE)


def sign_up(client: Client, **changes: str) -> Any:
    data = {
        "name": "Ana Díaz",
        "organisation": "City of San Antonio",
        "email": "ana@example.org",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    return client.post(reverse("account_signup"), {**data, **changes})


def sign_in(client: Client, **changes: str) -> Any:
    data = {"login": "ana@example.org", "password": PASSWORD}
    return client.post(reverse("account_login"), {**data, **changes})


def confirm(client: Client, code: str) -> Any:
    return client.post(reverse("account_email_verification_sent"), {"code": code})


def mailed_code() -> str:
    found = CODE.search(mail.outbox[-1].body)
    assert found, mail.outbox[-1].body
    return found[0]


def signed_in(client: Client) -> int | None:
    return int(client.session["_auth_user_id"]) if "_auth_user_id" in client.session else None


def test_person_may_sign_in_when_they_signed_up_and_entered_the_code(client):
    asked = sign_up(client)
    person = User.objects.get()
    answer = confirm(client, mailed_code())

    assert asked.status_code == 302
    assert asked.url == reverse("account_email_verification_sent")
    assert (answer.status_code, answer.url) == (302, reverse("dashboard:my_city"))
    assert signed_in(client) == person.pk
    assert EmailAddress.objects.values_list("email", "verified", "primary").get() == (
        "ana@example.org",
        True,
        True,
    )
    assert [message.to for message in mail.outbox] == [["ana@example.org"]]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_name_and_language_are_stored_when_somebody_signs_up_on_a_page(client, language):
    with translation.override(language):
        response = sign_up(client, name="李伟", organisation="无锡市外事办", email="Li@Example.org")

    person = User.objects.get()
    assert response.status_code == 302
    assert (person.name, person.organisation) == ("李伟", "无锡市外事办")
    assert (person.email, person.language, person.role) == ("li@example.org", language, "member")
    assert not person.is_superuser
    assert person.check_password(PASSWORD)


def test_nobody_becomes_more_than_a_member_when_the_form_is_forged(client):
    sign_up(client, role="administrator", is_superuser="1", is_demo="1")

    person = User.objects.get()
    assert (person.role, person.is_superuser, person.is_demo) == ("member", False, False)


def test_nobody_is_signed_in_when_the_code_is_not_entered(client):
    sign_up(client)

    assert signed_in(client) is None
    assert not EmailAddress.objects.get().verified


def test_code_is_refused_when_it_is_wrong(client):
    sign_up(client)

    response = confirm(client, "000000")

    assert response.status_code == 200
    assert response.context["form"].errors == {"code": ["This code is not right."]}
    assert signed_in(client) is None
    assert not EmailAddress.objects.get().verified


def test_code_is_void_when_it_was_wrong_too_often(client):
    sign_up(client)
    code = mailed_code()
    for _ in range(3):
        confirm(client, "000000")

    confirm(client, code)

    assert signed_in(client) is None
    assert not EmailAddress.objects.get().verified


def test_code_is_void_when_somebody_else_enters_it(client):
    sign_up(client)
    stranger = Client()

    confirm(stranger, mailed_code())

    assert signed_in(stranger) is None
    assert not EmailAddress.objects.get().verified


@pytest.mark.parametrize("known", ["ana@example.org", "Ana@Example.ORG"])
def test_known_address_gets_the_same_answer_when_somebody_signs_up_again(client, known):
    person = factories.UserFactory(email="ana@example.org", name="The first Ana")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    stranger = Client()
    unknown = sign_up(stranger, email="new@example.org")
    mail.outbox.clear()

    with nothing_changes():
        answer = sign_up(client, email=known)

    assert (answer.status_code, answer.url) == (unknown.status_code, unknown.url)
    pages = [browser.get(answer.url).content.decode() for browser in (client, stranger)]
    assert without_own(pages[0], "ana@example.org") == without_own(pages[1], "new@example.org")
    assert [message.to for message in mail.outbox] == [["ana@example.org"]]
    assert "already" in mail.outbox[0].body
    assert signed_in(client) is None


def without_own(page: str, address: str) -> str:
    """A page without what differs from one visitor to the next."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    assert address in text
    return text.replace(address, "…")


def test_account_mail_names_us_and_our_address_when_the_request_names_another_host(
    client, settings
):
    settings.BASE_URL = "https://counterpart.example"

    sign_up(client)

    body = mail.outbox[0].body
    assert body.startswith("Dear Ana Díaz,\n\nYour code for Counterpart\n")
    assert body.endswith("\nCounterpart\nhttps://counterpart.example\n")
    assert "testserver" not in body


def test_sign_in_asks_for_the_code_again_when_the_address_is_not_verified(client):
    sign_up(client)
    later = Client()

    response = sign_in(later)

    assert (response.status_code, response.url) == (
        302,
        reverse("account_email_verification_sent"),
    )
    assert signed_in(later) is None
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    "changes", [{"password": "another long one"}, {"login": "nobody@example.org"}]
)
def test_sign_in_gives_one_answer_when_address_or_password_is_wrong(client, changes):
    person = factories.UserFactory(email="ana@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)

    response = sign_in(client, **changes)

    assert response.context["form"].errors == {
        "__all__": ["E-mail address or password are not right."]
    }
    assert signed_in(client) is None


@pytest.mark.parametrize("login", ["ana@example.org", "ANA@example.org"])
def test_sign_in_works_when_the_address_is_verified(client, login):
    person = factories.UserFactory(email="ana@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)

    response = sign_in(client, login=login)

    assert (response.status_code, response.url) == (302, reverse("dashboard:my_city"))
    assert signed_in(client) == person.pk


@pytest.mark.parametrize(
    ("role", "language", "path"),
    [
        ("member", "en", "/en/my/"),
        ("member", "zh-hans", "/zh-hans/my/"),
        ("coordinator", "zh-hans", "/zh-hans/queue/"),
        ("administrator", "en", "/en/queue/"),
    ],
)
def test_sign_in_leads_to_the_work_of_the_role_in_the_language_of_the_person(
    client, role, language, path
):
    person = factories.UserFactory(
        email="ana@example.org", password=PASSWORD, role=role, language=language
    )
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    other = "en" if language == "zh-hans" else "zh-hans"
    with translation.override(language):
        greeting = gettext("You are signed in as %(user)s.") % {"user": person}

    with translation.override(other):
        response = sign_in(client)
    page = client.get(response.url)

    assert (response.status_code, response.url, page.status_code) == (302, path, 200)
    assert greeting in page.text


@pytest.mark.parametrize("role", ["member", "coordinator"])
def test_sign_in_leads_to_the_page_that_was_asked_for_when_there_is_one(client, role):
    person = factories.UserFactory(
        email="ana@example.org", password=PASSWORD, role=role, language="zh-hans"
    )
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)

    response = sign_in(client, next="/en/ledger/")

    assert (response.status_code, response.url) == (302, "/en/ledger/")


def test_sign_in_page_leads_on_when_the_person_is_signed_in_already(client):
    client.force_login(factories.UserFactory(coordinator=True, language="zh-hans"))

    response = client.get(reverse("account_login"))

    assert (response.status_code, response.url) == (302, "/zh-hans/queue/")


def test_sign_in_is_refused_when_the_person_may_no_longer(client):
    person = factories.UserFactory(email="ana@example.org", password=PASSWORD, is_active=False)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)

    sign_in(client)

    assert signed_in(client) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"email": "no address"}, "email"),
        ({"email": ""}, "email"),
        ({"password1": "12345678", "password2": "12345678"}, "password1"),
        ({"password2": "something else"}, "password2"),
    ],
)
def test_sign_up_says_what_is_wrong_at_the_field_when_it_is_refused(client, changes, field):
    with nothing_changes():
        response = sign_up(client, **changes)

    assert list(response.context["form"].errors) == [field]
    assert mail.outbox == []


def test_account_mail_comes_in_the_language_of_the_person_when_the_page_has_another(client):
    person = factories.UserFactory(email="li@example.org", language="zh-hans")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)

    client.post(reverse("account_reset_password"), {"email": "li@example.org"})

    assert [message.subject for message in mail.outbox] == ["设置新密码"]


def test_account_mail_comes_in_the_language_of_the_page_when_the_address_is_unknown(client):
    with translation.override("zh-hans"):
        client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})

    assert len(mail.outbox) == 1
    assert "Counterpart" not in mail.outbox[0].subject
    assert re.search("[\u4e00-\u9fff]", mail.outbox[0].subject)
