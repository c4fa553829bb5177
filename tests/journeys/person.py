import email
import email.policy
import re
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Locator, Page, expect

T = TypeVar("T")
PASSWORD = "three sisters and a river"
DIVIDER = "-" * 79
UNPROCESSABLE = "status of 422"  # a form that answers with its faults


class Person:
    """Somebody at a browser who reads their own mail, in their own language.

    The words a test presses and sees are English; they are looked up in the person's catalogue.
    """

    def __init__(self, page: Page, site: str, language: str, mailbox: Path) -> None:
        self.page, self.base, self.language = page, f"{site}/{language}", language
        self.mailbox = mailbox
        self.address = ""
        self.complaints: list[str] = []
        page.on("console", lambda message: self.note(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and UNPROCESSABLE not in text:
            self.complaints.append(text)

    def word(self, english: str) -> str:
        with translation.override(self.language):
            return gettext(english)

    def go(self, path: str) -> None:
        response = self.page.goto(f"{self.base}{path}")
        assert response is not None
        assert response.status == 200, f"{path}: {response.status}"

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            field = self.page.locator(f"main [name={name}]")
            if field.first.get_attribute("type") == "radio":
                self.page.locator(f'main [name={name}][value="{value}"]').check()
            elif field.evaluate("node => node.tagName") == "SELECT":
                field.select_option(label=value) if value else field.select_option("")
            else:
                field.fill(value)

    def press(self, words: str) -> None:
        """Press the button or follow the link with these words."""
        own = self.word(words)
        button = self.page.locator("main").get_by_role("button", name=own, exact=True)
        link = self.page.locator("main").get_by_role("link", name=own, exact=True)
        button.or_(link).first.click()

    def sees(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(self.word(words))

    def is_in_state(self, words: str, seconds: float = 5) -> None:
        expect(self.state()).to_have_text(self.word(words), timeout=1000 * seconds)

    def state(self) -> Locator:
        return self.page.locator("h1 .badge").first

    def sign_up(self, name: str, address: str) -> None:
        self.address = address
        self.go("/account/signup/")
        self.fill(name=name, email=address, password1=PASSWORD, password2=PASSWORD)
        self.page.locator("main form button[type=submit], main form button").last.click()
        self.confirm_address()

    def sign_in(self, address: str) -> None:
        self.address = address
        self.go("/account/login/")
        self.fill(login=address, password=PASSWORD)
        self.page.locator("main form button").first.click()
        if self.page.locator("[name=code]").count():
            self.confirm_address()

    def confirm_address(self) -> None:
        expect(self.page.locator("[name=code]")).to_be_visible()
        self.fill(code=self.wait_for(self.code, "mail with a code"))
        self.page.locator("main form button").first.click()
        expect(self.page).to_have_url(re.compile("/(my|queue)/$"))

    def mails(self) -> list[EmailMessage]:
        found = []
        for path in sorted(self.mailbox.glob("*.log")):
            for text in path.read_text().split(DIVIDER):
                if text.strip():
                    mail = email.message_from_string(text.lstrip(), policy=email.policy.default)
                    found.append(mail)
        return [mail for mail in found if mail["To"] == self.address]

    def code(self) -> str | None:
        """The newest code in a mail to this person; other mails may have come after it."""
        texts = "\n".join(mail.get_content() for mail in self.mails())
        codes = re.findall(r"^([A-Z0-9-]{5,9})$", texts, re.MULTILINE)
        return codes[-1] if codes else None

    def wait_for_mail(self, subject: str) -> EmailMessage:
        """The newest mail to this person whose subject holds the (English) words."""
        words = max(re.split(r"%\(\w+\)s", self.word(subject)), key=len)

        def newest() -> EmailMessage | None:
            wanted = [mail for mail in self.mails() if words in mail["Subject"]]
            return wanted[-1] if wanted else None

        return self.wait_for(newest, f"mail “{words}”")

    def wait_for(self, find: Callable[[], T | None], what: str, seconds: float = 60) -> T:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if (found := find()) is not None:
                return found
            time.sleep(0.2)
        subjects = [mail["Subject"] for mail in self.mails()]
        raise AssertionError(f"No {what} to {self.address}; there are {subjects}")
