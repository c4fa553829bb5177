"""One thing to do, with the buttons that do it, and which of several comes first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from apps.cities.models import City
from apps.core.addresses import address_of
from apps.matching.models import Match
from apps.pairings.models import Exchange, Message
from apps.postings.models import Item, Urgency

AT_ONCE = timedelta(days=1)
SOON = timedelta(days=7)


@dataclass(frozen=True)
class Verb:
    """A button: with `sent` it does the thing at once, without it opens the page that asks."""

    label: str
    url: str
    sent: Mapping[str, str] | None = None


def doing(label: str, name: str, subject: Any, **sent: object) -> Verb:
    """The verb of that address, done by one click with what its form would be filled in with."""
    url = address_of(name, subject.pk)
    return Verb(label, url, {key: str(value) for key, value in sent.items()})


def opening(label: str, name: str, subject: Any) -> Verb:
    return Verb(label, address_of(name, subject.pk))


def amount_of(quantity: int | None, item: Item) -> str:
    """For example "1,000 pieces, Face shield"; a quantity that is not known is left out."""
    if quantity is None:
        return str(item)
    return _("%(amount)s, %(item)s") % {"amount": item.amount(quantity), "item": item}


def partner_in(match: Match, city: City) -> City:
    giver, receiver = match.cities
    return receiver if giver == city else giver


@dataclass(frozen=True)
class Task:
    """Something an officer is to do: what, about which row, with whom, since when and until when.

    `due` is a day in the city's own calendar, or None where no day is set.
    """

    what: str
    subject: Any
    about: str
    since: date
    partner: Any = None
    due: date | None = None
    urgency: int = Urgency.SOON
    verbs: Sequence[Verb] = field(default_factory=tuple)

    @property
    def url(self) -> str:
        return self.subject.get_absolute_url()

    def get_urgency_display(self) -> str:
        """As of a posting, for the badge."""
        return str(Urgency(self.urgency).label)

    @property
    def is_urgent(self) -> bool:
        return self.urgency <= Urgency.URGENT

    @property
    def is_appointment(self) -> bool:
        """Whether `due` is the day of the thing itself, not the last one to do it."""
        return isinstance(self.subject, Exchange)

    def concerns(self, counterpart: City) -> bool:
        return counterpart == self.partner or isinstance(self.subject, Message)

    def is_overdue(self, today: date) -> bool:
        return self.due is not None and self.due < today

    def place(self, today: date) -> tuple[bool, date, int, date]:
        """What is overdue comes first, then by day, by urgency, and what waits longest."""
        return (not self.is_overdue(today), self.due or date.max, self.urgency, self.since)

    def presses(self, today: date) -> bool:
        """Whether it is for today: its day has all but come, or somebody's need is critical."""
        near = self.due is not None and self.due <= today + AT_ONCE
        return near or self.urgency == Urgency.CRITICAL

    def is_for_this_week(self, today: date) -> bool:
        if self.due is None:
            return self.urgency < Urgency.PLANNED
        return self.due <= today + SOON


@dataclass(frozen=True)
class Group:
    code: str
    label: str
    tasks: list[Task]


def grouped(tasks: Sequence[Task], today: date) -> list[Group]:
    """Now, this week, later; those without a task are left out."""
    found: dict[str, list[Task]] = {"now": [], "week": [], "later": []}
    for task in sorted(tasks, key=lambda task: task.place(today)):
        week = "week" if task.is_for_this_week(today) else "later"
        found["now" if task.presses(today) else week].append(task)
    labels = {"now": _("Now"), "week": _("This week"), "later": _("Later")}
    return [Group(code, labels[code], rows) for code, rows in found.items() if rows]
