"""Models: which schemas are taken, and what is said of a body that does not fit one.

API Gateway validates with a Java library (json-schema-validator) and passes its messages on: "[object has missing
required properties (["name"])]". This module words the violations of the usual keywords the same way. It does not
decide whether a body is valid, and does not follow ``$ref``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["describe", "schema_error", "validated_part", "violations"]

# Draft 4 of JSON Schema, of which API Gateway's models are. What a keyword has is a value, schemas, or schemas by name.
_OF_VALUES = frozenset(
    {
        *("$ref", "$schema", "default", "description", "enum", "exclusiveMaximum", "exclusiveMinimum", "format", "id"),
        *("maxItems", "maxLength", "maxProperties", "maximum", "minItems", "minLength", "minProperties", "minimum"),
        *("multipleOf", "pattern", "required", "title", "type", "uniqueItems"),
    }
)
_OF_SCHEMAS = frozenset({"additionalItems", "additionalProperties", "allOf", "anyOf", "items", "not", "oneOf"})
_OF_SCHEMAS_BY_NAME = frozenset({"definitions", "dependencies", "patternProperties", "properties"})
_KEYWORDS = _OF_VALUES | _OF_SCHEMAS | _OF_SCHEMAS_BY_NAME


def _schemas_in(schema: Any) -> Iterator[dict[str, Any]]:
    """Go through a schema and all inside it."""
    if isinstance(schema, list):
        for item in schema:
            yield from _schemas_in(item)
    if not isinstance(schema, dict):
        return
    yield schema
    for keyword, value in schema.items():
        if keyword in _OF_SCHEMAS:
            yield from _schemas_in(value)
        elif keyword in _OF_SCHEMAS_BY_NAME and isinstance(value, dict):
            yield from _schemas_in(list(value.values()))


# Source: "Amazon API Gateway important notes", API Gateway guide, 2023-06: of an imported model, "exclusiveMinimum is
# not supported" and "maxItems and minItems are not included in simple request validation", until the model is updated.
# The model keeps them, though (recorded 2025-07-02, localstack, test_import_with_circular_models).
_NOT_VALIDATED = frozenset({"exclusiveMinimum", "maxItems", "minItems"})


def validated_part(schema: Any) -> Any:
    """Return what API Gateway validates of a schema that came with an imported document."""
    if isinstance(schema, list):
        return [validated_part(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    validated = {}
    for keyword, value in schema.items():
        if keyword in _OF_SCHEMAS:
            validated[keyword] = validated_part(value)
        elif keyword in _OF_SCHEMAS_BY_NAME and isinstance(value, dict):
            validated[keyword] = {name: validated_part(inner) for name, inner in value.items()}
        elif keyword not in _NOT_VALIDATED:
            validated[keyword] = value
    return validated


def schema_error(schema: Any) -> str | None:
    """Return what CreateModel and an import say of a schema that they refuse; None of one that they take.

    Source: refusals reported by users, such as ``Unsupported keyword(s): ["example"]``. Keywords are checked, and that
    ``required`` is not empty; no more.
    """
    found = list(_schemas_in(schema))
    unknown = sorted({key for each in found for key in each if key not in _KEYWORDS and not key.startswith("x-")})
    if not unknown and not any(each.get("required") == [] for each in found):
        return None
    keywords = f". Unsupported keyword(s): {_text(unknown)}" if unknown else ""
    problem = f"Invalid model schema specified{keywords}"
    return f"Invalid model specified: Validation Result: warnings : [], errors : [{problem}]"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    names = {dict: "object", list: "array", str: "string", int: "integer", float: "number", type(None): "null"}
    return names[type(value)]


def _check_type(limit: Any, value: Any) -> Iterator[str]:
    allowed = sorted([limit] if isinstance(limit, str) else limit)
    if "number" in allowed and "integer" not in allowed:
        allowed = ["integer", *allowed]
    found = _type_of(value)
    if found not in allowed:
        yield f"instance type ({found}) does not match any allowed primitive type (allowed: {_text(allowed)})"


def _check_enum(limit: Any, value: Any) -> Iterator[str]:
    if value not in limit:
        yield f"instance value ({_text(value)}) not found in enum (possible values: {_text(limit)})"


def _check_required(limit: Any, value: Any) -> Iterator[str]:
    missing = sorted(name for name in limit if name not in value)
    if missing:
        yield f"object has missing required properties ({_text(missing)})"


def _check_min_length(limit: Any, value: Any) -> Iterator[str]:
    if len(value) < limit:
        yield f"string {_text(value)} is too short (length: {len(value)}, required minimum: {limit})"


def _check_max_length(limit: Any, value: Any) -> Iterator[str]:
    if len(value) > limit:
        yield f"string {_text(value)} is too long (length: {len(value)}, maximum allowed: {limit})"


def _check_pattern(limit: Any, value: Any) -> Iterator[str]:
    try:
        matches = re.search(limit, value) is not None
    except re.error:
        return
    if not matches:
        yield f"ECMA 262 regex {_text(limit)} does not match input string {_text(value)}"


def _check_minimum(limit: Any, value: Any) -> Iterator[str]:
    if value < limit:
        yield f"numeric instance is lower than the required minimum (minimum: {limit}, found: {value})"


def _check_maximum(limit: Any, value: Any) -> Iterator[str]:
    if value > limit:
        yield f"numeric instance is greater than the required maximum (maximum: {limit}, found: {value})"


def _check_min_items(limit: Any, value: Any) -> Iterator[str]:
    if len(value) < limit:
        yield f"array is too short: must have at least {limit} elements but instance has {len(value)} elements"


def _check_max_items(limit: Any, value: Any) -> Iterator[str]:
    if len(value) > limit:
        yield f"array is too long: must have at most {limit} elements but instance has {len(value)} elements"


# keyword: (the types of value it is about, its check)
_CHECKS: dict[str, tuple[frozenset[str], Callable[[Any, Any], Iterator[str]]]] = {
    "enum": (frozenset({"object", "array", "string", "integer", "number", "boolean", "null"}), _check_enum),
    "required": (frozenset({"object"}), _check_required),
    "minLength": (frozenset({"string"}), _check_min_length),
    "maxLength": (frozenset({"string"}), _check_max_length),
    "pattern": (frozenset({"string"}), _check_pattern),
    "minimum": (frozenset({"integer", "number"}), _check_minimum),
    "maximum": (frozenset({"integer", "number"}), _check_maximum),
    "minItems": (frozenset({"array"}), _check_min_items),
    "maxItems": (frozenset({"array"}), _check_max_items),
}


def _unexpected(schema: dict[str, Any], value: dict[str, Any]) -> Iterator[str]:
    if schema.get("additionalProperties") is not False:
        return
    patterns = schema.get("patternProperties") or {}
    known = schema.get("properties") or {}
    extra = sorted(
        name for name in value if name not in known and not any(re.search(pattern, name) for pattern in patterns)
    )
    if extra:
        yield f"object instance has properties which are not allowed by the schema: {_text(extra)}"


def violations(schema: Any, value: Any) -> Iterator[str]:
    """Say what is wrong with a JSON value, keyword by keyword, then inside it. Nothing for what is not understood."""
    if not isinstance(schema, dict):
        return
    if "type" in schema:
        found = list(_check_type(schema["type"], value))
        if found:
            yield from found
            return
    kind = _type_of(value)
    for keyword, (kinds, check) in _CHECKS.items():
        if keyword in schema and kind in kinds:
            yield from check(schema[keyword], value)
    if kind == "object":
        yield from _unexpected(schema, value)
        for name, inner in (schema.get("properties") or {}).items():
            if name in value:
                yield from violations(inner, value[name])
    if kind == "array" and isinstance(schema.get("items"), dict):
        for item in value:
            yield from violations(schema["items"], item)


def describe(schema: Any, body: bytes) -> str:
    """Return ``[violation, violation]``, quoted so that it can stand between quotation marks in a JSON template.

    Empty when the body is not JSON or nothing is found. Raises nothing.
    """
    try:
        found = list(violations(schema, json.loads(body)))
    except (ValueError, TypeError, AttributeError, RecursionError, re.error):
        return ""
    return json.dumps(f"[{', '.join(found)}]", ensure_ascii=False)[1:-1] if found else ""
