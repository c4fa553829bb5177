"""Messages to people: stored with their cause, delivered by a task."""
