"""Frozen rows to plain JSON values and back, by their type annotations."""

from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from .faults import Faults


def encode(value: Any) -> Any:
    """Rows become objects, tuples arrays, dates ISO texts; everything else stays."""
    if is_dataclass(value):
        return {f.name: encode(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [encode(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


def decode(kind: Any, value: Any, path: str, faults: Faults) -> Any:
    """The value as `kind` (a row, tuple, date, literal or plain type), faults noted by path."""
    if is_dataclass(kind):
        return _decode_row(kind, value, path, faults)
    origin = get_origin(kind)
    if origin is tuple:
        return _decode_tuple(get_args(kind), value, path, faults)
    if origin in (Union, UnionType):
        return _decode_union(get_args(kind), value, path, faults)
    if origin is Literal:
        faults.choice(path, value, get_args(kind))
    elif kind is date:
        return _decode_date(value, path, faults)
    elif type(value) is not kind:
        faults.add(path, "wrong_type", value)
    return value


def _decode_row(kind: Any, value: Any, path: str, faults: Faults) -> Any:
    if not isinstance(value, dict):
        faults.add(path, "wrong_type", value)
        return None
    rows, before = _fields(kind), len(faults.found)
    for name in sorted(value.keys() - rows.keys()):
        faults.add(_join(path, name), "unknown_field", value[name])
    found = {}
    for name, (field, hint) in rows.items():
        if name in value:
            found[name] = decode(hint, value[name], _join(path, name), faults)
        elif field.default is MISSING and field.default_factory is MISSING:
            faults.add(_join(path, name), "missing_field", None)
    return kind(**found) if len(faults.found) == before else None


def _decode_tuple(args: tuple[Any, ...], value: Any, path: str, faults: Faults) -> Any:
    kinds = [args[0]] * len(value) if args[-1] is ... and isinstance(value, list) else args
    if not isinstance(value, list) or len(value) != len(kinds):
        faults.add(path, "wrong_type", value)
        return ()
    pairs = enumerate(zip(kinds, value, strict=True))
    return tuple(decode(kind, each, f"{path}[{i}]", faults) for i, (kind, each) in pairs)


def _decode_union(kinds: tuple[Any, ...], value: Any, path: str, faults: Faults) -> Any:
    if value is None and type(None) in kinds:
        return None
    plain = [kind for kind in kinds if kind is type(value)]
    others = [kind for kind in kinds if kind is not type(None)]
    return decode(plain[0] if plain else others[0], value, path, faults)


def _decode_date(value: Any, path: str, faults: Faults) -> Any:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        faults.add(path, "wrong_type", value)
        return None


@cache
def _fields(kind: type) -> dict[str, tuple[Field[Any], Any]]:
    hints = get_type_hints(kind)
    return {f.name: (f, hints[f.name]) for f in fields(kind)}


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
