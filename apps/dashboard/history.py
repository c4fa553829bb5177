"""What happened to one row, told in words: the audit's codes stay in the audit."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from apps.audit.models import AuditEntry
from apps.audit.words import state_word, verb_word
from apps.core.states import Stateful


@dataclass(frozen=True)
class Line:
    at: datetime
    who: str
    what: str
    before: str
    after: str
    why: str


def history_of(subject: Stateful) -> list[Line]:
    """Everything that the audit knows of a row, the first thing first."""
    entries = AuditEntry.objects.of(subject).select_related("actor").order_by("pk")
    return [tell(entry, subject) for entry in entries]


def tell(entry: AuditEntry, subject: Stateful) -> Line:
    """One entry: verb and states by their words, an edit by what it changed."""
    is_edit = entry.verb.startswith("edit_")
    return Line(
        at=entry.at,
        who=str(entry.actor or _("the system")),
        what=verb_word(entry.verb),
        before="" if is_edit else state_word(type(subject), entry.before),
        after="" if is_edit else state_word(type(subject), entry.after),
        why=changes(entry, subject) if is_edit else entry.reason and _(entry.reason),
    )


def changes(entry: AuditEntry, subject: Stateful) -> str:
    """What an edit changed ("quantity: 5 → 6; note: a → b"), its columns by their names for people."""
    labels = {field.name: str(field.verbose_name) for field in subject._meta.concrete_fields}
    parts = [part.partition(": ") for part in entry.reason.split("; ")]
    return "; ".join(f"{labels.get(name, name)}{colon}{rest}" for name, colon, rest in parts)
