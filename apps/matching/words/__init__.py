"""The engine's reasons in the reader's language: a code and its parameters become a sentence."""

from collections.abc import Iterable
from typing import Any

from apps.matching.words import allocation, pairing
from apps.matching.words.base import Names, Reason, percent
from apps.matching.words.pairing import CRITERIA

SENTENCES = {**pairing.SENTENCES, **allocation.SENTENCES}

__all__ = [
    "CRITERIA",
    "SENTENCES",
    "Names",
    "Reason",
    "grouped_sentences",
    "parts",
    "percent",
    "sentences",
]


GROUPS = {
    "covers": "covers",
    "share": "open",
    "still_open": "open",
    "uncovered": "open",
    "not_stated": "not_stated",
    "next_best": "next_best",
    "went_to": "next_best",
}
"""What a reason speaks of; any other says why."""


def sentences(reasons: Iterable[Reason], names: Names) -> list[str]:
    """A sentence for each reason, in their order, and one for all that is not stated of a city.

    None for a code that an older engine used, nor for a comparison of what is not stated.
    """
    return [SENTENCES[reason["code"]](reason, names) for reason in to_say(reasons)]


def grouped_sentences(reasons: Iterable[Reason], names: Names) -> dict[str, list[str]]:
    """The same by what they speak of: `why`, `covers`, `open`, `not_stated`, `next_best`."""
    found: dict[str, list[str]] = {group: [] for group in ("why", *GROUPS.values())}
    for reason in to_say(reasons):
        code = reason["code"]
        found[GROUPS.get(code, "why")].append(SENTENCES[code](reason, names))
    return found


def to_say(reasons: Iterable[Reason]) -> list[Reason]:
    coded = (reason for reason in reasons if reason["code"] in SENTENCES)
    return pairing.gather_not_stated(pairing.leave_unknown_out(coded))


def parts(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """The criteria of a pairing's score: name, value and weight in percent, points."""
    return [
        {
            "name": CRITERIA[r["code"]],
            "value": percent(r["value"]),
            "weight": percent(r["weight"]),
            "points": r["points"] / 10_000,
        }
        for r in reasons
        if r["code"] in CRITERIA
    ]
