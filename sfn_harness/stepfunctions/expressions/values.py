"""JSON values: their texts, their equality and their types."""

from __future__ import annotations

import json
from typing import Any

Json = Any

_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def to_json(value: Json) -> str:
    """Return a value's JSON text as AWS writes it: no blanks, characters as they are."""
    return _ENCODER.encode(value)


def to_text(value: Json) -> str:
    """Return a string as it is, and any other value as its JSON text."""
    return value if isinstance(value, str) else _ENCODER.encode(value)


def is_number(value: Json) -> bool:
    """Return whether a value is a number; booleans are none, though Python says so."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def same(left: Json, right: Json) -> bool:
    """Return whether two values are equal; unlike with ``==``, true is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    return left == right


def type_name(value: Json) -> str:
    """Return JSON's name of a value's type."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
    return "object"
