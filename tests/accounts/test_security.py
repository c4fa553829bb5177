"""The second factor, recovery codes and sessions, through the pages themselves."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def turn_on_app(browser: Client) -> str:
    secret = browser.get(reverse("mfa_activate_totp")).context["form"].secret
    browser.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    return secret


def signed_in(client: Client) -> bool:
    return client.get(reverse("accounts:profile")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_app_is_on_when_its_code_is_entered(ana, enter):
    browser = enter()

    page = browser.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    answer = browser.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})

    assert 'src="data:image/svg+xml' in page.text
    assert f">{secret}</code>" in page.text
    assert (answer.status_code, answer.url) == (302, reverse("mfa_view_recovery_codes"))
    assert TOTP(Authenticator.objects.get(user=ana, type="totp")).validate_code(code_of(secret))
    assert [message.subject for message in mail.outbox] == ["The authenticator app was turned on"]


def test_app_stays_off_when_its_code_is_wrong(ana, enter):
    browser = enter()
    browser.get(reverse("mfa_activate_totp"))

    response = browser.post(reverse("mfa_activate_totp"), {"code": "nonsense"})

    assert response.context["form"].errors == {"code": ["This code is not right."]}
    assert not Authenticator.objects.exists()


def test_code_is_asked_for_after_the_password_when_the_app_is_on(ana, enter):
    turn_on_app(enter())
    recovery = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    browser = Client()

    asked = browser.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
    before = signed_in(browser)
    wrong = browser.post(reverse("mfa_authenticate"), {"code": "nonsense"})
    right = browser.post(reverse("mfa_authenticate"), {"code": recovery})

    assert (asked.url, before) == (reverse("mfa_authenticate"), False)
    assert wrong.context["form"].errors == {"code": ["This code is not right."]}
    assert (right.url, signed_in(browser)) == (reverse("dashboard:my_city"), True)


def test_recovery_codes_can_be_read_and_kept_as_a_file_when_the_app_is_on(enter):
    browser = enter()
    turn_on_app(browser)
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()

    page = browser.get(reverse("mfa_view_recovery_codes"))
    file = browser.get(reverse("mfa_download_recovery_codes"))

    assert len(codes) == 10
    assert all(f"<code>{code}</code>" in page.text for code in codes)
    assert file.text.split() == codes
    assert file.headers["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'


def test_app_is_off_when_the_person_says_so(enter):
    browser = enter()
    turn_on_app(browser)

    browser.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.exists()
    assert mail.outbox[-1].subject == "The authenticator app was turned off"


def test_password_is_asked_for_again_when_the_sign_in_is_long_ago(enter, time_machine):
    browser = enter()
    time_machine.move_to(timezone.now() + timedelta(hours=1))

    response = browser.get(reverse("mfa_activate_totp"))
    again = browser.post(response.url, {"password": PASSWORD})

    assert response.url.startswith(reverse("account_reauthenticate"))
    assert (again.status_code, again.url) == (302, reverse("mfa_activate_totp"))


def test_sign_ins_are_listed_with_browser_and_place_when_there_are_two(enter):
    enter()
    browser = enter()

    page = browser.get(reverse("usersessions_list")).text

    assert UserSession.objects.count() == 2
    assert page.count("127.0.0.1 · Firefox") == 2
    assert page.count("this browser") == 1
    assert "Sign out elsewhere" in page


def test_other_browser_is_signed_out_and_this_one_is_not_when_the_button_is_pressed(enter):
    other, browser = enter(), enter()
    before = signed_in(other)

    browser.post(reverse("usersessions_list"))

    assert (before, signed_in(other), signed_in(browser)) == (True, False, True)
    assert "You are signed in nowhere else." in browser.get(reverse("usersessions_list")).text
