"""Steps of officers who post, give beside the rounds, and share what they know."""

from datetime import timedelta
from typing import Any

from apps.ledger import services as ledger
from apps.postings import services
from apps.seeding.story.scene import SOURCE, Scene


def post(
    scene: Scene,
    *,
    key: str,
    kind: str,
    item: str,
    details: str,
    needed_in: int | None = None,
    expires_in: int | None = None,
    **fields: Any,
) -> None:
    """Days count from the day of posting; a posting that says nothing expires as any does."""
    city = scene.own_city
    today = scene.today(city)
    days = {"needed_by": needed_in, "expires_on": expires_in}
    fields |= {name: today + timedelta(days=n) for name, n in days.items() if n is not None}
    draft = services.draft_posting(
        city,
        kind,
        by=scene.by,
        now=scene.at,
        item=scene.item(item),
        details=details,
        language=scene.by.language,
        source=f"{SOURCE}{key}",
        **fields,
    )
    services.publish_posting(draft, by=scene.by, now=scene.at)


def hold_posting(scene: Scene, *, key: str, reason: str) -> None:
    services.hold_posting(scene.posting(key), by=scene.by, now=scene.at, reason=reason)


def share_resource(scene: Scene, *, item: str, **fields: Any) -> None:
    services.share_resource(
        scene.own_city,
        scene.item(item),
        by=scene.by,
        now=scene.at,
        language=scene.by.language,
        **fields,
    )


def record_gift(scene: Scene, *, to: str, item: str, quantity: int, note: str) -> None:
    giver, receiver = ledger.parties_of(scene.own_city, scene.city(to))
    ledger.record_gift(
        giver=giver,
        receiver=receiver,
        item=scene.item(item),
        quantity=quantity,
        by=scene.by,
        now=scene.at,
        given_on=scene.today(scene.own_city),
        note=note,
    )


def confirm_gift(
    scene: Scene, *, giver: str, item: str, quantity: int | None = None, note: str = ""
) -> None:
    ledger.confirm_gift(
        scene.gift(giver, item), by=scene.by, now=scene.at, quantity=quantity, note=note
    )
