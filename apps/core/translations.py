"""Catalogues of translations without GNU gettext: Babel reads Python and Django's templates."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

KEYWORDS: dict[str, Any] = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
NOT_TEXT = re.compile(
    r"{%-?\s*blocktrans(?:late)?\b.*?{%-?\s*endblocktrans(?:late)?\s*-?%}|{%\s*comment.*?endcomment\s*%}"
    r"|<!--.*?-->|<(script|style|code|kbd)\b.*?</\1>|{#.*?#}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)
READ_ALOUD = re.compile(
    r"""\b(?:alt|aria-label|aria-description|placeholder|title)\s*=\s*["']([^"']*)"""
)
WORD = re.compile(r"[^\W\d_]{2,}")
BRAND = {"Counterpart", "Counter", "part"}
IN_EVERY_LANGUAGE = {"500.html"}  # nothing can choose the language when it is needed
METHODS = [
    ("**/migrations/**.py", "ignore"),
    ("**.py", "python"),
    ("**.html", "apps.core.translations:extract_template"),
    ("**.txt", "apps.core.translations:extract_template"),
]


def extract_template(
    file: BinaryIO, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Any]:
    """Babel's extractor of a Django template: Django turns it into Python-like source first."""
    source = templatize(file.read().decode("utf-8"))
    flat = "\n".join(line.lstrip() for line in source.splitlines())
    return extract_python(BytesIO(flat.encode("utf-8")), keywords, comment_tags, options)


def extract(root: Path) -> Catalog:
    """Every translatable string of apps, config and templates, with its places."""
    found = Catalog(project="Counterpart", charset="utf-8")
    for folder in ("apps", "config", "templates"):
        rows = extract_from_dir(str(root / folder), METHODS, keywords=KEYWORDS)
        for file, line, message, comments, context in rows:
            found.add(
                message, None, [(f"{folder}/{file}", line)], auto_comments=comments, context=context
            )
    return found


def catalogues(locale: Path) -> Iterator[Path]:
    return iter(sorted(locale.glob("*/LC_MESSAGES/django.po")))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def update(root: Path) -> None:
    """Bring every catalogue to the strings of today; what is new stands there empty."""
    template = extract(root)
    for path in catalogues(root / "locale"):
        catalogue = read(path)
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        for message in catalogue:
            message.locations = sorted({(file, 0) for file, __ in message.locations})
        with path.open("wb") as file:
            write_po(file, catalogue, width=0, sort_output=True, include_lineno=False)


def gaps(root: Path) -> list[str]:
    """What a catalogue lacks, or translates wrongly: one line each."""
    wanted = {(message.context, message.id) for message in extract(root) if message.id}
    found = []
    for path in catalogues(root / "locale"):
        language, catalogue = path.parent.parent.name, read(path)
        done = {(message.context, message.id): message for message in catalogue if message.id}
        found += [f"{language}: not in the catalogue: {key[1]!r}" for key in wanted - done.keys()]
        found += [f"{language}: no longer used: {key[1]!r}" for key in done.keys() - wanted]
        for message in done.values():
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            if not all(texts):
                found.append(f"{language}: not translated: {message.id!r}")
            if message.fuzzy:
                found.append(f"{language}: marked fuzzy: {message.id!r}")
            found += [f"{language}: {error}: {message.id!r}" for error in message.check(catalogue)]
    return sorted(found) + bare_texts(root)


def bare_texts(root: Path) -> list[str]:
    """What stands in a template to be read as it is, in whatever language the page is."""
    found = []
    for path in sorted((root / "templates").rglob("*.*")):
        text = NOT_TEXT.sub("\n", path.read_text())
        spoken = READ_ALOUD.findall(text)
        shown = re.sub(r"<[^>]*>|&\w+;", "\n", text).splitlines()
        found += [
            f"{path.relative_to(root)}: not marked for translation: {line.strip()!r}"
            for line in [*shown, *spoken]
            if path.name not in IN_EVERY_LANGUAGE and says_something(line)
        ]
    return found


def says_something(line: str) -> bool:
    """Names of formats, as CSV, are the same in every language."""
    return any(word not in BRAND and not word.isupper() for word in WORD.findall(line))


def compile_catalogues(locale: Path) -> None:
    """Write the .mo file beside every .po file that is newer."""
    for path in catalogues(locale):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        with target.open("wb") as file:
            write_mo(file, read(path))
