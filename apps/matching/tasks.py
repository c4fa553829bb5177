import logging
from datetime import timedelta
from uuid import UUID

from celery import group, shared_task
from django.conf import settings
from django.utils import timezone

from apps.matching import services
from apps.matching.models import Match
from apps.matching.services import replaying, running, sharing
from apps.matching.states import MatchState
from apps.pairings.models import Pairing
from apps.pairings.services import expire_pairing, remind_pairing
from apps.pairings.states import PairingState

logger = logging.getLogger(__name__)


@shared_task(acks_late=False)
def run_open_round() -> int | None:
    """Acknowledged early: a crash shows as a lapsed lease, and a rerun is a new round."""
    done = running.run_open_round(ring=ring)
    if done:
        logger.info("%s is %s %s", done, done.state, done.state_reason)
    return done.pk if done else None


@shared_task(acks_late=False)
def run_open_replay() -> int | None:
    """Acknowledged early, like a round: it is not begun twice."""
    done = replaying.run_open_replay()
    if done:
        logger.info("%s is %s %s", done, done.state, done.state_reason)
    return done.pk if done else None


@shared_task(acks_late=False)
def help_with(job: str) -> int:
    """Acknowledged early: help that is lost is not missed."""
    answered = sharing.help_with(UUID(job))
    logger.info("Answered %d turns of job %s", answered, job)
    return answered


def ring(job: UUID) -> None:
    """Call helpers; who is busy until the next ring is not meant."""
    calls = group(help_with.s(str(job)) for _ in range(settings.ROUND_HELPERS))
    calls.apply_async(expires=sharing.HELP_SECONDS, retry=False)


@shared_task
def sweep_rounds() -> int:
    now = timezone.now()
    return services.sweep_rounds(now=now) + replaying.sweep_replays(now=now)


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
