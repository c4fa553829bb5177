import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.audit.models import AuditEntry
from apps.core.states import state_is_known
from apps.notifications.kinds import GROUPS, KINDS
from apps.notifications.querysets import NotificationQuerySet


class Notification(models.Model):
    """What one person is told of one event, which the audit trail holds; it has no text of its own.

    `created_at` lies ahead while what it tells can still be undone; until then nobody sees it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="notifications",
        verbose_name=_("recipient"),
    )
    kind = models.CharField(_("kind"), max_length=32)
    cause = models.ForeignKey(AuditEntry, models.PROTECT, related_name="+", verbose_name=_("cause"))
    created_at = models.DateTimeField(_("created"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "cause", "kind"], name="notifications_notification_once"
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notification_recipient"),
        ]

    def __str__(self) -> str:
        return f"{KINDS[self.kind].label}: {self.cause.subject_label}"


class Cadence(models.TextChoices):
    AT_ONCE = "at_once", _("at once")
    OFF = "off", _("no mails")


class Preference(models.Model):
    """When one person wants mails about one group of kinds; without a row, at once.

    What is chosen holds for mails alone: the page of news always has everything.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="preferences",
        verbose_name=_("person"),
    )
    group = models.CharField(
        _("about"),
        max_length=32,
        choices=[(group.code, group.label) for group in GROUPS.values()],
    )
    cadence = models.CharField(_("mails"), max_length=16, choices=Cadence)

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [
            models.UniqueConstraint(fields=["user", "group"], name="notifications_preference_once"),
            models.CheckConstraint(
                name="notifications_preference_cadence_known",
                condition=models.Q(cadence__in=Cadence.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_group_display()}: {self.get_cadence_display()}"


class OutboxState(models.TextChoices):
    PENDING = "pending", _("pending")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("e-mail sent")
    DEAD = "dead", _("given up")
    CANCELLED = "cancelled", _("cancelled")


class OutboxMessage(models.Model):
    """The obligation to send one notification by e-mail; its id is the Message-ID and never changes.

    Its states are those of a machine, not of the domain: a worker claims a row by a lease, and no
    audit row is written.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notification = models.OneToOneField(
        Notification, models.CASCADE, related_name="message", verbose_name=_("notification")
    )
    state = models.CharField(
        _("state"), max_length=16, choices=OutboxState, default=OutboxState.PENDING
    )
    due_at = models.DateTimeField(_("due"))
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    error = models.CharField(_("last error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("outbox message")
        verbose_name_plural = _("outbox messages")
        constraints = [state_is_known("notifications_outboxmessage", OutboxState)]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=["pending", "sending"]),
                name="outboxmessage_waiting",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
