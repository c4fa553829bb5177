"""Every mail about an account, in both languages, as allauth sends it."""

import re
from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.conf import settings
from django.core import mail
from django.utils import translation

from apps.accounts.models import User
from apps.accounts.words import MESSAGES
from tests import factories

SHIPPED = Path(allauth.__file__).parent / "templates"
FOLDER = settings.ROOT / "templates/accounts/email"
MAILS = sorted(path.stem for path in FOLDER.glob("[a-z]*.txt"))
NEVER = {  # telephones and sign-in by mailed codes are not switched on
    *("login_code", "password_reset_code"),
    *("login_code_sent", "phone_verification_sent", "phone_verified"),
}
LATIN, CHINESE = re.compile("[A-Za-z]{2,}"), re.compile("[\u4e00-\u9fff]")
NAMES = re.compile(r"https?://\S+|\S+@\S+|Counterpart|IP|ABCD-EFGH|Firefox|Asia/Shanghai")


def shipped(kind: str, ending: str) -> set[str]:
    apps = ("account", "mfa", "usersessions")
    found = [path for app in apps for path in SHIPPED.glob(f"{app}/{kind}/*{ending}.txt")]
    return {path.stem.removesuffix(ending) for path in found} - NEVER


def test_every_mail_of_allauth_has_our_words():
    assert set(MAILS) == shipped("email", "_subject")


def test_every_message_of_allauth_has_our_words():
    assert set(MESSAGES) == shipped("messages", "")


def mailed(name: str, person: User, rf) -> mail.EmailMessage:
    """The mail of that name to the person, about something done in their browser."""
    values = {"from_email": "old@example.org", "to_email": "new@example.org"}
    values |= {"deleted_email": "old@example.org", "password_reset_url": "https://x.example/1"}
    values |= {"signup_url": "https://x.example/2", "code": "ABCD-EFGH"}
    with context.request_context(rf.get("/", HTTP_USER_AGENT="Firefox")):
        adapter = get_adapter(context.request)
        adapter.send_notification_mail(f"account/email/{name}", person, values, person.email)
    (found,) = mail.outbox
    return found


@pytest.mark.parametrize("name", MAILS)
@pytest.mark.django_db
def test_mail_is_in_english_when_the_person_reads_it(name, rf):
    person = factories.UserFactory(name="Ana", email="ana@example.org")

    with translation.override("zh-hans"):
        found = mailed(name, person, rf)

    assert "\n" not in found.subject
    assert not CHINESE.search(found.subject + found.body)
    assert found.body.startswith(f"Dear Ana,\n\n{found.subject}\n\n")
    assert "Browser: Firefox" in found.body
    assert not re.search(r"\n\n\n|[{}]|None|%\(", found.body)


@pytest.mark.parametrize("name", MAILS)
@pytest.mark.django_db
def test_mail_is_in_chinese_and_their_time_when_the_person_reads_that(name, rf, time_machine):
    time_machine.move_to("2026-03-02 20:30Z", tick=False)
    person = factories.UserFactory(
        name="李伟", email="li@example.org", language="zh-hans", time_zone="Asia/Shanghai"
    )

    found = mailed(name, person, rf)

    assert CHINESE.search(found.subject)
    assert LATIN.findall(NAMES.sub("", found.subject + found.body)) == []
    assert "时间：2026年3月3日 04:30（Asia/Shanghai）" in found.body
    assert "/zh-hans/account/password/reset/" in found.body


@pytest.mark.django_db
def test_mail_to_an_unknown_address_names_nobody_when_it_is_sent(rf):
    with context.request_context(rf.get("/")):
        get_adapter(context.request).send_mail(
            "account/email/unknown_account", "x@example.org", {"signup_url": "https://x.example/"}
        )

    (found,) = mail.outbox
    assert found.body.startswith("There is no account with this address\n\n")
