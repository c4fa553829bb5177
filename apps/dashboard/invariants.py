"""What must never be false, asked of every floor at once; an empty answer is the right one."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.audit.models import AuditEntry
from apps.cities.models import Liaison
from apps.deliveries.models import Delivery
from apps.deliveries.states import DeliveryState
from apps.ledger.chain import verify
from apps.ledger.models import Gift, OutsideOffer, Question
from apps.matching.models import Match, Replay, Round
from apps.matching.states import RESERVING, MatchState
from apps.notifications.models import Notification, OutboxMessage, OutboxState
from apps.pairings.models import Exchange, Pairing, PairingSide
from apps.pairings.states import LIVE
from apps.postings.models import Posting

LATEST_AUDITED = (
    *(Liaison, Posting, Gift, Question, OutsideOffer, Pairing, Exchange, Round, Replay, Match),
    Delivery,
)


def check_invariants() -> list[str]:
    """One line for every violation found."""
    checks = (
        one_live_pairing_per_city,
        live_pairings_have_two_live_sides,
        allocations_add_up,
        fulfilments_add_up,
        matches_add_up,
        distributions_add_up,
        decisions_have_a_decider,
        states_have_an_audit_row,
        messages_are_in_a_lawful_state,
        the_ledger_holds,
    )
    return [line for check in checks for line in check()]


def one_live_pairing_per_city() -> Iterator[str]:
    counts = Counter(PairingSide.objects.filter(live=True).values_list("city__code", flat=True))
    for code, count in counts.items():
        if count > 1:
            yield f"{code} stands in {count} live pairings"


def live_pairings_have_two_live_sides() -> Iterator[str]:
    for pairing in Pairing.objects.prefetch_related("sides"):
        sides = list(pairing.sides.all())
        wanted = 2 if pairing.state in LIVE else 0
        if len({side.city_id for side in sides}) != 2 or sum(s.live for s in sides) != wanted:
            yield f"pairing {pairing.pk} ({pairing.state}) has not {wanted} live sides of two cities"


def allocations_add_up() -> Iterator[str]:
    """Allocated = what approved and accepted matches hold + what completed ones used up."""
    held = Sum("quantity", filter=Q(state__in=RESERVING), default=0)
    for side, used in (("need", "received"), ("offer", "dispatched")):
        done = Sum(used, filter=Q(state=MatchState.COMPLETED), default=0)
        sums = {
            row[side]: row["held"] + row["done"]
            for row in Match.objects.values(side).annotate(held=held, done=done).order_by()
        }
        postings = Posting.objects.filter(kind=side).exclude(quantity=None)
        for pk, allocated in postings.values_list("pk", "allocated"):
            if allocated != sums.get(pk, 0):
                yield f"{side} {pk}: allocated {allocated}, its matches say {sums.get(pk, 0)}"


def fulfilments_add_up() -> Iterator[str]:
    for side, used in (("need", "received"), ("offer", "dispatched")):
        rows = Match.objects.values(side).annotate(sum=Sum(used, default=0)).order_by()
        sums = {row[side]: row["sum"] for row in rows}
        postings = Posting.objects.filter(kind=side).exclude(quantity=None)
        for pk, fulfilled in postings.values_list("pk", "fulfilled"):
            if fulfilled != sums.get(pk, 0):
                yield f"{side} {pk}: fulfilled {fulfilled}, its matches say {sums.get(pk, 0)}"


def matches_add_up() -> Iterator[str]:
    rows = Match.objects.annotate(
        sent=Sum("deliveries__quantity", default=0),
        arrived=Sum("deliveries__received_quantity", default=0),
    ).exclude(sent=F("dispatched"), arrived=F("received"))
    for match in rows:
        yield (
            f"match {match.pk}: dispatched {match.dispatched}, received {match.received};"
            f" its deliveries say {match.sent}, {match.arrived}"
        )


def distributions_add_up() -> Iterator[str]:
    rows = Delivery.objects.annotate(gone=Sum("distributions__quantity", default=0))
    for pk, gone in rows.filter(gone__gt=Coalesce("received_quantity", 0)).values_list(
        "pk", "gone"
    ):
        yield f"delivery {pk}: {gone} units were distributed, more than arrived"


def decisions_have_a_decider() -> Iterator[str]:
    decided = Q(state__in=["approved", "accepted", "active", "completed", "suspended", "rejected"])
    for model in (Match, Pairing):
        for pk in model.objects.filter(decided, decided_by=None).values_list("pk", flat=True):
            yield f"{model._meta.model_name} {pk} was decided by nobody"


def states_have_an_audit_row() -> Iterator[str]:
    """The last audited state of every row is the state it is in (rows of fixtures have none)."""
    for model in LATEST_AUDITED:
        kind = model._meta.label_lower
        states = list(model.MOVES)
        entries = AuditEntry.objects.filter(subject_kind=kind, after__in=states)
        audited = dict(entries.order_by("pk").values_list("subject_id", "after"))
        for pk, state in model.objects.values_list("pk", "state"):
            if str(pk) in audited and audited[str(pk)] != state:
                yield f"{kind} {pk} is {state}; its last audit row says {audited[str(pk)]}"


def messages_are_in_a_lawful_state() -> Iterator[str]:
    silent = Notification.objects.filter(message=None).count()
    if silent:
        yield f"{silent} notifications have no outbox message"
    late = timezone.now() - timedelta(hours=1)
    stuck = OutboxMessage.objects.filter(state=OutboxState.SENDING, lease_until__lt=late).count()
    if stuck:
        yield f"{stuck} messages are being sent beyond their lease"


def the_ledger_holds() -> Iterator[str]:
    found = verify()
    if not found.holds:
        yield f"ledger: entry {found.first_bad} does not fit the chain"
    lost = Delivery.objects.filter(state=DeliveryState.RECEIVED, received_quantity=None).count()
    if lost:
        yield f"{lost} deliveries were received without a quantity"
