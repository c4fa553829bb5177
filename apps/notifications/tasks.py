import logging
from collections.abc import Sequence
from contextlib import closing

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
        with closing(get_connection()) as connection:
            sent += deliver_batch(messages, connection)
    return sent


def deliver_batch(messages: Sequence[OutboxMessage], connection: BaseEmailBackend) -> int:
    try:
        connection.open()
    except Exception as error:  # no mail server: each message waits, as after a failure of its own
        for message in messages:
            put_off(message, error)
        return 0
    return sum(deliver(message, connection) for message in messages)


def deliver(message: OutboxMessage, connection: BaseEmailBackend) -> bool:
    if not services.keep_lease(message, now=timezone.now()):
        return False
    try:
        send(message, connection)
    except NoLongerTold as why:
        services.mark_cancelled(message, str(why))
        return False
    except Exception as error:  # whatever stops one message must not stop the others
        put_off(message, error)
        connection.close()
        return False
    services.mark_sent(message, now=timezone.now())
    return True


def put_off(message: OutboxMessage, error: Exception) -> None:
    logger.warning("Message %s was not sent: %s", message.id, error)
    services.mark_failed(message, error, now=timezone.now())
