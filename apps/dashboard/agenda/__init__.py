"""What waits for a person: the officer's tasks, and the coordinator's decisions."""

from apps.dashboard.agenda.decisions import decisions
from apps.dashboard.agenda.officer import tasks_of
from apps.dashboard.agenda.task import Group, Task, Verb, grouped, partner_in

__all__ = ["Group", "Task", "Verb", "decisions", "grouped", "partner_in", "tasks_of"]
