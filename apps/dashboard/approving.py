"""Many approvals at once, each by itself: what one is refused for stops no other."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.errors import DomainError
from apps.matching.models import Match
from apps.matching.services import approve_match, undo_match
from apps.matching.services.decisions import check_approval as check_match
from apps.pairings.models import Pairing
from apps.pairings.services import approve_pairing, undo_pairing
from apps.pairings.services.proposals import check_approval as check_pairing
from apps.postings.models import Item

MODELS: dict[str, Any] = {"match": Match, "pairing": Pairing}
APPROVE: dict[str, Callable[..., Any]] = {"match": approve_match, "pairing": approve_pairing}
UNDO: dict[str, Callable[..., Any]] = {"match": undo_match, "pairing": undo_pairing}
MOST = 100


@dataclass(frozen=True)
class Outcome:
    """What became of one of them; `refusal` is empty if it was done."""

    key: str
    subject: Any
    refusal: str = ""


def approve_all(keys: Sequence[str], *, by: User, now: datetime) -> list[Outcome]:
    """Approve matches and pairings by their keys ("match-12"), as proposed and in that order."""
    return do_all(APPROVE, keys, by=by, now=now)


def undo_all(keys: Sequence[str], *, by: User, now: datetime) -> list[Outcome]:
    return do_all(UNDO, keys, by=by, now=now)


def preview(keys: Sequence[str], *, by: User, now: datetime) -> list[Outcome]:
    """What approving them would come to, each after those before it; nothing is changed."""
    left = Left()

    def check(subject: Any, **who: Any) -> None:
        (check_match if isinstance(subject, Match) else check_pairing)(subject, **who)
        left.take(subject)

    return do_all({"match": check, "pairing": check}, keys, by=by, now=now)


class Left:
    """What remains for the next one: units of postings, and cities without a counterpart."""

    def __init__(self) -> None:
        self.spent: Counter[int] = Counter()
        self.paired: set[int] = set()

    def take(self, subject: Match | Pairing) -> None:
        """Raises DomainError if those before it have taken what it needs."""
        if isinstance(subject, Pairing):
            cities = {city.pk for city in subject.cities}
            if self.paired & cities:
                raise DomainError(_("One of its cities is paired by another one chosen."))
            self.paired |= cities
            return
        wanted = {posting.pk: subject.quantity for posting in (subject.need, subject.offer)}
        for posting in (subject.need, subject.offer):
            after = self.spent[posting.pk] + subject.quantity
            if posting.free is not None and after > posting.free:
                raise DomainError(_("Too little is free, or would be after the others chosen."))
        self.spent.update(wanted)


def do_all(
    verbs: dict[str, Callable[..., Any]], keys: Sequence[str], *, by: User, now: datetime
) -> list[Outcome]:
    outcomes = []
    for key in list(dict.fromkeys(keys))[:MOST]:
        kind, __, number = key.partition("-")
        if kind not in verbs or not (number.isascii() and number.isdigit() and len(number) < 16):
            continue
        subject = MODELS[kind].objects.visible_to(by).described().filter(pk=int(number)).first()
        if subject is None:
            continue
        outcomes.append(Outcome(key, subject, refusal_of(verbs[kind], subject, by=by, now=now)))
    return outcomes


def refusal_of(verb: Callable[..., Any], subject: Any, *, by: User, now: datetime) -> str:
    try:
        with transaction.atomic():
            verb(subject, by=by, now=now)
    except DomainError as refusal:
        return str(refusal)
    except PermissionDenied:
        return _("It is not yours to decide.")
    return ""


def totals(outcomes: Sequence[Outcome]) -> list[tuple[Item, int, int]]:
    """Item, units and number of matches of what can be approved, the largest number first."""
    units: Counter[Item] = Counter()
    matches: Counter[Item] = Counter()
    for outcome in outcomes:
        if isinstance(outcome.subject, Match) and not outcome.refusal:
            units[outcome.subject.offer.item] += outcome.subject.proposed_quantity
            matches[outcome.subject.offer.item] += 1
    return [(item, units[item], count) for item, count in matches.most_common()]
