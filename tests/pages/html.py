"""A page as its reader meets it: title, headings, links, visible words, and what must not be there."""

import re
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from zipfile import ZipFile, is_zipfile

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
UNSEEN = {"script", "style", "title", "template"}


class Page(HTMLParser):
    """Reads one HTML document; `faults` tells tags that are not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.title = ""
        self.lang: str | None = None
        self.headings: list[str] = []
        self.mains = 0
        self.links: list[dict[str, str | None]] = []
        self.forms: list[dict[str, str | None]] = []
        self.inputs: dict[str, str | None] = {}
        self.inline: list[str] = []
        self.texts: list[str] = []
        self.own: list[str] = []  # of these, what is not marked as somebody's words in a language
        self.languages: list[bool] = []
        self.feed(text)
        self.faults += [f"<{tag}> is not closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.note_inline(tag, found)
        if tag == "html":
            self.lang = found.get("lang")
        if tag == "a":
            self.links.append(found)
        if tag == "form":
            self.forms.append(found)
        if tag == "input":
            self.inputs[found.get("name") or ""] = found.get("value")
        if tag == "h1":
            self.headings.append("")
        self.mains += tag == "main"
        if tag not in VOID:
            self.open.append(tag)
            self.languages.append(tag != "html" and "lang" in found)

    def note_inline(self, tag: str, attrs: dict[str, str | None]) -> None:
        """What a strict content security policy forbids; JSON in a script element is data."""
        if tag == "style" or (
            tag == "script" and "src" not in attrs and attrs.get("type") != "application/json"
        ):
            self.inline.append(f"<{tag}>")
        for name, value in attrs.items():
            if name == "style" or name.startswith("on") or "javascript:" in (value or ""):
                self.inline.append(f"<{tag} {name}>")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
        if tag in self.open:
            while self.open.pop() != tag:
                self.languages.pop()
            self.languages.pop()

    def handle_data(self, data: str) -> None:
        if "title" in self.open:
            self.title += data
        if "h1" in self.open and self.headings:
            self.headings[-1] += data
        if data.strip() and not UNSEEN & set(self.open):
            self.texts.append(data.strip())
            if not any(self.languages):
                self.own.append(data.strip())

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.texts))


def text_of(response: Any) -> str:
    """Everything that can be read in an answer, be it a page, a stream or a workbook."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as parts:
            content = b"".join(map(parts.read, parts.namelist()))
    return content.decode(errors="replace")
