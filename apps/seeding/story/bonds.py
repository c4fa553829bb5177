"""Steps that bring two cities together: pairings, exchanges, and a person who asks for a city."""

from datetime import timedelta
from typing import Any

from apps.cities.services import request_liaison as ask_for_city
from apps.pairings import services
from apps.seeding.story.scene import Scene


def request_liaison(scene: Scene, *, city: str, **fields: Any) -> None:
    ask_for_city(scene.city(city), by=scene.by, now=scene.at, **fields)


def propose_pairing(scene: Scene, *, between: list[str], note: str) -> None:
    left, right = map(scene.city, between)
    services.propose_pairing(left, right, by=scene.by, now=scene.at, note=note)


def approve_pairing(scene: Scene, *, between: list[str], reason: str = "") -> None:
    services.approve_pairing(scene.pairing(between), by=scene.by, now=scene.at, reason=reason)


def reject_pairing(scene: Scene, *, between: list[str], reason: str) -> None:
    services.reject_pairing(scene.pairing(between), by=scene.by, now=scene.at, reason=reason)


def accept_pairing(scene: Scene, *, between: list[str]) -> None:
    services.accept_pairing(scene.pairing(between), by=scene.by, now=scene.at)


def plan_exchange(scene: Scene, *, cities: list[str], in_days: int, **fields: Any) -> None:
    """`in_days` counts from the day of planning."""
    starts_at = scene.at + timedelta(days=in_days)
    services.plan_exchange(
        [scene.city(code) for code in cities],
        by=scene.by,
        now=scene.at,
        starts_at=starts_at,
        takes_place_on=starts_at.date(),
        **fields,
    )


def hold_exchange(scene: Scene, *, subject: str, note: str) -> None:
    services.hold_exchange(scene.exchange(subject), by=scene.by, now=scene.at, note=note)
