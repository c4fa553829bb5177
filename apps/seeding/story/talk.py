"""Steps of two paired cities that write to each other, and keep what they signed."""

from django.core.files.uploadedfile import SimpleUploadedFile

from apps.core.files import UploadField
from apps.pairings import services
from apps.seeding.story.paper import pdf
from apps.seeding.story.scene import Scene


def write_message(scene: Scene, *, between: list[str], text: str, translation: str = "") -> None:
    services.write_message(
        scene.pairing(between),
        by=scene.by,
        now=scene.at,
        text=text,
        language=scene.by.language,
        translation=translation,
    )


def read_messages(scene: Scene, *, between: list[str]) -> None:
    """All that was written until then."""
    pairing = scene.pairing(between)
    last = pairing.messages.latest("pk")
    services.read_messages(pairing, by=scene.by, now=scene.at, up_to=last.pk)


def add_agreement(scene: Scene, *, between: list[str], name: str, lines: list[str]) -> None:
    """Signed on the day it is added."""
    services.add_agreement(
        scene.pairing(between),
        by=scene.by,
        now=scene.at,
        file=UploadField().clean(SimpleUploadedFile(name, pdf(lines))),
        signed_on=scene.at.date(),
    )
