"""Each message is sent by one worker."""

from collections import Counter

import pytest
from django.core import mail
from django.utils import timezone

from apps.dashboard.invariants import check_invariants
from apps.notifications.models import OutboxMessage
from apps.notifications.tasks import deliver_due
from tests import factories
from tests.concurrency.races import at_once
from tests.happenings import tell


@pytest.fixture
def waiting():
    """120 messages, more than two workers take at once."""
    liaisons = [factories.LiaisonFactory() for __ in range(120)]
    for liaison in liaisons:
        tell("officer_confirmed", liaison, [liaison.user], now=timezone.now())
    return {liaison.user.email for liaison in liaisons}


def test_every_message_is_sent_once_when_three_workers_are_rung_at_once(waiting):
    counts = at_once([deliver_due] * 3)

    sent = Counter(address for message in mail.outbox for address in message.to)
    assert sent == dict.fromkeys(waiting, 1)
    assert sum(counts) == 120
    assert set(OutboxMessage.objects.values_list("state", "attempts")) == {("sent", 1)}
    assert check_invariants() == []
