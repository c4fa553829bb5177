"""Mail servers with faults of their own; what they take goes to mail.outbox."""

from collections.abc import Sequence
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend

opened: list[str] = []


class Counting(EmailBackend):
    """Notes each time it is opened and closed."""

    def open(self) -> None:
        opened.append("open")

    def close(self) -> None:
        opened.append("close")


class Picky(EmailBackend):
    """Refuses one address."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        for message in messages:
            if "refused@example.org" in message.to:
                raise SMTPRecipientsRefused({"refused@example.org": (550, b"no such box")})
        return super().send_messages(messages)


class Fragile(EmailBackend):
    """Breaks off at the first message; works again once it has been closed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.broken = True

    def close(self) -> None:
        self.broken = False

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        if self.broken:
            raise SMTPServerDisconnected("please run connect() first")
        return super().send_messages(messages)


class Down(EmailBackend):
    """Nobody answers."""

    def open(self) -> None:
        raise ConnectionRefusedError(111, "Connection refused")
