"""Turns a notification into words, in the recipient's language and time zone, and into a mail."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from apps.accounts.models import User
from apps.core.zones import zone_of
from apps.notifications.kinds import KINDS
from apps.notifications.models import Notification, OutboxMessage
from apps.notifications.services import wants_mails


class NoLongerTold(Exception):
    """The subject is gone, or the recipient may no longer know of it, or wants no mail of it."""


@dataclass(frozen=True)
class Text:
    title: str
    body: str
    path: str

    @property
    def url(self) -> str:
        return f"{settings.BASE_URL}{self.path}"


def load_subject(notification: Notification) -> models.Model:
    model = apps.get_model(KINDS[notification.kind].model)
    subject = model._default_manager.filter(pk=notification.cause.subject_id).first()
    if subject is None:
        raise NoLongerTold("the subject is gone")
    return subject


def render(notification: Notification, subject: Any) -> Text:
    """The words in the active language: the template's first line is the title."""
    context = {
        "subject": subject,
        "cause": notification.cause,
        "recipient": notification.recipient,
    }
    words = render_to_string(f"notifications/email/{notification.kind}.txt", context, using="text")
    title, _, body = words.strip().partition("\n")
    return Text(title.strip(), body.strip(), subject.get_absolute_url())


def send(message: OutboxMessage, connection: BaseEmailBackend) -> None:
    """Send one mail. Raises NoLongerTold, or what the mail server raised."""
    notification = message.notification
    recipient = notification.recipient
    subject = load_subject(notification)
    if not recipient.is_active:
        raise NoLongerTold("the recipient may no longer sign in")
    if not recipient.has_perm(KINDS[notification.kind].permission, subject):
        raise NoLongerTold("the recipient may no longer see the subject")
    if not wants_mails(recipient, KINDS[notification.kind].group.code):
        raise NoLongerTold("the recipient wants no mails of this kind")
    zone = zone_of(recipient.time_zone)
    with translation.override(recipient.language), timezone.override(zone):
        text = render(notification, subject)
        choices = f"{settings.BASE_URL}{reverse('notifications:preferences')}"
        context = {"text": text, "recipient": recipient, "choices": choices}
        body = render_to_string("notifications/email/_mail.txt", context, using="text")
    domain = urlsplit(settings.BASE_URL).hostname
    EmailMessage(
        subject=text.title,
        body=body,
        to=[recipient.email],
        headers={"Message-ID": f"<{message.id}@{domain}>", "Auto-Submitted": "auto-generated"},
        connection=connection,
    ).send()


def readable(
    notifications: Iterable[Notification], user: User
) -> list[tuple[Notification, Text | None]]:
    """Each with its words, or None where the person may no longer know of the subject."""
    ids: dict[str, set[str]] = {}
    for notification in notifications:
        ids.setdefault(KINDS[notification.kind].model, set()).add(notification.cause.subject_id)
    subjects = {
        (label, str(subject.pk)): subject
        for label, wanted in ids.items()
        for subject in apps.get_model(label)
        ._default_manager.visible_to(user)
        .described()
        .filter(pk__in=wanted)
    }
    found = [(n, subjects.get((KINDS[n.kind].model, n.cause.subject_id))) for n in notifications]
    return [(n, render(n, subject) if subject else None) for n, subject in found]
