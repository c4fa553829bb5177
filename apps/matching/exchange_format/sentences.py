"""Reasons as English sentences, one for every code; dates, codes and units as they stand."""

from collections.abc import Iterable, Iterator

from apps.matching.engine.result import AllocationResult, PairingResult, Reason, Result

WHY = {
    "own_counterpart": "it is its counterpart",
    "more_urgent": "its need is more urgent",
    "smaller_share": "its need was filled to a smaller share",
    "closer": "a tie joins the two",
    "drawn": "drawn among equals",
}
SENTENCES = {
    "tier": "The need is of tier {tier}.",
    "from_counterpart": "{giver} is the counterpart of {receiver}.",
    "from_tie": "A sister tie joins {giver} and {receiver}.",
    "from_state_tie": "A sister tie joins the states of {giver} and {receiver}.",
    "from_network": "Nothing but the network joins {giver} and {receiver}.",
    "knowledge": "Knowledge is not rationed; offers of {item} that would have served: {offers}.",
    "substitute": "{offered} is accepted in place of {needed}, one for one.",
    "share": "With all its matches {filled} of {quantity} of the need are filled.",
    "still_open": "{uncovered} stay open.",
    "packs": "It goes out in {packs} packs of {units}.",
    "no_offer": "Nobody offers {item} or an accepted substitute.",
    "own_offer_only": "Only the city itself offers it ({offers} offers).",
    "forbidden": "Offers of cities it must not exchange with: {offers}.",
    "excluded": "Offers that exclude the city: {offers}.",
    "used_up": "What fits is given away: {offers} offers with {offered} in all.",
    "lots": (
        "{left} of {offers} offers stay with their givers, less than a whole pack or than the "
        "smallest lot of {lot}; without lots the need would get {without_lots}."
    ),
    "pinned": "A coordinator has fixed this pair.",
    "coverage": "Coverage of needs: {points} of {weight} points.",
    "tie": "Sister tie ({kind}): {points} of {weight} points.",
    "history": "Past help: {points} of {weight} points.",
    "topics": "Shared topics ({shared}): {points} of {weight} points.",
    "working_day": "Shared working time ({minutes} minutes): {points} of {weight} points.",
    "scale": "Ratio of populations: {points} of {weight} points.",
    "not_stated": "{datum} of {city} is not stated; {criterion} scores nothing for it.",
    "covers": "{giver} can cover {covered} of the {needed} {item} that {receiver} needs.",
    "uncovered": "{uncovered} of {needed} {item} stay open for {city}.",
    "no_partner": "Nobody of the city's level is left to pair with.",
    "all_forbidden": "Every possible partner is forbidden ({forbidden}).",
}


def sentence(reason: Reason) -> str:
    """The reason as a sentence; one without words of its own lists its parameters."""
    values = reason.values
    if reason.code == "arrival":
        until = f"; it is needed by {values['needed_by']}" if values["needed_by"] else ""
        return f"It can arrive from {values['day']}{until}."
    if reason.code == "dates":
        first = f", the first on {values['first_arrival']}" if values["first_arrival"] else ""
        return f"Offers that would come too late: {values['offers']}{first}."
    if reason.code == "went_to":
        return (
            f"{values['quantity']} of offer {values['offer']} ({values['giver']}) went to need "
            f"{values['need']} ({values['receiver']}): {WHY[str(values['why'])]}."
        )
    if reason.code in SENTENCES:
        return SENTENCES[reason.code].format(**values)
    listed = ", ".join(f"{name} {value}" for name, value in reason.params)
    return f"{reason.code.replace('_', ' ').capitalize()}: {listed}."


def explain(result: Result) -> Iterator[str]:
    """The result in lines: every pair or match with its reasons, and what stays open and why."""
    if isinstance(result, PairingResult):
        for pair in result.pairs:
            yield from _lines(f"{pair.a} and {pair.b}, score {pair.score}", pair.reasons)
        for alone in result.alone:
            yield from _lines(f"{alone.city} stays alone", alone.reasons)
    elif isinstance(result, AllocationResult):
        for match in result.matches:
            units = "knowledge" if match.quantity is None else str(match.quantity)
            head = f"Offer {match.offer} to need {match.need}: {units}"
            yield from _lines(head, match.reasons)
        for need in result.needs:
            if need.uncovered:
                head = f"Need {need.need}: {need.uncovered} of {need.quantity} stay open"
                yield from _lines(head, need.reasons)


def _lines(head: str, reasons: Iterable[Reason]) -> Iterator[str]:
    yield head
    yield from (f"  {sentence(reason)}" for reason in reasons)
