"""Postings, matches and deliveries of the world, between Wuxi and San Antonio."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from apps.deliveries import services as deliveries
from apps.matching import services as matching
from apps.matching.models import Match, PairingProposal, Round
from apps.matching.states import MatchState, RoundState
from apps.postings import services as postings
from apps.postings.models import Item, Posting, Resource
from apps.postings.states import PostingState
from tests import factories
from tests.uploads import paper

if TYPE_CHECKING:
    from tests.pages.world import World

DETAILS = "For <b>three</b> county hospitals <script>alert('x')</script> \u202egnp.exe"
SUMMARY = {
    "pairings": 3,
    "pairings_with_tie": 1,
    "cities": 12,
    "cities_alone": 2,
    "matches": 8,
    "needs": 9,
    "needs_filled": 7,
    "units_needed": 12_000,
    "units_allocated": 11_000,
    "units_uncovered": 1_000,
}


class Goods:
    def __init__(self, world: "World") -> None:
        self.world, self.now = world, world.now
        self.giver = world.officers[world.wuxi.pk]
        self.receiver = world.officers[world.san_antonio.pk]
        self.today = timezone.localdate(world.now) - timedelta(days=2)
        self.make_catalogue()
        self.make_postings()
        self.make_rounds()
        self.make_matches()
        self.make_deliveries()

    def make_catalogue(self) -> None:
        self.masks = factories.ItemFactory(
            code="respirator_n95", name_en="N95 respirator", usual_quantity=1_000_000
        )
        self.box = factories.PackFactory(item=self.masks, units=50)
        self.shields = factories.ItemFactory(code="face_shield", name_en="Face shield")
        self.goggles = factories.ItemFactory(code="goggles", unit="pair")
        self.manual = factories.ItemFactory(
            code="manual", name_en="Manual", unit="document", is_knowledge=True
        )
        self.money = factories.ItemFactory(
            code="cash_usd",
            name_en="Cash, USD",
            unit="usd",
            category=factories.CategoryFactory(code="funds", name_en="Funds", name_zh_hans="资金"),
        )

    def draft(self, kind: str, item: Item | None = None, **fields: Any) -> Posting:
        """Needs are San Antonio's, offers Wuxi's."""
        place, person = (
            (self.world.san_antonio, self.receiver)
            if kind == "need"
            else (self.world.wuxi, self.giver)
        )
        fields.setdefault("quantity", 10_000)
        if kind == "need":
            fields.setdefault("urgency", 1)
        return postings.draft_posting(
            place, kind, by=person, now=self.now, item=item or self.masks, **fields
        )

    def post(self, kind: str, item: Item | None = None, **fields: Any) -> Posting:
        found = self.draft(kind, item, **fields)
        return postings.publish_posting(found, by=found.posted_by, now=self.now)

    def make_postings(self) -> None:
        soon = self.today + timedelta(days=20)
        self.need = self.post("need", needed_by=soon, details=DETAILS, substitutes=[self.shields])
        self.offer = self.post(
            "offer",
            entered_quantity=200,
            pack=self.box,
            smallest_lot=100,
            available_from=soon,
            available_until=soon,
            expires_on=soon,
        )
        for kind, one in (("need", self.need), ("offer", self.offer)):
            place = self.world.san_antonio if kind == "need" else self.world.wuxi
            other = self.world.wuxi if kind == "need" else self.world.san_antonio
            for state in PostingState:
                if state != PostingState.FULFILLED:
                    row = one if state == PostingState.OPEN else self.posting(kind, state)
                    self.world.add(f"{kind}.{state}", row, (place, other))
        shared = postings.share_resource(
            self.world.wuxi,
            self.manual,
            by=self.giver,
            now=self.now,
            title="Manual <script>alert`x`</script>",
            url="https://example.org/manual.pdf",
            language="zh-hans",
            licence="CC BY 4.0",
        )
        self.world.add("offer.knowledge", shared)
        postings.attach_file(self.offer, by=self.giver, now=self.now, file=paper("letter.pdf"))
        self.world.add("attachment", self.offer.attachments.get())
        self.world.add("resource", Resource.objects.get(posting=shared))

    def posting(self, kind: str, state: str) -> Posting:
        found = self.draft(kind) if state == "draft" else self.post(kind)
        officer = {"by": found.posted_by, "now": self.now}
        if state == "held":
            reason = {"reason": "reason-for-those-concerned"}
            return postings.hold_posting(found, by=self.world.coordinator, now=self.now, **reason)
        if state == "withdrawn":
            return postings.withdraw_posting(found, reason="no longer needed", **officer)
        if state == "expired":
            return postings.expire_posting(found, now=self.now + timedelta(days=60))
        return found

    def make_rounds(self) -> None:
        at = {"started_at": self.now, "finished_at": self.now + timedelta(seconds=3)}
        for state in RoundState:
            extra = {
                "finished": {"summary": SUMMARY, "engine_version": "1.0.0", **at},
                "failed": {"state_reason": "The worker stopped answering.", "error": "Traceback"},
                "running": {"phase": "reasons", "progress": 30},
            }.get(state, {})
            row = factories.RoundFactory(state=state, opened_by=self.world.coordinator, **extra)
            self.world.add(f"round.{state}", row)
        finished: Round = self.world["round.finished"]
        finished.summary["left_out"] = [
            {"posting": self.need.pk, "why": "needed_by_is_past"},
            {"posting": self.offer.pk, "why": "less_is_free_than_its_smallest_lot"},
        ]
        finished.save()
        dry = factories.RoundFactory(
            is_dry_run=True, retry_of=finished, summary=SUMMARY, result="{}\n{}\n", **at
        )
        self.world.add("round.dry", dry)
        PairingProposal.objects.create(
            round=finished,
            pairing=self.world["pairing.proposed"],
            score=530_000,
            reasons=pairing_reasons(),
        )

    def proposal(self, quantity: int = 100, **fields: Any) -> Match:
        """Of one large need and one large offer, each by a round of its own, so that lists stay short."""
        fields = {"need": self.large_need, "offer": self.large_offer, **fields}
        fields.setdefault("round", factories.RoundFactory(summary=SUMMARY))
        return factories.MatchFactory(quantity=quantity, reasons=match_reasons(), **fields)

    def accepted(self, quantity: int = 100, **fields: Any) -> Match:
        found = matching.approve_match(
            self.proposal(quantity, **fields), by=self.world.coordinator, now=self.now
        )
        matching.accept_match(found, by=self.giver, now=self.now)
        return matching.accept_match(found, by=self.receiver, now=self.now)

    def make_matches(self) -> None:
        self.large_need = self.post("need", quantity=1_000_000)
        self.large_offer = self.post("offer", quantity=1_000_000)
        for state in MatchState:
            if state != MatchState.COMPLETED:
                self.world.add(f"match.{state}", self.match(state))

    def match(self, state: str) -> Match:
        if state == "accepted":
            return self.accepted()
        deciding = {"by": self.world.coordinator, "now": self.now}
        if state == "proposed":
            return self.proposal(round=self.world["round.finished"])
        found = self.proposal()
        if state == "rejected":
            return matching.reject_match(found, reason="too far", **deciding)
        if state == "expired":
            found = matching.approve_match(found, **deciding)
            return matching.expire_match(found, now=self.now + timedelta(days=30))
        found = matching.approve_match(
            found, quantity=200, reason="as much as flies <b>now</b>", **deciding
        )
        if state == "cancelled":
            return matching.cancel_match(found, reason="the need changed", **deciding)
        if state == "declined":
            return matching.decline_match(found, by=self.receiver, now=self.now, reason=DETAILS)
        return found

    def send(self, match: Match, quantity: int) -> Any:
        return deliveries.dispatch_delivery(
            match,
            by=self.giver,
            now=self.now,
            quantity=quantity,
            dispatched_on=self.today,
            carrier="Air <b>freight</b>",
            tracking="T-1",
            giver_name="Wuxi Textiles",
            giver_kind="company",
        )

    def receive(self, delivery: Any, quantity: int, **fields: Any) -> Any:
        arrived = {"by": self.receiver, "now": self.now, "received_on": self.today}
        return deliveries.receive_delivery(delivery, quantity=quantity, **arrived, **fields)

    def make_deliveries(self) -> None:
        match, sender = self.accepted(400), {"by": self.giver, "now": self.now}
        for state in ("dispatched", "held", "received", "lost"):
            delivery = self.send(match, 100)
            if state == "held":
                held = {"reason": "customs", "since": self.today, "note": "papers"}
                delivery = deliveries.hold_delivery(delivery, **sender, **held)
            if state == "received":
                note = {"difference": "damaged", "difference_note": "one wet carton"}
                delivery = self.receive(delivery, 90, **note)
                deliveries.distribute(
                    delivery,
                    by=self.receiver,
                    now=self.now,
                    recipient="County <b>Hospital</b>",
                    kind="hospital",
                    quantity=50,
                )
            if state == "lost":
                delivery = deliveries.lose_delivery(delivery, reason="at sea", **sender)
            self.world.add(f"delivery.{state}", delivery)
        partly = self.accepted(300)
        self.receive(self.send(partly, 100), 100)
        self.world.add("match.partly", Match.objects.get(pk=partly.pk))
        pair = {kind: self.post(kind, quantity=1_000) for kind in ("need", "offer")}
        whole = self.accepted(1_000, **pair)
        self.receive(self.send(whole, 1_000), 1_000)
        whole = Match.objects.get(pk=whole.pk)
        self.world.add("match.completed", whole)
        self.world.add("need.fulfilled", whole.need, (self.world.san_antonio, self.world.wuxi))
        self.world.add("offer.fulfilled", whole.offer)


def pairing_reasons() -> list[dict[str, Any]]:
    """One of each code that a pairing can carry."""
    score = {"value": 500_000, "weight": 250_000, "points": 125_000}
    city, partner = "cn-js-wuxi", "us-tx-san-antonio"
    next_best = {"city": city, "partner": partner, "score": 400_000, "loss": 100_000}
    return [
        {"code": "pinned"},
        {"code": "coverage", **score, "benefit_a": 600_000, "benefit_b": 400_000},
        {"code": "tie", "kind": "own", **score},
        {"code": "history", "a_to_b": 1, "b_to_a": 0, **score},
        {"code": "topics", "shared": 2, **score},
        {"code": "working_day", "minutes": 90, "language": True, **score},
        {"code": "scale", **score},
        {"code": "not_stated", "city": city, "datum": "population", "criterion": "scale"},
        {
            "code": "covers",
            "giver": city,
            "receiver": partner,
            "covered": 5_000,
            "needed": 9_000,
            "item": "goggles",
        },
        {"code": "uncovered", "city": partner, "uncovered": 4_000, "item": "goggles"},
        *({"code": "next_best", "effect": effect, **next_best} for effect in EFFECTS),
    ]


EFFECTS = ("score", "fewer_cities", "lower_benefit")
WHY = ("own_counterpart", "more_urgent", "smaller_share", "closer", "drawn")


def match_reasons() -> list[dict[str, Any]]:
    """One of each code that a match can carry."""
    both = {"giver": "cn-js-wuxi", "receiver": "us-tx-san-antonio"}
    bonds = ("from_counterpart", "from_tie", "from_state_tie", "from_network")
    return [
        *({"code": "tier", "tier": tier} for tier in (1, 2, 3, 4)),
        *({"code": bond, **both} for bond in bonds),
        {"code": "knowledge"},
        {"code": "substitute", "offered": "goggles", "needed": "respirator_n95"},
        {"code": "share", "filled": 1_000, "quantity": 2_000},
        {"code": "still_open", "uncovered": 1_000},
        {"code": "arrival", "day": "2026-11-22", "needed_by": "2026-12-07"},
        {"code": "arrival", "day": "2026-11-22", "needed_by": None},
        {"code": "packs", "packs": 10, "units": 50},
        *({"code": "went_to", "quantity": 5_000, "why": why, **both} for why in WHY),
    ]
