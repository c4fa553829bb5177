"""What a round proposes becomes rows, and what it replaces expires: whole sets at a time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_noop

from apps.audit.services import names_of, record_many, transition_many
from apps.cities.models import City
from apps.core.bulk import insert_rows, new_ids
from apps.matching.engine.result import CityPair, Reason
from apps.matching.engine.result import Match as EngineMatch
from apps.matching.models import Match, MatchSide, PairingProposal, Role, Round, Via
from apps.matching.snapshot import Snapshot, playing_the_demo
from apps.matching.states import MatchState
from apps.pairings.models import Pairing, PairingSide
from apps.pairings.states import PairingState
from apps.postings.models import Item, Posting

SUPERSEDED = gettext_noop("Superseded by a newer round.")


def supersede(*, now: datetime) -> None:
    """Expire what earlier rounds proposed and nobody decided; what a person proposed stays."""
    expire = partial(transition_many, by=None, now=now, reason=SUPERSEDED)
    expire(
        Match.objects.filter(state=MatchState.PROPOSED),
        MatchState.EXPIRED,
        verb="expire_match",
        labels=match_labels,
    )
    expire(
        Pairing.objects.filter(state=PairingState.PROPOSED, proposed_by=None).described(),
        PairingState.EXPIRED,
        verb="expire_pairing",
    )


def match_labels(matches: QuerySet[Any]) -> dict[int, str]:
    """By id; each city and item, which many matches share, is read once."""
    rows = list(matches.values_list("pk", "offer__city", "need__city", "need__item"))
    cities = names_of(City.objects.filter(pk__in={pk for row in rows for pk in row[1:3]}))
    items = names_of(Item.objects.filter(pk__in={item for *_, item in rows}))
    return {
        pk: Match.label(cities[giver], cities[receiver], items[item])
        for pk, giver, receiver, item in rows
    }


@dataclass(frozen=True)
class Known:
    """What rows are told by: cities by code, and the English names of cities and items by code."""

    cities: Mapping[str, City]
    city_names: Mapping[str, str]
    item_names: Mapping[str, str]

    @classmethod
    @translation.override("en")
    def of(cls, snapshot: Snapshot) -> "Known":
        codes = [city.code for city in snapshot.allocation.cities]
        cities = City.objects.in_bulk(codes, field_name="code")
        items = Item.objects.filter(code__in=[item.code for item in snapshot.allocation.items])
        return cls(
            cities,
            {code: str(city) for code, city in cities.items()},
            {item.code: str(item) for item in items},
        )


def propose(
    round: Round,
    snapshot: Snapshot,
    pairs: Iterable[CityPair],
    matches: Iterable[EngineMatch],
    *,
    now: datetime,
) -> None:
    known = Known.of(snapshot)
    expires_at = now + timedelta(days=settings.PROPOSAL_DAYS)
    propose_pairings(round, known, without_waiting(pairs), now=now, expires_at=expires_at)
    propose_matches(round, known, snapshot, list(matches), now=now, expires_at=expires_at)


def propose_pairings(
    round: Round, known: Known, pairs: list[CityPair], *, now: datetime, expires_at: datetime
) -> None:
    demo = playing_the_demo()
    ids = new_ids(Pairing, len(pairs))
    rows = list(zip(ids, pairs, strict=True))
    insert_rows(
        Pairing(state_since=now, expires_at=expires_at),
        ({"id": id, "is_demo": pair.a in demo or pair.b in demo} for id, pair in rows),
    )
    insert_rows(
        PairingSide(),
        (
            {"pairing_id": id, "position": position, "city_id": known.cities[code].pk}
            for id, pair in rows
            for position, code in enumerate((pair.a, pair.b))
        ),
    )
    insert_rows(
        PairingProposal(round=round),
        (
            {"pairing_id": id, "score": pair.score, "reasons": plain(pair.reasons)}
            for id, pair in rows
        ),
    )
    names = known.city_names
    labels = {id: Pairing.label(names[pair.a], names[pair.b]) for id, pair in rows}
    record_many(None, "propose_pairing", Pairing, labels, at=now, after=PairingState.PROPOSED)


def without_waiting(pairs: Iterable[CityPair]) -> list[CityPair]:
    """The pairs without those that a person has proposed and that wait already."""
    waiting = Pairing.objects.filter(state=PairingState.PROPOSED).described()
    known = {frozenset(city.code for city in pairing.cities) for pairing in waiting}
    return [pair for pair in pairs if frozenset((pair.a, pair.b)) not in known]


def propose_matches(
    round: Round,
    known: Known,
    snapshot: Snapshot,
    matches: list[EngineMatch],
    *,
    now: datetime,
    expires_at: datetime,
) -> None:
    needs = {need.id: need for need in snapshot.allocation.needs}
    givers = {offer.id: offer.city for offer in snapshot.allocation.offers}
    demo = set(Posting.objects.filter(is_demo=True).values_list("pk", flat=True))
    ids = new_ids(Match, len(matches))
    rows = list(zip(ids, matches, strict=True))
    insert_rows(
        Match(round=round, state_since=now, expires_at=expires_at),
        (
            {
                "id": id,
                "need_id": match.need,
                "offer_id": match.offer,
                "need_version": snapshot.versions[match.need],
                "offer_version": snapshot.versions[match.offer],
                "is_demo": match.need in demo or match.offer in demo,
                **proposed(match, needs[match.need].quantity),
            }
            for id, match in rows
        ),
    )
    insert_rows(
        MatchSide(),
        (
            {"match_id": id, "role": role, "city_id": known.cities[code].pk}
            for id, match in rows
            for role, code in (
                (Role.GIVER, givers[match.offer]),
                (Role.RECEIVER, needs[match.need].city),
            )
        ),
    )
    names, items = known.city_names, known.item_names
    labels = {
        id: Match.label(names[givers[match.offer]], names[need.city], items[need.item])
        for id, match in rows
        for need in (needs[match.need],)
    }
    record_many(None, "propose_match", Match, labels, at=now, after=MatchState.PROPOSED)


def proposed(match: EngineMatch, needed: int | None) -> dict[str, Any]:
    """What the engine says of a match; knowledge, which has no quantity, serves the whole need."""
    quantity = needed if match.quantity is None else match.quantity
    return {
        "proposed_quantity": quantity,
        "quantity": quantity,
        "via": Via(match.relation),
        "reasons": plain(match.reasons),
    }


def plain(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    return [{"code": reason.code, **reason.values} for reason in reasons]
