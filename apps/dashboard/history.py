"""What happened to one row, told in words: the audit's codes stay in the audit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.audit.models import AuditEntry
from apps.core.states import Stateful

WHAT: dict[str, Any] = {
    "accept": gettext_lazy("Accept"),
    "add": gettext_lazy("Add an agreement"),
    "activate": gettext_lazy("active"),
    "approve": gettext_lazy("Approve"),
    "attach": gettext_lazy("Add a file"),
    "cancel": gettext_lazy("Cancel"),
    "complete": gettext_lazy("completed"),
    "decline": gettext_lazy("Decline"),
    "draft": gettext_lazy("Save as a draft"),
    "edit": gettext_lazy("Change"),
    "end": gettext_lazy("End"),
    "expire": gettext_lazy("expired"),
    "fulfil": gettext_lazy("fulfilled"),
    "hold": gettext_lazy("Hold"),
    "load": gettext_lazy("demonstration"),
    "propose": gettext_lazy("Propose"),
    "publish": gettext_lazy("Publish"),
    "reject": gettext_lazy("Reject"),
    "release": gettext_lazy("Release"),
    "remove": gettext_lazy("Remove"),
    "renew": gettext_lazy("Renew"),
    "resume": gettext_lazy("Resume"),
    "review": gettext_lazy("Review"),
    "suspend": gettext_lazy("Suspend"),
    "undo": gettext_lazy("Undo"),
    "withdraw": gettext_lazy("Withdraw"),
}


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
    """One entry: the verb by its first word, states by their labels, an edit by what it changed."""
    verb = entry.verb.partition("_")[0]
    is_edit = verb == "edit"
    return Line(
        at=entry.at,
        who=str(entry.actor or _("the system")),
        what=str(WHAT.get(verb, entry.verb)),
        before="" if is_edit else state_word(subject, entry.before),
        after="" if is_edit else state_word(subject, entry.after),
        why=changes(entry, subject) if is_edit else entry.reason and _(entry.reason),
    )


def state_word(subject: Stateful, code: str) -> str:
    return subject.state_label(code) if code in subject.MOVES else code


def changes(entry: AuditEntry, subject: Stateful) -> str:
    """What an edit changed ("quantity: 5 → 6; note: a → b"), its columns by their names for people."""
    labels = {field.name: str(field.verbose_name) for field in subject._meta.concrete_fields}
    parts = [part.partition(": ") for part in entry.reason.split("; ")]
    return "; ".join(f"{labels.get(name, name)}{colon}{rest}" for name, colon, rest in parts)
