import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from apps.matching import services
from apps.matching.models import Match
from apps.matching.services import running
from apps.matching.states import MatchState
from apps.pairings.models import Pairing
from apps.pairings.services import expire_pairing, remind_pairing
from apps.pairings.states import PairingState

logger = logging.getLogger(__name__)


@shared_task(acks_late=False)
def run_open_round() -> int | None:
    """Acknowledged early: a crash shows as a lapsed lease, and a rerun is a new round."""
    done = running.run_open_round()
    if done:
        logger.info("%s is %s %s", done, done.state, done.state_reason)
    return done.pk if done else None


@shared_task
def sweep_rounds() -> int:
    return services.sweep_rounds(now=timezone.now())


@shared_task
def expire_proposals() -> int:
    """Close matches and pairings whose time to be decided or answered is over."""
    now = timezone.now()
    matches = Match.objects.filter(
        state__in=[MatchState.PROPOSED, MatchState.APPROVED], expires_at__lte=now
    ).order_by("pk")
    pairings = Pairing.objects.filter(
        state__in=[PairingState.PROPOSED, PairingState.APPROVED], expires_at__lte=now
    ).order_by("pk")
    for match in matches:
        services.expire_match(match, now=now)
    for pairing in pairings:
        expire_pairing(pairing, now=now)
    return len(matches) + len(pairings)


@shared_task
def remind_cities() -> int:
    """Ask the cities whose time to answer is nearly over once more."""
    now = timezone.now()
    nearly = (now, now + timedelta(days=settings.REMINDER_DAYS))
    matches = Match.objects.filter(state=MatchState.APPROVED, expires_at__range=nearly)
    pairings = Pairing.objects.filter(state=PairingState.APPROVED, expires_at__range=nearly)
    for match in matches:
        services.remind_match(match, now=now)
    for pairing in pairings:
        remind_pairing(pairing, now=now)
    return len(matches) + len(pairings)
