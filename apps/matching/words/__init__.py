"""The engine's reasons in the reader's language: a code and its parameters become a sentence."""

from collections.abc import Iterable
from typing import Any

from apps.matching.words import allocation, pairing
from apps.matching.words.base import Names, Reason, percent
from apps.matching.words.pairing import CRITERIA

SENTENCES = {**pairing.SENTENCES, **allocation.SENTENCES}

__all__ = ["CRITERIA", "SENTENCES", "Names", "Reason", "parts", "percent", "sentences"]


def sentences(reasons: Iterable[Reason], names: Names) -> list[str]:
    """A sentence for each reason, in their order, and one for all that is not stated of a city.

    None for a code that an older engine used, nor for a comparison of what is not stated.
    """
    coded = (reason for reason in reasons if reason["code"] in SENTENCES)
    known = pairing.gather_not_stated(pairing.leave_unknown_out(coded))
    return [SENTENCES[reason["code"]](reason, names) for reason in known]


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
