"""States as data: a model names which states may follow which; the door is audit.services.transition."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError

Moves = Mapping[str, frozenset[str]]


class InvalidTransition(DomainError):
    """The subject's state does not allow the move, or somebody else has moved it meanwhile."""

    def __init__(self, subject: "Stateful", to: str) -> None:
        message = gettext("%(subject)s is %(state)s and cannot become %(to)s.") % {
            "subject": subject,
            "state": subject.get_state_display(),
            "to": subject.state_label(to),
        }
        super().__init__(message)


class Stateful(models.Model):
    """A row whose `state` (declared by each model, with its choices) moves along `MOVES`."""

    MOVES: ClassVar[Moves] = {}

    state: Any
    get_state_display: Any
    state_since = models.DateTimeField(_("in this state since"), null=True, editable=False)
    state_reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)

    class Meta:
        abstract = True

    def may_become(self, state: str) -> bool:
        return state in self.MOVES[self.state]

    @classmethod
    def state_label(cls, state: str) -> str:
        field = cast("models.CharField[str, str]", cls._meta.get_field("state"))
        return str(dict(field.flatchoices)[state])


def moves(states: type[models.TextChoices], table: Mapping[Any, Sequence[Any]]) -> Moves:
    """A table of moves with every state as a key, those without a way out included."""
    return {
        state: frozenset(str(to) for to in table.get(state, ()))
        for state in map(str, states.values)
    }


def state_is_known(name: str, states: type[models.TextChoices]) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{name}_state_known", condition=models.Q(state__in=list(states.values))
    )


def one_at_a_time(name: str) -> list[models.UniqueConstraint]:
    """At most one row is running, and one is open and waits for its turn."""
    return [
        models.UniqueConstraint(
            fields=["state"], condition=models.Q(state=state), name=f"{name}_one_{word}"
        )
        for state, word in (("running", "running"), ("open", "waiting"))
    ]
