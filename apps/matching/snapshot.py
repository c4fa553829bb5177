"""The only bridge from the database to the engine: one frozen picture, in a fixed number of queries."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from apps.cities.models import City, Liaison, SisterTie
from apps.core.zones import zone_of
from apps.ledger.models import EntryKind, LedgerEntry
from apps.matching.engine import canonical, problem
from apps.matching.goods import take_goods
from apps.pairings.models import Pairing, PairingRule, PairingSide
from apps.postings.models import Posting


@dataclass(frozen=True)
class Snapshot:
    """The two questions of a round, and the postings they were asked of.

    `versions` are those of the postings by id; `left_out` says which the round goes on without,
    in whole or in part, and why. `pins_left_out` are those of two cities of one side.
    """

    pairing: problem.PairingProblem
    allocation: problem.AllocationProblem
    versions: dict[int, int]
    left_out: dict[int, str]
    pins_left_out: tuple[problem.CodePair, ...] = ()

    def to_text(self) -> str:
        beside = {
            "left_out": sorted(self.left_out.items()),
            "pins_left_out": sorted(self.pins_left_out),
            "versions": sorted(self.versions.items()),
        }
        problems = (canonical.to_json(self.pairing), canonical.to_json(self.allocation))
        return "".join(f"{line}\n" for line in (*problems, json.dumps(beside)))

    @classmethod
    def from_text(cls, text: str) -> "Snapshot":
        pairing, allocation, line = text.rstrip("\n").split("\n")
        beside = json.loads(line)
        return cls(
            canonical.from_json(pairing),  # type: ignore[arg-type]
            canonical.from_json(allocation),  # type: ignore[arg-type]
            versions=dict(beside["versions"]),
            left_out=dict(beside["left_out"]),
            pins_left_out=tuple((a, b) for a, b in beside["pins_left_out"]),
        )


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def take(parameters: dict[str, Any], *, now: datetime) -> Snapshot:
    """Read everything a round needs. Call it inside one transaction, so that it fits together."""
    goods = take_goods(now.date())
    needs, offers = goods.needs(), goods.offers()
    cities = {city.code: city for city in participants({row.city_id for row in goods.rows})}
    rows = city_rows(cities, goods.topics(), parameters, now=now)
    ties = tie_rows()
    taken = set(PairingSide.objects.filter(live=True).values_list("city__code", flat=True))
    free = {code for code in cities if code not in taken}
    single = tuple(row for row in rows if row.code in free)
    pinned = rule_rows("pin", free)
    pins = across(pinned, single)
    pairing = problem.PairingProblem(
        cities=single,
        needs=tuple(row for row in needs if row.city in free),
        offers=tuple(row for row in offers if row.city in free),
        ties=known_ties(ties, single),
        helps=help_rows(free),
        pins=pins,
        forbids=rule_rows("forbid", free),
        sides="one" if parameters.get("pool") == "one" else "two",
        objective=parameters.get("objective", "widest"),
    )
    allocation = problem.AllocationProblem(
        today=now.date(),
        cities=rows,
        items=goods.item_rows(),
        needs=needs,
        offers=offers,
        ties=known_ties(ties, rows),
        counterparts=counterpart_rows(set(cities)),
        policy=parameters.get("policy", "pair_first"),
    )
    versions = {row.pk: row.version for row in goods.rows}
    pins_left_out = tuple(sorted(set(pinned) - set(pins)))
    return Snapshot(pairing, allocation, versions, goods.left_out, pins_left_out)


def participants(posting_cities: set[int]) -> QuerySet[City]:
    """Cities that take part: those with a confirmed officer or an open posting."""
    with_officer = Liaison.objects.confirmed().values_list("city_id", flat=True)
    return (
        City.objects.acting()
        .filter(pk__in=posting_cities | set(with_officer))
        .select_related("parent__parent")
        .order_by("code")
    )


def city_rows(
    cities: dict[str, City],
    topics: Mapping[str, set[str]],
    parameters: dict[str, Any],
    *,
    now: datetime,
) -> tuple[problem.City, ...]:
    languages: dict[str, set[str]] = defaultdict(set)
    for code, language in Liaison.objects.confirmed().values_list("city__code", "user__language"):
        languages[code].add(language)
    return tuple(
        problem.City(
            code=city.code,
            level="state" if city.level == "state" else "city",
            side=side_of(city, parameters),
            population=city.population or None,
            languages=tuple(languages[city.code]),
            utc_offset_minutes=utc_offset(city, now),
            state_code=state_code(city),
            topics=tuple(topics.get(city.code, ())),
        )
        for city in cities.values()
    )


def side_of(city: City, parameters: dict[str, Any]) -> problem.Side | None:
    if parameters.get("pool") == "one":
        return None
    if parameters.get("pool") == "list":
        return "left" if city.code in parameters["left"] else "right"
    return "left" if str(city.country) in settings.LEFT_COUNTRIES else "right"


def state_code(city: City) -> str | None:
    """The state the city lies in, perhaps by way of a larger city."""
    place = city.parent
    while place and place.level != "state":
        place = place.parent
    return place.code if place else None


def utc_offset(city: City, now: datetime) -> int | None:
    if not city.time_zone:
        return None
    offset = now.astimezone(zone_of(city.time_zone)).utcoffset()
    return None if offset is None else int(offset.total_seconds() // 60)


def tie_rows() -> list[problem.Tie]:
    """Ties that count: of cities, and of the states they lie in."""
    ties = SisterTie.objects.exclude(status__in=SisterTie.COUNTS_FOR_NOTHING)
    pairs = ties.values_list("city_a__code", "city_b__code")
    return [problem.Tie(a, b) for a, b in pairs]


def known_ties(ties: list[problem.Tie], cities: Iterable[problem.City]) -> tuple[problem.Tie, ...]:
    """Those whose two ends are cities of the problem, or states of such cities."""
    rows = list(cities)
    known = {row.code for row in rows} | {row.state_code for row in rows}
    return tuple(tie for tie in ties if {tie.a, tie.b} <= known)


def help_rows(codes: set[str]) -> tuple[problem.Help, ...]:
    """Who has helped whom before, by the ledger: sent or received, not reversed.

    What the demo made up counts only where one of the two plays the demo, so that no other pair
    profits from it.
    """
    demo = playing_the_demo()
    found = (
        LedgerEntry.objects.filter(
            kind__in=[EntryKind.SENT, EntryKind.RECEIVED], reverses=None, reversed_by=None
        )
        .exclude(giver__city=None)
        .exclude(receiver__city=None)
        .values_list("giver__city__code", "receiver__city__code", "is_demo")
        .distinct()
    )
    pairs = {
        (a, b)
        for a, b, is_demo in found
        if a != b and {a, b} <= codes and (not is_demo or {a, b} & demo)
    }
    return tuple(problem.Help(a, b) for a, b in sorted(pairs))


def playing_the_demo() -> set[str]:
    """The codes of cities that have an open posting of the demo: a pair with one of them is a demo, too."""
    postings = Posting.objects.open().filter(is_demo=True)
    return set(postings.values_list("city__code", flat=True).distinct())


def rule_rows(kind: str, codes: set[str]) -> tuple[problem.CodePair, ...]:
    rules = PairingRule.objects.filter(kind=kind, lifted_at=None)
    pairs = rules.values_list("city_a__code", "city_b__code")
    return tuple((a, b) for a, b in pairs if {a, b} <= codes)


def across(
    pins: tuple[problem.CodePair, ...], cities: Iterable[problem.City]
) -> tuple[problem.CodePair, ...]:
    """Pins that can be kept: in one pool all, on two sides those from one to the other."""
    side = {row.code: row.side for row in cities}
    return tuple((a, b) for a, b in pins if side[a] is None or side[a] != side[b])


def counterpart_rows(codes: set[str]) -> tuple[problem.CodePair, ...]:
    sides = PairingSide.objects.filter(pairing__in=Pairing.objects.active().values("pk"))
    ends = list(sides.order_by("pairing", "position").values_list("city__code", flat=True))
    pairs = zip(ends[0::2], ends[1::2], strict=True)
    return tuple((a, b) for a, b in pairs if {a, b} <= codes)
