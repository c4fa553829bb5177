from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from apps.accounts.models import User
from apps.notifications.models import OutboxMessage
from apps.postings.models import Posting
from tests import factories
from tests.happenings import tell

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

    def make(person: User, reason: str = "Really 20,000?", **values: object) -> OutboxMessage:
        cause = tell("posting_held", posting, [person], now=now, reason=reason)
        message = OutboxMessage.objects.get(notification__cause=cause)
        OutboxMessage.objects.filter(pk=message.pk).update(**values)
        return OutboxMessage.objects.select_related("notification__recipient").get(pk=message.pk)

    return make
