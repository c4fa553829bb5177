"""What waits for a coordinator."""

from datetime import UTC
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import TruncDate

from apps.cities.models import Liaison
from apps.cities.states import LiaisonState
from apps.matching.models import Match
from apps.matching.states import MatchState
from apps.pairings.models import Pairing
from apps.pairings.states import PairingState
from apps.postings.models import Posting
from apps.postings.states import PostingState


def decisions() -> dict[str, QuerySet[Any]]:
    """Everything that waits for a coordinator, kind by kind, what presses most first.

    Whole days count as age: by the moment no two rows were alike, and their size never decided.
    """
    return {
        "liaisons": Liaison.objects.filter(state=LiaisonState.REQUESTED)
        .select_related("user", "city")
        .order_by("created_at", "pk"),
        "matches": Match.objects.filter(state=MatchState.PROPOSED)
        .described()
        .order_by(
            "need__urgency",
            F("need__needed_by").asc(nulls_last=True),
            TruncDate("need__opened_at", tzinfo=UTC),
            "-quantity",
            "pk",
        ),
        "pairings": Pairing.objects.filter(state=PairingState.PROPOSED)
        .described()
        .select_related("proposal", "proposed_by")
        .order_by(
            TruncDate("created_at", tzinfo=UTC), F("proposal__score").desc(nulls_last=True), "pk"
        ),
        "held": Posting.objects.filter(state=PostingState.HELD)
        .select_related("city", "item")
        .order_by("state_since", "pk"),
    }
