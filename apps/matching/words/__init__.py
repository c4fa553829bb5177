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

    A code that an older engine used has none.
    """
    known = (reason for reason in reasons if reason["code"] in SENTENCES)
    return [SENTENCES[r["code"]](r, names) for r in pairing.gather_not_stated(known)]


def parts(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """The criteria of a pairing's score: name, value, weight and points in percent."""
    return [
        {
            "name": CRITERIA[r["code"]],
            "value": percent(r["value"]),
            "weight": percent(r["weight"]),
            "points": percent(r["points"]),
        }
        for r in reasons
        if r["code"] in CRITERIA
    ]
