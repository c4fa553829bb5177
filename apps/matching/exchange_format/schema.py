"""The JSON Schema (draft 2020-12) of problems and solutions, made from their annotations.

It says what single values must be; what holds between them (ids that exist, dates in order) the
validator says. `docs/engine.schema.json` is this schema, written out.
"""

from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from apps.matching.engine.canonical import KINDS, SCHEMA
from apps.matching.engine.problem import (
    MAX_POPULATION,
    MAX_QUANTITY,
    MAX_TRANSPORT_DAYS,
    TIERS,
    UNIT,
    City,
    Item,
    Need,
    Offer,
    PairingProblem,
    Weights,
)

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
RANGES: dict[tuple[type, str], tuple[int, int]] = {
    (City, "population"): (1, MAX_POPULATION),
    (City, "utc_offset_minutes"): (-1440, 1440),
    (Item, "transport_days"): (0, MAX_TRANSPORT_DAYS),
    (Need, "tier"): (TIERS[0], TIERS[-1]),
    (PairingProblem, "floor"): (0, UNIT),
    (Offer, "pack"): (1, MAX_QUANTITY),
    **{(kind, "id"): (0, 2**63 - 1) for kind in (Need, Offer)},
    **{
        (kind, name): (1, MAX_QUANTITY)
        for kind in (Need, Offer)
        for name in ("quantity", "smallest_lot")
    },
    **{(Weights, field.name): (0, UNIT) for field in fields(Weights)},
}
DAY = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


def build_schema() -> Schema:
    """The schema of every kind of text the engine reads and writes."""
    definitions: dict[str, Schema] = {}
    kinds = [_root(name, kind, definitions) for name, kind in KINDS.items()]
    return {
        "$schema": DIALECT,
        "title": "Problems and solutions of the matching engine",
        "oneOf": kinds,
        "$defs": dict(sorted(definitions.items())),
    }


def _root(name: str, kind: type, definitions: dict[str, Schema]) -> Schema:
    row = _row(kind, definitions)
    row["properties"] = {
        "kind": {"const": name},
        "schema": {"const": SCHEMA},
        **row["properties"],
    }
    row["required"] = ["kind", "schema", *row["required"]]
    return row


def _row(kind: Any, definitions: dict[str, Schema]) -> Schema:
    hints = get_type_hints(kind)
    properties = {}
    for field in fields(kind):
        value = _value(hints[field.name], definitions)
        low, high = RANGES.get((kind, field.name), (None, None))
        for each in value.get("anyOf", [value]):
            if low is not None and each.get("type") == "integer":
                each |= {"minimum": low, "maximum": high}
        properties[field.name] = value
    required = [
        field.name
        for field in fields(kind)
        if field.default is MISSING and field.default_factory is MISSING
    ]
    return {
        "type": "object",
        "description": " ".join((kind.__doc__ or "").split()),
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _value(kind: Any, definitions: dict[str, Schema]) -> Schema:
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(kind) and isinstance(kind, type):
        if kind.__name__ not in definitions:
            definitions[kind.__name__] = {}
            definitions[kind.__name__] = _row(kind, definitions)
        return {"$ref": f"#/$defs/{kind.__name__}"}
    if origin is tuple and arguments[-1] is ...:
        return {"type": "array", "items": _value(arguments[0], definitions)}
    if origin is tuple:
        each = [_value(argument, definitions) for argument in arguments]
        return {"type": "array", "prefixItems": each, "items": False, "minItems": len(each)}
    if origin in (Union, UnionType):
        return {"anyOf": [_value(argument, definitions) for argument in arguments]}
    if origin is Literal:
        return {"enum": list(arguments)}
    plain: dict[Any, Schema] = {
        str: {"type": "string", "minLength": 1},
        int: {"type": "integer"},
        bool: {"type": "boolean"},
        date: {"type": "string", "format": "date", "pattern": DAY},
        NoneType: {"type": "null"},
    }
    return dict(plain[kind])
