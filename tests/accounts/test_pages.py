"""The pages of the account that allauth answers for: whole, in our words, in both languages."""

import re
from collections.abc import Callable, Iterator

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from tests.accounts.conftest import PASSWORD
from tests.pages.html import Page
from tests.pages.test_rendering import LANGUAGES, faults_of

pytestmark = pytest.mark.django_db

IN = pytest.mark.parametrize("language", LANGUAGES)
NAMES = re.compile(
    r"Counter ?part|JavaScript|English|Firefox|Ana|cookie|PIN|\S+@\S+|[A-Z2-7]{32}|Asia/Shanghai|America/Chicago"
)
LATIN, CHINESE = re.compile("[A-Za-z]{3,}"), re.compile("[\u4e00-\u9fff]")

OUTSIDE = ["account_login", "account_signup", "account_reset_password", "account_inactive"]
OUTSIDE += ["account_reset_password_done", "account_reset_password_from_key_done"]
INSIDE = ["account_email", "account_change_password", "account_logout", "account_reauthenticate"]
INSIDE += ["mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn"]
INSIDE += ["usersessions_list", "accounts:profile", "notifications:preferences"]
SECURED = ["mfa_index", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_list_webauthn"]
SECURED += ["mfa_generate_recovery_codes", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"]


def faults(response, language: str) -> Iterator[str]:
    page = Page(response.text)
    yield from faults_of(page, language)
    words = NAMES.sub("", page.words.replace("简体中文", ""))
    if response.status_code not in (200, 429):
        yield f"answers {response.status_code}"
    yield from (LATIN if language == "zh-hans" else CHINESE).findall(words)


def shown(browser: Client, path: str, language: str) -> list[str]:
    return list(faults(browser.get(path.replace("/en/", f"/{language}/", 1)), language))


@pytest.fixture
def secured(ana: User, enter: Callable[[], Client]) -> Client:
    """Ana's browser; she has an app, recovery codes and a passkey."""
    browser = enter()
    TOTP.activate(ana, generate_totp_secret())
    RecoveryCodes.activate(ana)
    passkey = {"name": "Ana", "credential": {"clientExtensionResults": {}}}
    Authenticator.objects.create(user=ana, type=Authenticator.Type.WEBAUTHN, data=passkey)
    return browser


@IN
@pytest.mark.parametrize("name", OUTSIDE)
def test_page_is_whole_when_a_visitor_opens_it(name, language, client):
    assert shown(client, reverse(name), language) == []


@IN
@pytest.mark.parametrize("name", INSIDE)
def test_page_is_whole_when_a_person_opens_it(name, language, enter):
    assert shown(enter(), reverse(name), language) == []


@IN
@pytest.mark.parametrize("name", SECURED)
def test_page_is_whole_when_the_account_has_a_second_factor(name, language, secured, monkeypatch):
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])

    assert shown(secured, reverse(name), language) == []


@IN
@pytest.mark.parametrize("name", ["mfa_edit_webauthn", "mfa_remove_webauthn"])
def test_page_of_a_passkey_is_whole_when_opened(name, language, secured):
    passkey = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)

    assert shown(secured, reverse(name, args=[passkey.pk]), language) == []


@IN
def test_page_of_the_second_factor_is_whole_when_it_is_asked_for(language, ana):
    TOTP.activate(ana, generate_totp_secret())
    browser = Client()
    browser.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})

    assert shown(browser, reverse("mfa_authenticate"), language) == []
    assert "passkey-second" not in browser.get(reverse("mfa_authenticate")).text


@IN
def test_page_of_the_code_is_whole_when_somebody_signs_up(language, client):
    person = {"name": "Ana", "email": "a@b.example", "password1": PASSWORD, "password2": PASSWORD}
    client.post(reverse("account_signup").replace("/en/", f"/{language}/"), person)

    assert shown(client, reverse("account_email_verification_sent"), language) == []


@IN
def test_addresses_are_listed_with_what_can_be_done_when_there_are_several(language, ana, enter):
    EmailAddress.objects.create(user=ana, email="new@example.org")
    EmailAddress.objects.create(user=ana, email="old@example.org", verified=True)
    browser = enter()

    page = browser.get(reverse("account_email")).text

    assert shown(browser, reverse("account_email"), language) == []
    assert [page.count(f'name="action_{verb}"') for verb in ("send", "primary", "remove")] == [
        1,
        1,
        2,
    ]


@IN
def test_new_password_is_set_when_the_link_of_the_mail_is_opened(language, ana, client):
    client.post(reverse("account_reset_password"), {"email": ana.email})
    (link,) = re.findall(r"http://testserver(/\S+)", mail.outbox[0].body)
    form = client.get(link).url
    page = shown(client, form, language)
    done = client.post(form, {"password1": "eight blue lakes", "password2": "eight blue lakes"})

    again = shown(Client(), link, language)

    ana.refresh_from_db()
    assert (page, again) == ([], [])
    assert (done.status_code, ana.check_password("eight blue lakes")) == (302, True)
    assert [message.subject for message in mail.outbox] == [
        "Set a new password",
        "Your password was changed",
    ]


@IN
def test_form_says_what_is_wrong_in_the_language_of_the_page_when_it_is_sent_empty(
    language, enter, client
):
    inside = enter()
    forms = [(client, name) for name in ("account_login", "account_signup")]
    forms += [(client, "account_reset_password"), (inside, "account_change_password")]
    forms += [(inside, "mfa_activate_totp"), (inside, "accounts:profile")]

    for browser, name in forms:
        path = reverse(name).replace("/en/", f"/{language}/", 1)
        response = browser.post(path, {})
        errors = [one for found in response.context["form"].errors.values() for one in found]
        assert errors, name
        text = " ".join(errors)
        assert not (LATIN if language == "zh-hans" else CHINESE).search(text), name
        assert list(response.context["form"].errors) == [
            field.name for field in response.context["form"] if field.errors
        ]


@IN
def test_page_says_to_wait_when_somebody_tries_too_often(language, client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    path = reverse("account_signup").replace("/en/", f"/{language}/", 1)
    client.post(path, {})

    response = client.post(path, {})

    assert response.status_code == 429
    assert list(faults(response, language)) == []


def test_closed_account_is_told_so_when_the_person_signs_in(ana, client):
    User.objects.update(is_active=False)

    response = client.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})

    assert (response.status_code, response.url) == (302, reverse("account_inactive"))
    assert "An administrator has closed it." in client.get(response.url).text
