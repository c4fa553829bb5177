import logging

from celery import shared_task
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from apps.notifications import services
from apps.notifications.delivery import NoLongerTold, send
from apps.notifications.models import OutboxMessage

logger = logging.getLogger(__name__)


@shared_task
def deliver_due() -> int:
    """Send everything that is due, batch by batch over one connection each; returns how many."""
    sent = 0
    while messages := services.claim_due(now=timezone.now()):
        with get_connection() as connection:
            sent += sum(deliver(message, connection) for message in messages)
    return sent


def deliver(message: OutboxMessage, connection: BaseEmailBackend) -> bool:
    try:
        send(message, connection)
    except NoLongerTold as why:
        services.mark_cancelled(message, str(why))
        return False
    except Exception as error:  # whatever stops one message must not stop the others
        logger.warning("Message %s was not sent: %s", message.id, error)
        services.mark_failed(message, error, now=timezone.now())
        return False
    services.mark_sent(message, now=timezone.now())
    return True
