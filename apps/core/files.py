"""Files that people add: checked by what they hold, kept outside of the static files, and only downloaded."""

import hashlib
import re
import struct
import uuid
from io import SEEK_END
from typing import Any, BinaryIO

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
ENDINGS = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png"}
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # the segments of a JPEG that state its size


class UploadField(forms.FileField):
    """A PDF, JPEG or PNG, known by its content; cleaned, the upload has `kind` and a harmless `name`."""

    default_error_messages = {
        "kind": _("Choose a PDF, a JPEG or a PNG."),
        "large": _("The file is larger than %(most)s MB. Choose a smaller one."),
        "pixels": _("The picture has more than %(most)s million pixels. Choose a smaller one."),
        "broken": _("The file cannot be read: it is damaged or incomplete."),
    }
    widget = forms.FileInput(attrs={"accept": ",".join(ENDINGS)})

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload and upload is not initial:
            if upload.size > settings.LARGEST_FILE:
                self.refuse("large", settings.LARGEST_FILE // 2**20)
            upload.kind = self.kind_of(upload.file)
            upload.name = harmless(upload.name, upload.kind)
        return upload

    def kind_of(self, file: BinaryIO) -> str:
        kind = recognise(file)
        if kind is None:
            self.refuse("kind")
        elif kind != PDF:
            size = picture_size(file, kind)
            if size is None:
                self.refuse("broken")
            elif size[0] * size[1] > settings.LARGEST_PICTURE:
                self.refuse("pixels", settings.LARGEST_PICTURE // 10**6)
        file.seek(0)
        return str(kind)

    def refuse(self, code: str, most: int | None = None) -> None:
        raise ValidationError(self.error_messages[code], code=code, params={"most": most})


def recognise(file: BinaryIO) -> str | None:
    """The kind of a file by its first and last bytes, whatever it is called."""
    file.seek(0)
    start = file.read(8)
    file.seek(0, SEEK_END)
    file.seek(max(file.tell() - 1024, 0))
    end = file.read()
    if start.startswith(b"%PDF-") and b"%%EOF" in end:
        return PDF
    if start.startswith(b"\xff\xd8\xff"):
        return JPEG
    return PNG if start == b"\x89PNG\r\n\x1a\n" else None


def picture_size(file: BinaryIO, kind: str) -> tuple[int, int] | None:
    """Width and height in pixels as the header states them; None if it states none."""
    file.seek(0)
    if kind == PNG:
        header = file.read(24)
        if len(header) < 24 or header[12:16] != b"IHDR":
            return None
        width, height = struct.unpack(">II", header[16:24])
        return (width, height) if width and height else None
    return jpeg_size(file)


def jpeg_size(file: BinaryIO) -> tuple[int, int] | None:
    file.seek(2)
    while len(head := file.read(4)) == 4 and head[0] == 0xFF:
        marker, length = head[1], int.from_bytes(head[2:])
        if marker in FRAMES:
            frame = file.read(5)
            if len(frame) < 5:
                return None
            height, width = struct.unpack(">HH", frame[1:])
            return (width, height) if width and height else None
        file.seek(length - 2, 1)
    return None


def harmless(name: str, kind: str) -> str:
    """The name without folders and without signs that a system could read as more than a name."""
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    stem = re.sub(r"[^\w .()-]+", "_", stem).strip(" .")[:80]
    return (stem or "file") + ENDINGS[kind]


def place(stored: "StoredFile", name: str) -> str:
    """Where a file is kept: under a name nobody can guess, in a folder of its model."""
    return f"{stored._meta.model_name}/{uuid.uuid4().hex}{ENDINGS[stored.kind]}"


class StoredFile(models.Model):
    """A file with what is known of it. Build one with `StoredFile.of(upload)` and save it.

    `digest` is the SHA-256 of the content in hexadecimal digits, `size` its length in bytes.
    """

    file = models.FileField(_("file"), upload_to=place, max_length=200)
    name = models.CharField(_("name of the file"), max_length=100)
    kind = models.CharField(
        _("kind of file"),
        max_length=20,
        choices=[
            (PDF, "PDF"),
            (JPEG, "JPEG"),
            (PNG, "PNG"),
        ],
    )
    size = models.PositiveIntegerField(_("size in bytes"))
    digest = models.CharField(_("checksum"), max_length=64, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def of(cls, upload: Any, **fields: Any) -> Any:
        """A row, not yet saved, of what `UploadField` has cleaned."""
        digest = hashlib.file_digest(upload.file, "sha256").hexdigest()
        upload.file.seek(0)
        return cls(
            file=upload,
            name=upload.name,
            kind=upload.kind,
            size=upload.size,
            digest=digest,
            **fields,
        )


def download(stored: StoredFile) -> FileResponse:
    """The content, to be saved and never to be shown in the page's own name."""
    return FileResponse(
        stored.file.open("rb"),
        as_attachment=True,
        filename=stored.name,
        content_type=stored.kind,
        headers={"X-Content-Type-Options": "nosniff"},
    )
