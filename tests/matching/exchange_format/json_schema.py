"""A validator of JSON Schema (draft 2020-12) for the keywords that the engine's schema uses."""

import re
from typing import Any

Json = Any
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}
KNOWN = {
    "$schema", "title", "description", "$defs", "$ref", "oneOf", "anyOf", "type", "const", "enum",
    "minimum", "maximum", "minLength", "pattern", "format", "properties", "required",
    "additionalProperties", "items", "prefixItems", "minItems",
}  # fmt: skip


def is_valid(value: Json, schema: Json, root: Json) -> bool:
    """Does the value obey the schema? A keyword that is not known is an error."""
    assert schema.keys() <= KNOWN
    if "$ref" in schema:
        return is_valid(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root)
    if "oneOf" in schema and sum(is_valid(value, each, root) for each in schema["oneOf"]) != 1:
        return False
    if "anyOf" in schema and not any(is_valid(value, each, root) for each in schema["anyOf"]):
        return False
    if "const" in schema and not same(value, schema["const"]):
        return False
    if "enum" in schema and not any(same(value, each) for each in schema["enum"]):
        return False
    if "type" not in schema:
        return True
    if not isinstance(value, TYPES[schema["type"]]):
        return False
    if isinstance(value, bool) and schema["type"] != "boolean":
        return False
    return {"object": _object, "array": _array}.get(schema["type"], _plain)(value, schema, root)


def same(a: Json, b: Json) -> bool:
    return type(a) is type(b) and a == b


def _object(value: Json, schema: Json, root: Json) -> bool:
    properties = schema["properties"]
    return (
        set(schema["required"]) <= value.keys() <= properties.keys()
        and not schema["additionalProperties"]
        and all(is_valid(each, properties[name], root) for name, each in value.items())
    )


def _array(value: Json, schema: Json, root: Json) -> bool:
    first = schema.get("prefixItems", [])
    if len(value) < schema.get("minItems", 0) or (schema["items"] is False and value[len(first) :]):
        return False
    rest = [schema["items"]] * (len(value) - len(first))
    return all(is_valid(each, how, root) for each, how in zip(value, [*first, *rest], strict=True))


def _plain(value: Json, schema: Json, root: Json) -> bool:
    if isinstance(value, str):
        matches = re.search(schema.get("pattern", ""), value)
        return bool(matches) and len(value) >= schema.get("minLength", 0)
    low, high = schema.get("minimum"), schema.get("maximum")
    return (low is None or value >= low) and (high is None or value <= high)
