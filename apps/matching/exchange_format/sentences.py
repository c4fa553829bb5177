"""A result in lines: the sentences of the pages, with codes for names and no units."""

from collections.abc import Iterable, Iterator

from django.utils import translation

from apps.matching import words
from apps.matching.engine.result import AllocationResult, PairingResult, Reason, Result


class Codes:
    """Cities and items by their codes, quantities as they are."""

    def city(self, code: str) -> str:
        return code

    def item(self, code: str) -> str:
        return code

    def amount(self, quantity: int, code: str | None = None) -> str:
        return f"{quantity:,}"


@translation.override("en")
def explain(result: Result) -> list[str]:
    """Every pair or match with its reasons, and what stays open and why."""
    return list(lines(result))


def lines(result: Result) -> Iterator[str]:
    if isinstance(result, PairingResult):
        for pair in result.pairs:
            yield from with_reasons(f"{pair.a} and {pair.b}, score {pair.score}", pair.reasons)
        for alone in result.alone:
            yield from with_reasons(f"{alone.city} stays alone", alone.reasons)
    elif isinstance(result, AllocationResult):
        for match in result.matches:
            units = "knowledge" if match.quantity is None else str(match.quantity)
            head = f"Offer {match.offer} to need {match.need}: {units}"
            yield from with_reasons(head, match.reasons)
        for need in result.needs:
            if need.uncovered:
                head = f"Need {need.need}: {need.uncovered} of {need.quantity} stay open"
                yield from with_reasons(head, need.reasons)


def with_reasons(head: str, reasons: Iterable[Reason]) -> Iterator[str]:
    yield head
    rows = [{"code": reason.code, **reason.values} for reason in reasons]
    yield from (f"  {sentence}" for sentence in words.sentences(rows, Codes()))
