"""The criteria as the page "How matching works" publishes them."""

from typing import Any

from django.utils.translation import gettext_lazy

from apps.matching.engine.problem import Weights
from apps.matching.words import CRITERIA, percent

OBJECTIVES = {
    "widest": gettext_lazy("widest"),
    "total": gettext_lazy("total"),
    "egalitarian": gettext_lazy("egalitarian"),
}
MEASURES = {
    "coverage": gettext_lazy(
        "Share of A's needs, weighted by urgency (8, 4, 2, 1), that B's offers can meet, and the reverse;"
        " the mean of both."
    ),
    "tie": gettext_lazy(
        "1 for an existing sister tie, a half for one between their provinces or states only."
    ),
    "history": gettext_lazy(
        "1 if both have helped the other before, a half if one has, by the ledger."
    ),
    "topics": gettext_lazy(
        "Topics of expertise that both name, divided by those that either names."
    ),
    "working_day": gettext_lazy(
        "Half: shared minutes of a working day from 9 to 17 o'clock, divided by 480; half: a shared"
        " language."
    ),
    "scale": gettext_lazy("The smaller population divided by the larger."),
}


def criteria() -> list[tuple[Any, Any, int]]:
    """Name, measure and weight in percent of each."""
    weights = Weights()
    return [
        (name, MEASURES[code], percent(getattr(weights, code))) for code, name in CRITERIA.items()
    ]


MEASURED = (  # benchmarks/results: pairing.md, posting 3,000 a side; allocation.md, posting, 10,000
    (gettext_lazy("The engine"), 100.0, 98.0, 0.0),
    (gettext_lazy("The best that is left, one after the other"), 95.7, 98.0, 0.2),
    (gettext_lazy("First come, first served"), 92.2, 79.3, 13.1),
)
"""Percent: of the highest sum of scores; of the critical needs filled; of the weighted units lost."""
