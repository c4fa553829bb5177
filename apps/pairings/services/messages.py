"""What the two cities and the coordinators write to each other in the room of a pairing."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.audit.services import record
from apps.cities.officers import officers_of
from apps.core.errors import DomainError
from apps.notifications.services import about_to_be_told, notify
from apps.pairings.consent import side_of
from apps.pairings.models import Message, Pairing, PairingSide

TOGETHER = 50
"""So many messages back, one that waits to be told of stands for the new one."""


@transaction.atomic
def write_message(
    pairing: Pairing, *, by: User, now: datetime, text: str, language: str, translation: str = ""
) -> Message:
    """Write to the other side; a coordinator writes to both. Whoever writes has read what was there.

    The mail goes out a little later, and stands for all that was written until then.
    Raises DomainError if the pairing no longer lives, or does not yet.
    """
    require(by, "pairings.write_message", pairing)
    if not pairing.is_live:
        raise DomainError(
            _("This pairing is %(state)s: nothing more is written here.")
            % {"state": pairing.get_state_display()}
        )
    side = side_of(pairing, by)
    message = Message.objects.create(
        pairing=pairing,
        author=by,
        city=side and side.city,
        text=text,
        language=language,
        translation=translation,
        at=now,
    )
    if side:
        PairingSide.objects.filter(pk=side.pk).update(read_up_to=message.pk)
    tell_others(message, now=now)
    return message


def tell_others(message: Message, *, now: datetime) -> None:
    """The other side, and the coordinators who have written here; once for several messages."""
    cause = record(message.author, "write_message", message, at=now)
    recent = message.pairing.messages.order_by("-pk").values_list("pk", flat=True)[:TOGETHER]
    told = about_to_be_told("message_written", recent)
    cities = [city for city in message.pairing.cities if city != message.city]
    people = {*officers_of(*cities), *coordinators_in(message.pairing)} - {message.author}
    notify(
        "message_written",
        [person for person in people if person.pk not in told],
        cause,
        due_at=now + timedelta(seconds=settings.MESSAGE_DELAY_SECONDS),
    )


def coordinators_in(pairing: Pairing) -> set[User]:
    written = pairing.messages.filter(city=None).select_related("author")
    return {message.author for message in written if message.author.decides}


@transaction.atomic
def read_messages(pairing: Pairing, *, by: User, now: datetime, up_to: int) -> Pairing:
    """Note that the city of `by` has read the messages up to that number."""
    require(by, "pairings.answer_pairing", pairing)
    side = side_of(pairing, by)
    last = pairing.messages.filter(pk__lte=up_to).order_by("-pk").first()
    if last:
        PairingSide.objects.filter(pk=side.pk, read_up_to__lt=last.pk).update(read_up_to=last.pk)
    return pairing
