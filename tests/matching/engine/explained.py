"""A pair with much to say, and what a result says."""

from apps.matching.engine import (
    City,
    Help,
    Need,
    Offer,
    PairingProblem,
    PairingResult,
    Reason,
    Tie,
)


def reasons(result: PairingResult, code: str) -> list[dict[str, object]]:
    """Parameters of all reasons with a code, pairs first, in the order of the result."""
    rows: list[Reason] = [each for pair in result.pairs for each in pair.reasons]
    rows += [each for alone in result.alone for each in alone.reasons]
    return [each.values for each in rows if each.code == code]


def described_pair() -> PairingProblem:
    return PairingProblem(
        cities=(
            City("a", population=100, languages=("zh",), utc_offset_minutes=60, topics=("x",)),
            City("b", population=400, languages=("zh", "en"), topics=("x", "y"), state_code="T"),
        ),
        needs=(Need(1, "a", "mask", 10, 1), Need(2, "a", "gown", 4, 3)),
        offers=(Offer(3, "b", "mask", 6), Offer(4, "a", "visor", 9)),
        ties=(Tie("a", "b"),),
        helps=(Help("b", "a"),),
        sides="one",
    )
