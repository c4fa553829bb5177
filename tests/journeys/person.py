import email
import email.policy
import re
import time
from email.message import EmailMessage
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Locator, Page, expect

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
                self.page.locator(f"main [name={name}][value={value}]").check()
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
        code = re.search(r"^([A-Z0-9-]{5,9})$", self.wait_for_mail().get_content(), re.MULTILINE)
        assert code is not None
        self.fill(code=code.group(1))
        self.page.locator("main form button").first.click()
        expect(self.page).to_have_url(re.compile("/my/$"))

    def mails(self) -> list[EmailMessage]:
        found = []
        for path in sorted(self.mailbox.glob("*.log")):
            for text in path.read_text().split(DIVIDER):
                if text.strip():
                    mail = email.message_from_string(text.lstrip(), policy=email.policy.default)
                    found.append(mail)
        return [mail for mail in found if mail["To"] == self.address]

    def wait_for_mail(self, subject: str = "", seconds: float = 15) -> EmailMessage:
        """The newest mail to this person whose subject holds the (English) words."""
        pieces = re.split(r"%\(\w+\)s", self.word(subject)) if subject else [""]
        wanted_words = max(pieces, key=len)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if wanted := [mail for mail in self.mails() if wanted_words in mail["Subject"]]:
                return wanted[-1]
            time.sleep(0.2)
        subjects = [mail["Subject"] for mail in self.mails()]
        raise AssertionError(f"No mail “{wanted_words}” to {self.address}; there are {subjects}")
