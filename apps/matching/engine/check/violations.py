"""What a checker can find wrong with a result."""

from dataclasses import dataclass

VIOLATION_CODES = {
    "other_problem": "The result answers another problem.",
    "unknown_city": "A code that no city of the problem has.",
    "city_twice": "A city stands in two pairs, or in a pair and among those alone.",
    "city_missing": "A city stands neither in a pair nor among those alone.",
    "across_levels": "A city is paired with a state.",
    "wrong_side": "Both cities stand on one side, or the left one is not named first.",
    "pin_ignored": "A pinned pair is not proposed, or the mark of a pin is wrong.",
    "forbidden": "A forbidden pair, or a match between forbidden cities.",
    "not_a_candidate": "A pair that nothing relates, under the floor, or under the threshold.",
    "wrong_score": "A score, benefit or criterion is not what its formula gives.",
    "wrong_reason": "A reason outside the closed list, or one that is missing.",
    "wrong_figure": "A figure of the summary is not what the result adds up to.",
    "bad_proof": "A proof is missing, incomplete or not well formed.",
    "underpriced": "On some pair the prices fall short of the weight: the bound is not proved.",
    "bound_not_attained": "The result weighs less, or more, than the bound that is proved.",
    "threshold_not_proved": "A higher lowest benefit is not shown to be out of reach.",
    "unknown_posting": "An offer or a need that the problem does not have.",
    "match_twice": "An offer is matched with a need twice.",
    "wrong_quantity": "Units below one, or none stated where units are, or the reverse.",
    "wrong_item": "Neither the item that is needed nor an accepted substitute.",
    "own_city": "A city is matched with itself.",
    "excluded": "The offer excludes the city.",
    "too_late": "The offer cannot arrive in time.",
    "wrong_relation": "The relation of giver and receiver is not the one stated.",
    "below_lot": "A match is smaller than the larger of the two smallest lots.",
    "broken_pack": "A match is not in whole packs.",
    "over_offer": "More is matched than is offered.",
    "over_need": "More is matched than is needed.",
    "wrong_outcome": "The outcome of a need is not what its matches add up to.",
    "knowledge": "A need that knowledge fits is not served by the closest, once.",
    "not_optimal": "The prices of a stage do not prove that no allowed flow is better.",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """A code of `VIOLATION_CODES` and what it is about: a path, a code, a pair or an id."""

    code: str
    subject: str
