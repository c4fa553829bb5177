"""Frozen rows to JSON values and back, by their type annotations."""

from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from .faults import Faults

Reader = Callable[[Any, str, Faults], Any]


def plain(value: Any) -> Any:
    """What JSON lacks: a row as an object of its fields, a date as its ISO text. Raises TypeError
    for anything else."""
    if isinstance(value, date):
        return value.isoformat()
    kind: Any = type(value)
    return {name: getattr(value, name) for name in _names(kind)}


def decode(kind: Any, value: Any, path: str, faults: Faults) -> Any:
    """The value as `kind` (a row, tuple, date, literal or plain type), faults noted by path.

    A row with a fault holds what was found, None for a field that is missing."""
    return _reader(kind)(value, path, faults)


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))


@cache
def _reader(kind: Any) -> Reader:
    """What reads values of a kind: worked out once, used for every row."""
    origin = get_origin(kind)
    if is_dataclass(kind):
        return _row_reader(kind)
    if origin is tuple:
        return _tuple_reader(get_args(kind))
    if origin in (Union, UnionType):
        return _union_reader(get_args(kind))
    if origin is Literal:
        return _choice_reader(get_args(kind))
    return _read_date if kind is date else _plain_reader(kind)


def _row_reader(kind: Any) -> Reader:
    hints = get_type_hints(kind)
    readers = {f.name: _reader(hints[f.name]) for f in fields(kind)}
    required = {
        f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING
    }

    def read(value: Any, path: str, faults: Faults) -> Any:
        if not faults.is_a(path, value, dict):
            return None
        start = f"{path}." if path else ""
        for name in sorted(value.keys() - readers.keys()):
            faults.add(f"{start}{name}", "unknown_field", value[name])
        found = {}
        for name, reader in readers.items():
            if name in value:
                found[name] = reader(value[name], f"{start}{name}", faults)
            elif name in required:
                faults.add(f"{start}{name}", "missing_field", None)
                found[name] = None
        return kind(**found)

    return read


def _tuple_reader(kinds: tuple[Any, ...]) -> Reader:
    readers = [_reader(each) for each in kinds if each is not ...]
    any_length = kinds[-1] is ...

    def read(value: Any, path: str, faults: Faults) -> Any:
        if not isinstance(value, list) or not (any_length or len(value) == len(readers)):
            faults.add(path, "wrong_type", value)
            return ()
        each = readers * len(value) if any_length else readers
        return tuple(
            reader(item, f"{path}[{i}]", faults)
            for i, (reader, item) in enumerate(zip(each, value, strict=True))
        )

    return read


def _union_reader(kinds: tuple[Any, ...]) -> Reader:
    """Plain types by the type of the value; what else there is reads the rest."""
    by_type = {kind: _reader(kind) for kind in kinds}
    other = next(reader for kind, reader in by_type.items() if kind is not NoneType)

    def read(value: Any, path: str, faults: Faults) -> Any:
        return by_type.get(type(value), other)(value, path, faults)

    return read


def _choice_reader(choices: tuple[Any, ...]) -> Reader:
    def read(value: Any, path: str, faults: Faults) -> Any:
        faults.choice(path, value, choices)
        return value

    return read


def _plain_reader(kind: Any) -> Reader:
    def read(value: Any, path: str, faults: Faults) -> Any:
        if type(value) is not kind:
            faults.add(path, "wrong_type", value)
        return value

    return read


def _read_date(value: Any, path: str, faults: Faults) -> Any:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        faults.add(path, "wrong_type", value)
        return None
