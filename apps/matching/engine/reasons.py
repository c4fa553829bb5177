"""The closed list of reasons; the web layer turns a code and its parameters into a sentence.

Criteria are in millionths, quantities in base units, days as ISO dates, cities and items as codes.
"""

from .result import Param, Reason

PAIR_CODES = {
    "pinned": "A coordinator has fixed this pair: (no parameters).",
    "coverage": "Part of the needs each side meets: value, weight, points, benefit_a, benefit_b.",
    "tie": "Sister tie between the two: value, weight, points, kind (own | state | none).",
    "history": "Past help: value, weight, points, a_to_b, b_to_a.",
    "topics": "Shared topics of exchange: value, weight, points, shared (count).",
    "working_day": "Shared hours and language: value, weight, points, minutes, language (shared).",
    "scale": "Ratio of populations: value, weight, points.",
    "not_stated": "A criterion lacks a datum and scores 0 for it: criterion, city, datum.",
    "covers": "What one offers of what the other needs: giver, receiver, item, needed, covered.",
    "uncovered": "What the pair leaves open: city, item, needed, uncovered.",
    "next_best": (
        "A city's next best partner: city, partner, score, paired_with (None: alone), and what "
        "choosing it surely costs the network: effect (score | fewer_cities | lower_benefit) and "
        "loss (at least so many millionths; 0 unless effect is score). The exact cost is what a "
        "solution with the pair pinned lacks."
    ),
}
ALONE_CODES = {
    "no_partner": "Nobody of the city's level is left to pair with: (no parameters).",
    "all_forbidden": "Every possible partner is forbidden: forbidden (count).",
    "no_candidate": (
        "No possible partner is a candidate: compared, forbidden, unrelated (no help, tie or "
        "topic in common), below_floor (counts), floor."
    ),
    "below_floor": "The nearest to a candidate among those under the floor: partner, score, floor.",
    "below_threshold": (
        "A candidate that would push the lowest benefit down: partner, score, lowest, threshold."
    ),
    "outbid": "A candidate worth more elsewhere: partner, score, paired_with, their_score.",
}
MATCH_CODES = {
    "tier": "Urgency of the need: tier.",
    "from_counterpart": "The giver is the receiver's counterpart: giver, receiver.",
    "from_tie": "A sister tie joins the two: giver, receiver.",
    "from_state_tie": "A sister tie joins the states of the two: giver, receiver.",
    "from_network": "Nothing ties the two but the network: giver, receiver.",
    "knowledge": "Not rationed, it serves the need wholly: item, offers (count that would).",
    "substitute": "An accepted substitute, one for one: needed, offered (items).",
    "share": "How far the need is filled by all matches together: filled, quantity.",
    "still_open": "What stays open of the need: uncovered.",
    "arrival": "First day the goods can arrive: day, needed_by (None: whenever).",
    "packs": "Goes out in whole packs: packs (count), units (in each).",
}
NEED_CODES = {
    "no_offer": "Nobody offers the item or an accepted substitute: item.",
    "own_offer_only": "Only the city itself offers it: offers (count).",
    "forbidden": "Offers between cities that must not exchange: offers (count).",
    "excluded": "Offers that exclude the city: offers (count).",
    "dates": "Offers that would come too late: offers (count), first_arrival, needed_by.",
    "used_up": "What fits is given away: offers (count), offered (units in all, whole packs).",
    "lots": (
        "Units that fit stay with their givers, too few for a smallest lot or a whole pack: offers "
        "(count), left (units in all), lot (the smallest that would do), without_lots (what the "
        "need would get if parts of lots and packs could go; null if no more)."
    ),
    "went_to": (
        "A match that took what would have fitted: offer, giver, need, receiver, quantity, why "
        "(own_counterpart | more_urgent | smaller_share, counted with the unit | closer | drawn)."
    ),
}
REASON_CODES = PAIR_CODES | ALONE_CODES | MATCH_CODES | NEED_CODES


def reason(code: str, **params: Param) -> Reason:
    """A reason with its parameters in the order given."""
    return Reason(code, tuple(params.items()))
