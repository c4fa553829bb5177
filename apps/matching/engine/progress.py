"""Telling the caller how far the work is; the caller may raise to stop it."""

from collections.abc import Callable

OnProgress = Callable[[str, float], None]


def silent(phase: str, done: float) -> None:
    """Nobody listens."""
