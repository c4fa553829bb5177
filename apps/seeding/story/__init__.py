"""How the demo has lived until the day of loading: a script of steps, each taken by a service."""

from apps.seeding.story.renewing import renew_story
from apps.seeding.story.telling import SCRIPT, Told, read_script, tell_story

__all__ = ["SCRIPT", "Told", "read_script", "renew_story", "tell_story"]
