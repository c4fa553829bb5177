"""What a round proposes becomes rows, in one transaction, in a fixed number of statements."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from apps.accounts.models import User
from apps.audit.services import record_many, transition, transition_many
from apps.cities.models import City
from apps.matching.engine.result import AllocationResult, CityPair, PairingResult, Reason
from apps.matching.engine.result import Match as EngineMatch
from apps.matching.models import Match, MatchSide, PairingProposal, Role, Round, Via
from apps.matching.services.choices import Choices
from apps.matching.services.comparing import compare, last_finished_before, proposals, proposals_of
from apps.matching.snapshot import Snapshot
from apps.matching.states import MatchState, RoundState
from apps.notifications.services import notify
from apps.pairings.models import Pairing, PairingSide
from apps.pairings.states import PairingState
from apps.postings.models import Item, Posting

EXPLAINED = 100  # cities alone, and open needs, that a summary explains
SUPERSEDED = gettext_noop("Superseded by a newer round.")


@transaction.atomic
def store_result(
    round: Round,
    snapshot: Snapshot,
    pairing: PairingResult,
    allocation: AllocationResult,
    *,
    now: datetime,
    choices: Choices | None = None,
) -> None:
    """Finish the round; unless it is a dry run, replace what is undecided by its proposals."""
    summary = {**summarise(snapshot, pairing, allocation), "choices": choices or {}}
    if earlier := last_finished_before(round):
        difference = compare(proposals_of(earlier), proposals(pairing, allocation))
        summary["against"] = difference.to_summary(earlier)
    finished = transition(
        round,
        RoundState.FINISHED,
        verb="finish_round",
        by=None,
        now=now,
        result=round.result,
        summary=summary,
        phase="",
        progress=100,
        finished_at=now,
    )
    if round.is_dry_run:
        return
    supersede(round, now=now)
    expires_at = now + timedelta(days=settings.PROPOSAL_DAYS)
    store_pairings(round, pairing.pairs, now=now, expires_at=expires_at)
    store_matches(round, snapshot, allocation.matches, now=now, expires_at=expires_at)
    notify("round_finished", User.objects.deciders(), finished)


def supersede(round: Round, *, now: datetime) -> None:
    """Expire what earlier rounds proposed and nobody decided; what a person proposed stays."""
    matches = Match.objects.filter(state=MatchState.PROPOSED)
    pairings = Pairing.objects.filter(state=PairingState.PROPOSED, proposed_by=None).described()
    for rows, state, verb in (
        (matches.described(), MatchState.EXPIRED, "expire_match"),
        (pairings, PairingState.EXPIRED, "expire_pairing"),
    ):
        transition_many(rows, state, verb=verb, by=None, now=now, reason=SUPERSEDED)


def store_pairings(
    round: Round, pairs: Iterable[CityPair], *, now: datetime, expires_at: datetime
) -> None:
    pairs = without_waiting(pairs)
    cities = City.objects.in_bulk({code for p in pairs for code in (p.a, p.b)}, field_name="code")
    demo = set(Posting.objects.open().filter(is_demo=True).values_list("city_id", flat=True))
    rows = Pairing.objects.bulk_create(
        Pairing(
            state_since=now,
            expires_at=expires_at,
            is_demo=bool(demo & {cities[pair.a].pk, cities[pair.b].pk}),
        )
        for pair in pairs
    )
    PairingSide.objects.bulk_create(
        PairingSide(pairing=row, position=position, city=cities[code])
        for row, pair in zip(rows, pairs, strict=True)
        for position, code in enumerate((pair.a, pair.b))
    )
    PairingProposal.objects.bulk_create(
        PairingProposal(round=round, pairing=row, score=pair.score, reasons=plain(pair.reasons))
        for row, pair in zip(rows, pairs, strict=True)
    )
    described = Pairing.objects.filter(pk__in=[row.pk for row in rows]).described()
    record_many(None, "propose_pairing", described, at=now, after=PairingState.PROPOSED)


def without_waiting(pairs: Iterable[CityPair]) -> list[CityPair]:
    """The pairs without those that a person has proposed and that wait already."""
    waiting = Pairing.objects.filter(state=PairingState.PROPOSED).described()
    known = {frozenset(city.code for city in pairing.cities) for pairing in waiting}
    return [pair for pair in pairs if frozenset((pair.a, pair.b)) not in known]


def store_matches(
    round: Round,
    snapshot: Snapshot,
    matches: Iterable[EngineMatch],
    *,
    now: datetime,
    expires_at: datetime,
) -> None:
    matches = list(matches)
    ids = {id for match in matches for id in (match.need, match.offer)}
    postings = named_postings(ids)
    needed = {need.id: need.quantity for need in snapshot.allocation.needs}
    rows = Match.objects.bulk_create(
        Match(
            round=round,
            need=postings[match.need],
            offer=postings[match.offer],
            need_version=snapshot.versions[match.need],
            offer_version=snapshot.versions[match.offer],
            state_since=now,
            expires_at=expires_at,
            is_demo=postings[match.need].is_demo or postings[match.offer].is_demo,
            **proposed(match, needed[match.need]),
        )
        for match in matches
    )
    MatchSide.objects.bulk_create(
        MatchSide(match=row, role=role, city=posting.city)
        for row in rows
        for role, posting in ((Role.GIVER, row.offer), (Role.RECEIVER, row.need))
    )
    record_many(None, "propose_match", rows, at=now, after=MatchState.PROPOSED)


def named_postings(ids: Iterable[int]) -> dict[int, Posting]:
    """Postings that know their city and item, which many share and each is read once."""
    postings: dict[int, Posting] = Posting.objects.only("city", "item", "is_demo").in_bulk(ids)
    cities = City.objects.in_bulk({posting.city_id for posting in postings.values()})
    items = Item.objects.in_bulk({posting.item_id for posting in postings.values()})
    for posting in postings.values():
        posting.city, posting.item = cities[posting.city_id], items[posting.item_id]
    return postings


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


def summarise(
    snapshot: Snapshot, pairing: PairingResult, allocation: AllocationResult
) -> dict[str, Any]:
    """The figures that lists and pages show without reading the whole result."""
    with_tie = sum(
        any(r.code == "tie" and r.values.get("kind") == "own" for r in pair.reasons)
        for pair in pairing.pairs
    )
    figures = allocation.summary
    return {
        "pairings": len(pairing.pairs),
        "pairings_with_tie": with_tie,
        "cities": pairing.summary.cities,
        "cities_alone": len(pairing.alone),
        "matches": len(allocation.matches),
        "consignments_at_least": figures.consignments_at_least,
        "needs": len(allocation.needs),
        "needs_filled": sum(need.uncovered == 0 for need in allocation.needs),
        "tiers": [
            {"tier": tier.tier, "needed": tier.needed, "filled": tier.filled}
            for tier in figures.tiers
        ],
        "units_needed": sum(need.quantity for need in allocation.needs),
        "units_allocated": sum(need.filled for need in allocation.needs),
        "units_uncovered": sum(need.uncovered for need in allocation.needs),
        "from_counterpart": figures.from_counterpart,
        "from_ties": figures.from_ties,
        "from_network": figures.from_network,
        "alone": [
            {"city": alone.city, "reasons": plain(alone.reasons)}
            for alone in pairing.alone[:EXPLAINED]
        ],
        "open_needs": [
            {"need": need.need, "uncovered": need.uncovered, "reasons": plain(need.reasons)}
            for need in allocation.needs
            if need.uncovered
        ][:EXPLAINED],
        "left_out": [{"posting": pk, "why": why} for pk, why in snapshot.left_out.items()],
    }
