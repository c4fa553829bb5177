"""JSON text to plain values, strictly: UTF-8, no name twice in an object, not too deep."""

import json
from collections.abc import Iterator
from typing import Any

from .faults import Faults


class Twice(dict[str, Any]):
    """An object in which some names stand more than once; the last of each counts."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        names = [name for name, _ in pairs]
        self.names = sorted({name for name in names if names.count(name) > 1})


def read_json(data: str | bytes, faults: Faults) -> Any:
    """The value in the text, None where it cannot be read; faults are noted by path.

    A byte order mark is allowed. NaN and Infinity come back as floats, which no field takes.
    """
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
    except UnicodeDecodeError as error:
        faults.add("", "not_utf8", f"byte {error.start}")
        return None
    doubled: list[Twice] = []

    def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        plain = dict(pairs)
        if len(plain) == len(pairs):
            return plain
        doubled.append(Twice(pairs))
        return doubled[-1]

    try:
        body = json.loads(text, object_pairs_hook=object_of)
    except (ValueError, RecursionError) as error:
        faults.add("", "not_json", str(error))
        return None
    for path in _doubled(body, "") if doubled else ():
        faults.add(path, "duplicate_name", path.rpartition(".")[2])
    return body


def _doubled(value: Any, path: str) -> Iterator[str]:
    """Paths of the names that stand twice in their object."""
    if isinstance(value, dict):
        start = f"{path}." if path else ""
        if isinstance(value, Twice):
            yield from (f"{start}{name}" for name in value.names)
        for name, each in value.items():
            yield from _doubled(each, f"{start}{name}")
    elif isinstance(value, list):
        for i, each in enumerate(value):
            yield from _doubled(each, f"{path}[{i}]")
