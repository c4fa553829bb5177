from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from apps.accounts.models import User
from apps.notifications.models import OutboxMessage
from apps.notifications.services import notify
from apps.postings.models import Posting
from tests import factories

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def posting(db: None) -> Posting:
    return factories.NeedFactory(
        city__name_en="San Antonio",
        city__name_zh_hans="圣安东尼奥",
        item__name_en="Masks",
        item__name_zh_hans="口罩",
        state="held",
        state_reason="Really 20,000?",
    )


@pytest.fixture
def officer(posting: Posting) -> User:
    return factories.LiaisonFactory(city=posting.city, user__name="Ana").user


@pytest.fixture
def queue(posting: Posting, now: datetime) -> Callable[..., OutboxMessage]:
    """queue(person) makes one message about the posting to them."""

    def make(person: User, key: str = "", **values: object) -> OutboxMessage:
        notify("posting_held", posting, [person], now=now, key=key)
        event = f"posting_held:{posting.pk}:{key}"
        message = OutboxMessage.objects.get(notification__recipient=person, notification__key=event)
        OutboxMessage.objects.filter(pk=message.pk).update(**values)
        return OutboxMessage.objects.select_related("notification__recipient").get(pk=message.pk)

    return make
