"""One form for equal problems: sorted rows, canonical JSON both ways, the hash, the drawn order."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace

from .codec import decode, plain
from .faults import Faults, ProblemError
from .json_text import read_json
from .problem import (
    AllocationProblem,
    City,
    CodePair,
    Need,
    Offer,
    PairingProblem,
    Problem,
    Tie,
)
from .result import AllocationResult, PairingResult, Result

SCHEMA = 1
KINDS: dict[str, type[Problem | Result]] = {
    "pairing_problem": PairingProblem,
    "allocation_problem": AllocationProblem,
    "pairing_result": PairingResult,
    "allocation_result": AllocationResult,
}


def to_json(value: Problem | Result) -> str:
    """Canonical JSON: sorted keys, no spaces, rows sorted, dates in ISO form; no final newline.

    Equal problems give equal text whatever the order of their rows.
    """
    if isinstance(value, PairingProblem):
        value = canonical_pairing(value)
    elif isinstance(value, AllocationProblem):
        value = canonical_allocation(value)
    kind = next(name for name, each in KINDS.items() if isinstance(value, each))
    return json.dumps(
        {"kind": kind, "schema": SCHEMA, **plain(value)},
        default=plain,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
        check_circular=False,
    )


def from_json(text: str | bytes) -> Problem | Result:
    """Read what `to_json` wrote; fields with a default may be left out.

    Raises `ProblemError` with a fault for every value of the wrong type, unknown or missing field.
    Whether the problem makes sense is judged when it is solved.
    """
    faults = Faults()
    body = read_json(text, faults)
    faults.raise_if_any()
    value = from_body(body, faults)
    if value is None or faults.found:
        raise ProblemError(faults.found)
    return value


def from_body(body: object, faults: Faults) -> Problem | Result | None:
    """Read the plain values of such a text, and note every fault; None where no kind is to be made
    out. With faults the value holds what was found, of whatever type it is."""
    if not faults.is_a("", body, dict) or not isinstance(body, dict):
        return None
    known = faults.choice("kind", body.get("kind"), tuple(KINDS))
    faults.choice("schema", body.get("schema"), (SCHEMA,))
    rows = {name: value for name, value in body.items() if name not in ("kind", "schema")}
    value: Problem | Result | None = None
    if known:
        value = decode(KINDS[body["kind"]], rows, "", faults)
    return value


def problem_hash(problem: Problem) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal digits: the problem's name and its seed."""
    return hashlib.sha256(to_json(problem).encode()).hexdigest()


def drawn_order(seed: str, codes: Iterable[str]) -> tuple[str, ...]:
    """The codes in an order drawn from the seed, so that no code is favoured by its name."""

    def ticket(code: str) -> tuple[bytes, str]:
        return hashlib.sha256(f"{seed}:{code}".encode()).digest(), code

    return tuple(sorted(codes, key=ticket))


def canonical_pairing(problem: PairingProblem) -> PairingProblem:
    """The same valid problem with its rows sorted and what is said twice said once.

    A pair names its left city first, in one pool the smaller code.
    """
    left = {city.code for city in problem.cities if city.side == "left"}
    pins = _pairs(problem.pins)
    if problem.sides == "two":
        pins = tuple(sorted((a, b) if a in left else (b, a) for a, b in pins))
    return replace(
        problem,
        cities=_cities(problem.cities),
        needs=_needs(problem.needs),
        offers=_offers(problem.offers),
        ties=_ties(problem.ties),
        helps=tuple(sorted(set(problem.helps), key=lambda row: (row.giver, row.receiver))),
        pins=pins,
        forbids=_pairs(problem.forbids),
    )


def canonical_allocation(problem: AllocationProblem) -> AllocationProblem:
    """The same valid problem with its rows sorted and what is said twice said once."""
    return replace(
        problem,
        cities=_cities(problem.cities),
        items=tuple(sorted(problem.items, key=lambda item: item.code)),
        needs=_needs(problem.needs),
        offers=_offers(problem.offers),
        ties=_ties(problem.ties),
        counterparts=_pairs(problem.counterparts),
        forbids=_pairs(problem.forbids),
    )


def _cities(cities: tuple[City, ...]) -> tuple[City, ...]:
    rows = (
        city
        if _is_distinct(city.languages) and _is_distinct(city.topics)
        else replace(city, languages=_distinct(city.languages), topics=_distinct(city.topics))
        for city in cities
    )
    return tuple(sorted(rows, key=lambda city: city.code))


def _needs(needs: tuple[Need, ...]) -> tuple[Need, ...]:
    rows = (
        need if _is_distinct(need.accepts) else replace(need, accepts=_distinct(need.accepts))
        for need in needs
    )
    return tuple(sorted(rows, key=lambda need: need.id))


def _offers(offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
    rows = (
        offer
        if _is_distinct(offer.excluded)
        else replace(offer, excluded=_distinct(offer.excluded))
        for offer in offers
    )
    return tuple(sorted(rows, key=lambda offer: offer.id))


def _ties(ties: tuple[Tie, ...]) -> tuple[Tie, ...]:
    return tuple(Tie(a, b) for a, b in _pairs((tie.a, tie.b) for tie in ties))


def _pairs(pairs: Iterable[CodePair]) -> tuple[CodePair, ...]:
    return tuple(sorted({(min(a, b), max(a, b)) for a, b in pairs}))


def _is_distinct(codes: tuple[str, ...]) -> bool:
    """Nothing to do for `_distinct`, as nearly always."""
    return len(codes) == 0 or codes == _distinct(codes)


def _distinct(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(codes)))
