"""Everything that waits for the officers of a city."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Value

from apps.accounts.models import User
from apps.cities.models import City
from apps.dashboard.agenda import answers, goods, room
from apps.dashboard.agenda.task import Kind, Task
from apps.pairings.models import Pairing
from apps.postings.dates import today_in


def tasks_of(user: User, city: City, *, pairing: Pairing | None, now: datetime) -> list[Task]:
    """In no order: `grouped` says which comes first. As many queries whatever number waits.

    `pairing` is the live one of the city, with its sides.
    """
    today = today_in(city, now)
    kinds = [
        answers.pairings_to_answer(city, now),
        answers.matches_to_answer(city, now),
        answers.gifts_to_confirm(user, city),
        answers.offers_from_outside(city),
        goods.deliveries_to_receive(city, today),
        goods.deliveries_to_distribute(city),
        goods.matches_to_dispatch(city),
        goods.postings_to_renew_or_publish(city, today),
        room.exchanges_near(city, today),
    ]
    return [
        *(task for kind in not_empty(kinds) for task in kind.tasks),
        *(room.of_the_pairing(pairing, city, today) if pairing else []),
    ]


def not_empty(kinds: Sequence[Kind]) -> list[Kind]:
    """Asked for all of them at once: as a rule, little of what could wait does."""
    first, *others = (
        kind.rows.order_by().values_list(Value(number)) for number, kind in enumerate(kinds)
    )
    return [kinds[number] for (number,) in sorted(first.union(*others))]
