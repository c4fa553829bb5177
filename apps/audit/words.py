"""What the audit's codes say to people."""

from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.states import Stateful

VERBS: dict[str, Any] = {
    "accept": _("Accept"),
    "activate": _("active"),
    "add": _("Add an agreement"),
    "adopt": _("Adopt"),
    "answer": _("Answer"),
    "approve": _("Approve"),
    "ask": _("Ask"),
    "attach": _("Add a file"),
    "cancel": _("Cancel"),
    "complete": _("completed"),
    "confirm": _("Confirm"),
    "decline": _("Decline"),
    "dispatch": _("Dispatch"),
    "distribute": _("Note where it went"),
    "draft": _("Save as a draft"),
    "edit": _("Change"),
    "end": _("End"),
    "expire": _("expired"),
    "fail": _("failed"),
    "finish": _("finished"),
    "forbid": _("must not pair"),
    "fulfil": _("fulfilled"),
    "grant": _("Give a role"),
    "hold": _("Hold"),
    "lift": _("Lift"),
    "load": _("demonstration"),
    "lose": _("lost"),
    "offer": _("Offer"),
    "open": _("Open"),
    "pin": _("must pair"),
    "plan": _("Plan"),
    "propose": _("Propose"),
    "publish": _("Publish"),
    "receive": _("Confirm what arrived"),
    "record": _("Record"),
    "refuse": _("Refuse"),
    "reject": _("Reject"),
    "release": _("Release"),
    "remind": _("Remind"),
    "remove": _("Remove"),
    "renew": _("Renew"),
    "replay": _("Replay"),
    "request": _("Ask for confirmation"),
    "resume": _("Resume"),
    "reverse": _("Reverse"),
    "review": _("Review"),
    "start": _("running"),
    "suspend": _("Suspend"),
    "undo": _("Undo"),
    "withdraw": _("Withdraw"),
    "write": _("Write a message"),
}


def verb_word(verb: str) -> str:
    """The word for a code such as "approve_match", by its first word; the code where there is none."""
    return str(VERBS.get(verb.partition("_")[0], verb))


def model_of(kind: str) -> type[models.Model]:
    """Of which rows an entry speaks, by its `subject_kind`."""
    return apps.get_model(kind)


def kind_word(kind: str) -> str:
    return str(model_of(kind)._meta.verbose_name)


def state_word(subject: type[models.Model], code: str) -> str:
    """The label of a state; anything else that the audit kept as before or after stands as it is."""
    if issubclass(subject, Stateful) and code in subject.MOVES:
        return subject.state_label(code)
    return code
