"""What waits for an officer."""

from apps.dashboard.agenda.officer import tasks_of
from apps.dashboard.agenda.task import Group, Task, Verb, grouped, partner_in

__all__ = ["Group", "Task", "Verb", "grouped", "partner_in", "tasks_of"]
