"""The place a city has in a live pairing: one per city, held by a unique index."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.pairings.models import Pairing, PairingSide


def claim_slots(pairing: Pairing) -> None:
    """Take the place of both cities, in the order of their ids so that two claims never deadlock.

    Raises DomainError naming the city and the pairing in the way.
    """
    try:
        with transaction.atomic():
            for side in sorted(pairing.sides.all(), key=lambda side: side.city_id):
                PairingSide.objects.filter(pk=side.pk).update(live=True)
    except IntegrityError:
        refuse_if_taken(pairing)
        raise


def free_slots(pairing: Pairing) -> None:
    PairingSide.objects.filter(pairing=pairing).update(live=False)


def refuse_if_taken(pairing: Pairing) -> None:
    taken = (
        PairingSide.objects.filter(live=True, city__in=pairing.cities)
        .exclude(pairing=pairing)
        .select_related("city", "pairing")
        .prefetch_related("pairing__sides__city")
        .order_by("city_id")
        .first()
    )
    if taken:
        raise DomainError(
            _("%(city)s is already paired with %(counterpart)s (pairing %(number)d, %(state)s).")
            % {
                "city": taken.city,
                "counterpart": taken.pairing.counterpart_of(taken.city),
                "number": taken.pairing_id,
                "state": taken.pairing.get_state_display(),
            }
        )
