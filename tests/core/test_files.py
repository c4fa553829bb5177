import hashlib
import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.core import files

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def png(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    end = b"\x00\x00\x00\x00IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\r" + header + struct.pack(">I", zlib.crc32(header)) + end


def jpeg(width: int, height: int) -> bytes:
    comment = b"\xff\xfe\x00\x06hey!"
    frame = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03" + b"\x00" * 9
    return b"\xff\xd8" + comment + frame + b"\xff\xd9"


def clean(name: str, content: bytes):
    return files.UploadField().clean(SimpleUploadedFile(name, content))


@pytest.mark.parametrize(
    ("name", "content", "kind", "kept"),
    [
        ("letter.pdf", PDF, files.PDF, "letter.pdf"),
        ("photo.jpeg", jpeg(640, 480), files.JPEG, "photo.jpg"),
        ("photo.png", png(640, 480), files.PNG, "photo.png"),
        ("协议书.pdf", PDF, files.PDF, "协议书.pdf"),
        ("photo.html", png(1, 1), files.PNG, "photo.png"),
        ("../../etc/pass\x1fwd.pdf", PDF, files.PDF, "pass_wd.pdf"),
        ("...", PDF, files.PDF, "file.pdf"),
        ("a" * 200 + ".pdf", PDF, files.PDF, "a" * 80 + ".pdf"),
    ],
)
def test_upload_is_known_by_its_content_and_called_harmlessly(name, content, kind, kept):
    upload = clean(name, content)

    assert (upload.kind, upload.name) == (kind, kept)
    assert upload.read() == content


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html><script>alert(1)</script>", "Choose a PDF, a JPEG or a PNG."),
        (b"MZ\x90\x00" * 10, "Choose a PDF, a JPEG or a PNG."),
        (b"%PDF-1.7 cut off", "Choose a PDF, a JPEG or a PNG."),
        (b"GIF89a" + b"\x00" * 20, "Choose a PDF, a JPEG or a PNG."),
        (png(9, 9)[:20], "The file cannot be read: it is damaged or incomplete."),
        (png(0, 9), "The file cannot be read: it is damaged or incomplete."),
        (jpeg(9, 9)[:14], "The file cannot be read: it is damaged or incomplete."),
        (
            png(60_000, 60_000),
            "The picture has more than 40 million pixels. Choose a smaller one.",
        ),
        (
            jpeg(65_000, 65_000),
            "The picture has more than 40 million pixels. Choose a smaller one.",
        ),
        (b"", "The submitted file is empty."),
    ],
)
def test_upload_is_refused_when_it_is_nothing_we_keep(content, sentence):
    with pytest.raises(ValidationError) as refused:
        clean("file.pdf", content)

    assert refused.value.messages == [sentence]


def test_upload_is_refused_when_it_is_too_large(settings):
    settings.LARGEST_FILE = 2 * 2**20

    with pytest.raises(ValidationError) as refused:
        clean("large.pdf", PDF + b" " * 2 * 2**20)

    assert refused.value.messages == ["The file is larger than 2 MB. Choose a smaller one."]


def test_digest_is_that_of_the_content_when_a_row_is_built():
    class Kept:
        def __init__(self, **fields: object) -> None:
            self.__dict__ |= fields

    upload = clean("letter.pdf", PDF)

    kept = files.StoredFile.of.__func__(Kept, upload, note="x")

    assert kept.digest == hashlib.sha256(PDF).hexdigest()
    assert (kept.size, kept.name, kept.kind, kept.note) == (len(PDF), "letter.pdf", files.PDF, "x")
    assert upload.read() == PDF


def test_download_is_saved_and_never_shown():
    class Kept:
        file = SimpleUploadedFile("x", PDF)
        name, kind = "协议.pdf", files.PDF

    Kept.file.open = lambda mode: io.BytesIO(PDF)

    response = files.download(Kept)

    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content) == PDF
