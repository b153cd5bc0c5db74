"""The intrinsic functions of the states language. All of their facts: AWS's documentation, "Intrinsic functions"."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
import random
import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sfn_harness.stepfunctions.expressions.types import Environment
from sfn_harness.stepfunctions.expressions.values import is_number, same, to_json

Json = Any

MAX_CHARACTERS = 10_000  # of what is encoded, decoded or hashed
MAX_ITEMS = 1_000  # of a range
ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


class FunctionError(Exception):
    """A function can't take its arguments."""


@dataclass(frozen=True, slots=True)
class Function:
    """An intrinsic function.

    Attributes:
        call: takes the environment and the arguments.
        least: how many arguments it must have.
        most: how many it can have; None is any number.

    """

    call: Callable[[Environment, Sequence[Json]], Json]
    least: int
    most: int | None


def _array(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise FunctionError(f"The argument must be an array but was: {to_json(value)}")
    return value


def _string(value: Json) -> str:
    if not isinstance(value, str):
        raise FunctionError(f"The argument must be a string but was: {to_json(value)}")
    return value


def _short_string(value: Json) -> str:
    if len(_string(value)) > MAX_CHARACTERS:
        raise FunctionError(f"The argument must have at most {MAX_CHARACTERS} characters")
    return value


def _number(value: Json) -> int | float:
    if not is_number(value):
        raise FunctionError(f"The argument must be a number but was: {to_json(value)}")
    return value


def _rounded(value: Json) -> int:
    """Return the nearest integer, the greater of two (recorded, test_math_add: -1.5 is -1, 1.5 is 2)."""
    return math.floor(_number(value) + 0.5) if isinstance(value, float) else _number(value)


def java_text(value: Json) -> str:
    """Return a value as States.Format puts it: ``{Arg1=1, Arg2=[]}`` (recorded, test_format_2)."""
    match value:
        case str():
            return value
        case list():
            return "[" + ", ".join(map(java_text, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{key}={java_text(item)}" for key, item in value.items()) + "}"
    return to_json(value)


def _array_of(_environment: Environment, arguments: Sequence[Json]) -> list[Json]:
    return list(arguments)


def _array_partition(_environment: Environment, arguments: Sequence[Json]) -> list[Json]:
    items, size = _array(arguments[0]), _rounded(arguments[1])
    if size <= 0:
        raise FunctionError("The chunk size must be a positive number")
    return partition(items, size)


def partition(items: list[Json], size: int) -> list[Json]:
    """Return the items in arrays of a size; the last may be smaller."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def _array_contains(_environment: Environment, arguments: Sequence[Json]) -> bool:
    return any(same(item, arguments[1]) for item in _array(arguments[0]))


def _array_range(_environment: Environment, arguments: Sequence[Json]) -> list[int]:
    start, stop, step = map(_rounded, arguments)
    if step == 0:
        raise FunctionError("The step must not be zero")
    numbers = range(start, stop + (1 if step > 0 else -1), step)
    if len(numbers) > MAX_ITEMS:
        raise FunctionError(f"The range must have at most {MAX_ITEMS} items")
    return list(numbers)


def _array_get_item(_environment: Environment, arguments: Sequence[Json]) -> Json:
    items, index = _array(arguments[0]), _rounded(arguments[1])
    if not 0 <= index < len(items):
        raise FunctionError(f"The index {index} is out of the array's bounds")
    return items[index]


def _array_length(_environment: Environment, arguments: Sequence[Json]) -> int:
    return len(_array(arguments[0]))


def _array_unique(_environment: Environment, arguments: Sequence[Json]) -> list[Json]:
    unique: dict[str, Json] = {}
    for item in _array(arguments[0]):
        unique.setdefault(json.dumps(item, sort_keys=True), item)
    return list(unique.values())


def _base64_encode(_environment: Environment, arguments: Sequence[Json]) -> str:
    return base64.b64encode(_short_string(arguments[0]).encode()).decode()


def _base64_decode(_environment: Environment, arguments: Sequence[Json]) -> str:
    try:
        return base64.b64decode(_short_string(arguments[0]), validate=True).decode(errors="replace")
    except binascii.Error:
        raise FunctionError("The argument is not a valid Base64 string") from None


def _hash(_environment: Environment, arguments: Sequence[Json]) -> str:
    data, algorithm = arguments
    name = ALGORITHMS.get(_string(algorithm))
    if name is None:
        raise FunctionError(f"The algorithm must be one of {', '.join(ALGORITHMS)}")
    text = data if isinstance(data, str) else to_json(data)
    return hashlib.new(name, _short_string(text).encode(), usedforsecurity=False).hexdigest()


def _json_merge(_environment: Environment, arguments: Sequence[Json]) -> dict[str, Json]:
    first, second, deep = arguments
    if not isinstance(first, dict) or not isinstance(second, dict):
        raise FunctionError("The arguments to merge must be objects")
    if deep is not False:
        raise FunctionError("Only shallow merging is supported: the third argument must be false")
    return {**first, **second}


def _string_to_json(_environment: Environment, arguments: Sequence[Json]) -> Json:
    text = _string(arguments[0])
    if not text.strip():  # (recorded, test_string_to_json)
        return None
    try:
        return parse_json(text)
    except ValueError:
        raise FunctionError("The argument is not a valid JSON string") from None


def parse_json(text: str) -> Json:
    """Parse JSON; NaN and Infinity are none. Raises ValueError."""
    return json.loads(text, parse_constant=_refuse)


def _refuse(constant: str) -> Json:
    raise ValueError(constant)


def _json_to_string(_environment: Environment, arguments: Sequence[Json]) -> str:
    return to_json(arguments[0])


def _math_random(environment: Environment, arguments: Sequence[Json]) -> int:
    start, end = _rounded(arguments[0]), _rounded(arguments[1])
    if start >= end:
        raise FunctionError("The start number must be less than the end number")
    chance = environment.random
    if len(arguments) == 3:
        chance = random.Random(_rounded(arguments[2]))  # noqa: S311 - the same seed is to give the same number
    return chance.randrange(start, end)


def _math_add(_environment: Environment, arguments: Sequence[Json]) -> int:
    return _rounded(arguments[0]) + _rounded(arguments[1])


def _string_split(_environment: Environment, arguments: Sequence[Json]) -> list[str]:
    text, delimiters = map(_string, arguments)
    if not delimiters:
        return [text] if text else []
    # Each character is a delimiter, and empty parts are left out (recorded, test_string_split).
    return [part for part in re.split(f"[{re.escape(delimiters)}]", text) if part]


def random_uuid(chance: random.Random) -> str:
    """Return a version 4 UUID."""
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


def _uuid(environment: Environment, _arguments: Sequence[Json]) -> str:
    return random_uuid(environment.random)


_HOLE = re.compile(r"\\([\\{}'])|\{\}")


def _format(_environment: Environment, arguments: Sequence[Json]) -> str:
    template, values = _string(arguments[0]), iter(arguments[1:])
    try:
        text = _HOLE.sub(lambda match: match[1] or java_text(next(values)), template)
    except StopIteration:
        raise FunctionError("There are fewer arguments than occurrences of {}") from None
    if next(values, values) is not values:
        raise FunctionError("There are more arguments than occurrences of {}")
    return text


FUNCTIONS: dict[str, Function] = {
    "States.Array": Function(_array_of, 0, None),
    "States.ArrayContains": Function(_array_contains, 2, 2),
    "States.ArrayGetItem": Function(_array_get_item, 2, 2),
    "States.ArrayLength": Function(_array_length, 1, 1),
    "States.ArrayPartition": Function(_array_partition, 2, 2),
    "States.ArrayRange": Function(_array_range, 3, 3),
    "States.ArrayUnique": Function(_array_unique, 1, 1),
    "States.Base64Decode": Function(_base64_decode, 1, 1),
    "States.Base64Encode": Function(_base64_encode, 1, 1),
    "States.Format": Function(_format, 1, None),
    "States.Hash": Function(_hash, 2, 2),
    "States.JsonMerge": Function(_json_merge, 3, 3),
    "States.JsonToString": Function(_json_to_string, 1, 1),
    "States.MathAdd": Function(_math_add, 2, 2),
    "States.MathRandom": Function(_math_random, 2, 3),
    "States.StringSplit": Function(_string_split, 2, 2),
    "States.StringToJson": Function(_string_to_json, 1, 1),
    "States.UUID": Function(_uuid, 0, 0),
}
