"""Several things done at the same moment, each on a connection of its own."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from apps.core.errors import DomainError

Verb = Callable[[], Any]


def at_once(verbs: Sequence[Verb]) -> list[Any]:
    """What each verb gave, or the refusal of the domain; any other error is the test's."""
    barrier = Barrier(len(verbs))

    def run(verb: Verb) -> Any:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET statement_timeout = '20s'")
            barrier.wait(timeout=30)
            return verb()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


def in_turn(verbs: Sequence[Verb]) -> Verb:
    """One worker's share: its verbs one after the other, as many outcomes."""

    def run() -> list[Any]:
        outcomes = []
        for verb in verbs:
            try:
                outcomes.append(verb())
            except DomainError as refusal:
                outcomes.append(refusal)
        return outcomes

    return run


def refusals(outcomes: Sequence[Any]) -> list[str]:
    return [str(outcome) for outcome in outcomes if isinstance(outcome, DomainError)]


def kinds(outcomes: Sequence[Any]) -> Counter[str]:
    """How many were done, and how many refused."""
    return Counter("refused" if isinstance(each, DomainError) else "done" for each in outcomes)
