"""Steps from a round to where the goods went. `of` names a match: [giver, receiver, item]."""

from typing import Any

from apps.deliveries import services as deliveries
from apps.matching import services
from apps.matching.services.choices import compare_choices
from apps.matching.services.running import solve, start
from apps.matching.services.storing import store_result
from apps.matching.snapshot import hash_of, take
from apps.seeding.story.scene import Scene


def run_round(scene: Scene) -> None:
    """A round as the worker runs it, with the same engine and the same check, at the story's time."""
    opened = services.open_round(by=scene.by, now=scene.at, parameters={})
    start(opened, now=scene.at)
    snapshot = take(opened.parameters, now=scene.at)
    opened.snapshot = snapshot.to_text()
    opened.snapshot_hash = hash_of(opened.snapshot)
    opened.save(update_fields=["snapshot", "snapshot_hash", "updated_at"])
    results = solve(opened, snapshot)
    choices = compare_choices(snapshot, *results)
    store_result(opened, snapshot, *results, now=scene.at, choices=choices)


def approve_match(
    scene: Scene, *, of: list[str], quantity: int | None = None, reason: str = ""
) -> None:
    services.approve_match(
        scene.match(of), by=scene.by, now=scene.at, quantity=quantity, reason=reason
    )


def reject_match(scene: Scene, *, of: list[str], reason: str) -> None:
    services.reject_match(scene.match(of), by=scene.by, now=scene.at, reason=reason)


def accept_match(scene: Scene, *, of: list[str]) -> None:
    services.accept_match(scene.match(of), by=scene.by, now=scene.at)


def decline_match(scene: Scene, *, of: list[str], reason: str) -> None:
    services.decline_match(scene.match(of), by=scene.by, now=scene.at, reason=reason)


def dispatch_delivery(scene: Scene, *, of: list[str], quantity: int, **fields: Any) -> None:
    match = scene.match(of)
    deliveries.dispatch_delivery(
        match,
        by=scene.by,
        now=scene.at,
        quantity=quantity,
        dispatched_on=scene.today(match.offer.city),
        **fields,
    )


def hold_delivery(scene: Scene, *, of: list[str], reason: str, note: str) -> None:
    delivery = scene.delivery(of)
    since = scene.today(delivery.match.need.city)
    deliveries.hold_delivery(
        delivery, by=scene.by, now=scene.at, reason=reason, since=since, note=note
    )


def release_delivery(scene: Scene, *, of: list[str]) -> None:
    delivery = scene.delivery(of)
    until = scene.today(delivery.match.need.city)
    deliveries.release_delivery(delivery, by=scene.by, now=scene.at, until=until)


def receive_delivery(scene: Scene, *, of: list[str], quantity: int, **fields: str) -> None:
    delivery = scene.delivery(of)
    deliveries.receive_delivery(
        delivery,
        by=scene.by,
        now=scene.at,
        quantity=quantity,
        received_on=scene.today(delivery.match.need.city),
        **fields,
    )


def distribute(scene: Scene, *, of: list[str], recipient: str, kind: str, quantity: int) -> None:
    delivery = scene.delivery(of)
    deliveries.distribute(
        delivery,
        by=scene.by,
        now=scene.at,
        recipient=recipient,
        kind=kind,
        quantity=quantity,
        given_on=scene.today(delivery.match.need.city),
    )
