"""One city's yes or no, the same for a pairing and for a match."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.audit.services import happened, record
from apps.cities.models import City
from apps.cities.officers import officers_of
from apps.core.errors import DomainError
from apps.notifications.services import notify, take_back
from apps.pairings.states import Answer

WAITING = "approved"


class Consent(models.Model):
    """A side of something that needs the yes of both its cities."""

    city: Any
    answer = models.CharField(
        gettext_lazy("answer"),
        max_length=8,
        choices=Answer,
        default=Answer.NONE,
        blank=True,
        editable=False,
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=gettext_lazy("answered by"),
    )
    answered_at = models.DateTimeField(gettext_lazy("answered"), null=True, editable=False)

    class Meta:
        abstract = True


def side_of(subject: Any, user: User) -> Any:
    """The side of the city that the person speaks for, or None."""
    cities = set(user.liaisons.confirmed().values_list("city_id", flat=True))
    return next((side for side in subject.sides.all() if side.city_id in cities), None)


def give_answer(subject: Any, answer: Answer, *, by: User, now: datetime) -> None:
    """Store the answer of the city that `by` speaks for; the first officer to answer binds it.

    Raises DomainError if the subject takes no answer any more, or the city has answered.
    """
    if subject.state != WAITING:
        raise DomainError(
            _("This %(thing)s is %(state)s and takes no answer.")
            % {"thing": subject._meta.verbose_name, "state": subject.get_state_display()}
        )
    if subject.expires_at <= now:
        raise DomainError(_("The time to answer is over."))
    side = side_of(subject, by)
    if side.answer:
        raise DomainError(
            _("%(person)s has already answered for %(city)s.")
            % {"person": side.answered_by, "city": side.city}
        )
    side.answer, side.answered_by, side.answered_at = answer, by, now
    side.save()


def ask_cities(subject: Any, kind: str, approved: AuditEntry) -> None:
    """Ask both cities, when the approval can no longer be undone."""
    notify(kind, officers_of(*subject.cities), approved, due_at=end_of_undo(subject))


def end_of_undo(subject: Any) -> datetime:
    return subject.decided_at + timedelta(seconds=settings.UNDO_SECONDS)


def cities_are_asked(now: datetime) -> Q:
    """Of approved rows those that can no longer be undone."""
    return ~Q(decided_at__gt=now - timedelta(seconds=settings.UNDO_SECONDS))


def unask_cities(subject: Any, kind: str, *, now: datetime) -> None:
    """Take the question back before anybody was asked. Raises DomainError if it is too late."""
    if subject.state != WAITING or any(side.answer for side in subject.sides.all()):
        raise DomainError(
            _("“%(subject)s” has gone on: it is %(state)s, or a city has answered.")
            % {"subject": subject, "state": subject.get_state_display()}
        )
    if now >= end_of_undo(subject) or not take_back(kind, subject):
        raise DomainError(
            _(
                "“%(subject)s” can no longer be undone, since the cities are told; it can be cancelled."
            )
            % {"subject": subject}
        )


def silent_cities(subject: Any) -> list[City]:
    """The cities whose answer is still awaited."""
    sides = subject.sides.all() if subject.state == WAITING else []
    return [side.city for side in sides if not side.answer]


def remind_silent(subject: Any, kind: str, *, now: datetime) -> None:
    """Ask the officers of a city that has not answered once more, and only once."""
    silent = silent_cities(subject)
    if silent and not happened("remind_cities", subject):
        notify(kind, officers_of(*silent), record(None, "remind_cities", subject, at=now))


def tell(subject: Any, kind: str, cause: AuditEntry) -> None:
    """To the officers of both cities and whoever decided."""
    people = {*officers_of(*subject.cities)}
    if subject.decided_by:
        people.add(subject.decided_by)
    notify(kind, people, cause)


def is_agreed(subject: Any) -> bool:
    return all(side.answer == Answer.ACCEPTED for side in subject.sides.all())
