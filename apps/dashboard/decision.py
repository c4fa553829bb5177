"""What a coordinator weighs before deciding: reasons, what stays uncovered, and who else could help."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Max, Q, Sum
from django.http import HttpRequest
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.audit.models import AuditEntry
from apps.core.forms import OptionalReasonForm, ReasonForm
from apps.matching import words
from apps.matching.forms import ApproveForm
from apps.matching.models import Match, PairingProposal
from apps.matching.names import grouped_sentences_of
from apps.matching.states import MatchState
from apps.matching.words import Reason
from apps.pairings.forms import RejectForm
from apps.pairings.models import Pairing
from apps.postings.models import Item, Posting

RIVALS = 5
APPROVE, REJECT = "approve_%s", "reject_%s"  # ids, since both forms stand on one page
RELEASE, WITHDRAW = "release_%s", "withdraw_%s"


LABELS: dict[str, Any] = {
    "why": gettext_lazy("Why"),
    "covers": gettext_lazy("What each can cover"),
    "open": gettext_lazy("What stays open"),
    "next_best": gettext_lazy("Next best"),
    "not_stated": gettext_lazy("Not stated"),
}


@dataclass(frozen=True)
class Cover:
    """A need in its base unit: reserved by approved matches, this match, other proposals, open."""

    needed: int
    reserved: int
    this: int
    others: int

    @property
    def open(self) -> int:
        return max(self.needed - self.reserved - self.this - self.others, 0)

    @property
    def bars(self) -> list[tuple[str, float, float]]:
        """(series, left end, length) of the three filled parts, in percent of the need."""
        found, start = [], 0.0
        for series, units in (("C", self.reserved), ("A", self.this), ("B", self.others)):
            length = min(100 * units / self.needed, 100 - start)
            found.append((series, round(start, 1), round(length, 1)))
            start += length
        return found


@dataclass(frozen=True)
class Rival:
    """Another offer that fits the need: `free` units, None without limit; of them `proposed` for
    other needs."""

    offer: Posting
    free: int | None
    proposed: int

    def size(self) -> tuple[int, int]:
        return (1 if self.free is None else self.free, -self.offer.pk)

    def effect(self, wanted: int) -> str:
        if self.free is None:
            return _("It takes nothing from anybody.")
        spare = max(self.free - self.proposed, 0)
        amount = self.offer.item.amount
        if spare >= wanted:
            return _("It takes nothing from anybody: %(spare)s are proposed to nobody.") % {
                "spare": amount(spare)
            }
        return _("It would take %(units)s from needs for which they are proposed.") % {
            "units": amount(min(wanted, self.free) - spare)
        }


def decision_on_match(match: Match, request: HttpRequest) -> dict[str, Any]:
    """What dashboard/_decide_match.html shows: the reasons, and while it waits what else matters."""
    found: dict[str, Any] = {"reasons": labelled(match.reasons, match.offer.item)}
    if match.state == MatchState.PROPOSED:
        found |= {
            "cover": cover_of(match),
            "rivals": [(rival, rival.effect(match.quantity)) for rival in rivals_of(match)],
            "approve": ApproveForm(auto_id=APPROVE, initial={"quantity": match.proposed_quantity}),
            "reject": RejectForm(auto_id=REJECT),
            "then": onwards(request),
        }
    return found


def decision_on_pairing(pairing: Pairing, request: HttpRequest) -> dict[str, Any]:
    """What dashboard/_decide_pairing.html shows; without reasons if a person proposed the pairing."""
    proposal = PairingProposal.objects.filter(pairing=pairing).first()
    reasons = proposal.reasons if proposal else []
    return {
        "proposal": proposal,
        "parts": words.parts(reasons),
        "reasons": labelled(reasons),
        "approve": OptionalReasonForm(auto_id=APPROVE),
        "reject": RejectForm(auto_id=REJECT),
        "then": onwards(request),
    }


def decision_on_held(posting: Posting, request: HttpRequest) -> dict[str, Any]:
    """What dashboard/_decide_posting.html shows: who holds it, how it compares, and both verbs."""
    like = Posting.objects.open().filter(kind=posting.kind, item=posting.item)
    return {
        "held": AuditEntry.objects.of(posting)
        .filter(verb="hold_posting")
        .select_related("actor")
        .last(),
        "compared": compared(posting),
        "largest": like.aggregate(largest=Max("quantity"))["largest"],
        "release": OptionalReasonForm(auto_id=RELEASE),
        "withdraw": ReasonForm(auto_id=WITHDRAW),
        "then": onwards(request),
    }


def compared(posting: Posting) -> str:
    """The quantity beside the largest that is usual for the item; empty where either is not known."""
    usual, quantity = posting.item.usual_quantity, posting.quantity
    if not usual or quantity is None:
        return ""
    if quantity <= usual:
        words = _("Within what is usual for this item: up to %(usual)s.")
    else:
        words = _("%(times)s times the most that is usual for this item: %(usual)s.")
    times = floatformat(quantity / usual, "-1g")
    return words % {"usual": posting.item.amount(usual), "times": times}


def labelled(reasons: list[Reason], item: Item | None = None) -> list[tuple[str, list[str]]]:
    """Sentences by what they speak of, under a heading each."""
    found = grouped_sentences_of(reasons, item)
    return [(str(label), found[group]) for group, label in LABELS.items() if found[group]]


def onwards(request: HttpRequest) -> str:
    """Where to go when it is decided, as the verbs take it: to where the reader came from, or the queue."""
    return "?" + urlencode({"next": request.GET.get("next") or reverse("dashboard:queue")})


def cover_of(match: Match) -> Cover:
    need = match.need
    proposed = Match.objects.filter(state=MatchState.PROPOSED, need=need)
    total = proposed.exclude(pk=match.pk).aggregate(sum=Sum("quantity", default=0))["sum"]
    this = match.quantity if match.state == MatchState.PROPOSED else 0
    return Cover(need.quantity or 0, need.allocated, this, total)


def rivals_of(match: Match) -> list[Rival]:
    """Other open offers of what is needed or accepted instead, the largest free ones first."""
    need = match.need
    waiting = Q(matches_out__state=MatchState.PROPOSED)
    fitting = Q(item=need.item) | Q(item__in=need.substitutes.all())
    offers = (
        Posting.objects.open()
        .offers()
        .with_free()
        .filter(fitting)
        .exclude(pk=match.offer_id)
        .exclude(city=need.city_id)
        .exclude(excluded_cities=need.city_id)
        .described()
        .annotate(proposed=Sum("matches_out__quantity", filter=waiting, default=0))
    )
    found = [Rival(offer, offer.free, offer.proposed) for offer in offers]
    return sorted(found, key=Rival.size, reverse=True)[:RIVALS]
