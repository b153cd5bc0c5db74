"""The checks of a request that a service model asks for: types, required members, lengths, ranges, patterns, enums.

Every shape is compiled into one function, once. AWS finds all violations and says them in one ValidationException; a
value of the wrong type can't be read at all, and is a SerializationException.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from sfn_harness.aws.errors import ApiError

Json = Any
# Checks a value at a path, and adds the violations that it finds.
Check = Callable[[Json, str, list[str]], None]

# Names of the tokens of the JSON parser that AWS's services use, by the type that json.loads makes of them.
_TOKENS = {int: "NUMBER_VALUE", float: "NUMBER_VALUE", str: "STRING_VALUE"}
_KINDS = {
    "string": ("a String", str),
    "integer": ("an Integer", int),
    "long": ("a Long", int),
    "float": ("a Float", (int, float)),
    "double": ("a Double", (int, float)),
    "boolean": ("a Boolean", bool),
}
_NUMBERS = ("integer", "long", "float", "double")


@dataclass(frozen=True, slots=True)
class Wording:
    """What a service's words tell that its model does not.

    Attributes:
        enum_orders: the order in which AWS lists the values of an enum, by shape. Others are listed in the model's.
        byte_sizes: string shapes whose length counts bytes of UTF-8.

    """

    enum_orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    byte_sizes: frozenset[str] = frozenset()


def compile_checks(shape: Shape | None, wording: Wording) -> Check:
    """Return the function that checks values of a shape. A request without members has no shape: everything passes."""
    if shape is None:
        return lambda _value, _path, _violations: None
    return _Compiler(wording).compile(shape)


def _serialization(message: str) -> ApiError:
    return ApiError("SerializationException", message)


def _token(value: Json) -> str:
    if isinstance(value, bool):
        return "TRUE_VALUE" if value else "FALSE_VALUE"
    return _TOKENS[type(value)]


def _said(value: Json, shape: Shape) -> str:
    """Return a value as Java prints it."""
    if isinstance(value, dict) and isinstance(shape, StructureShape):
        members = ", ".join(
            f"{name}={_said(value[name], shape.members[name])}" for name in shape.members if name in value
        )
        return f"{shape.name}({members})"
    if isinstance(value, list) and isinstance(shape, ListShape):
        return f"[{', '.join(_said(item, shape.member) for item in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _violation(value: Json, shape: Shape, path: str, constraint: str) -> str:
    if shape.metadata.get("sensitive"):  # is not repeated
        shown = "Value"
    elif value is None:
        shown = "Value null"
    else:
        shown = f"Value '{_said(value, shape)}'"
    return f"{shown} at '{path}' failed to satisfy constraint: {constraint}"


class _Compiler:
    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._made: dict[str, Check] = {}

    def compile(self, shape: Shape) -> Check:
        if shape.name not in self._made:
            # A shape that contains itself finds the function that is being made here.
            self._made[shape.name] = lambda *arguments: self._made[shape.name](*arguments)
            self._made[shape.name] = self._compile(shape)
        return self._made[shape.name]

    def _compile(self, shape: Shape) -> Check:
        if isinstance(shape, StructureShape):
            return self._structure(shape)
        if isinstance(shape, ListShape):
            return self._list(shape)
        if isinstance(shape, MapShape):
            return self._map(shape)
        return self._scalar(shape)

    def _structure(self, shape: StructureShape) -> Check:
        required = frozenset(shape.required_members)
        members = [(name, member, self.compile(member), name in required) for name, member in shape.members.items()]

        def check(value: Json, path: str, violations: list[str]) -> None:
            _refuse_scalar(value, dict)
            for name, member, check_member, is_required in members:
                there = value.get(name)
                if there is not None:
                    check_member(there, f"{path}.{name}" if path else name, violations)
                elif is_required:
                    where = f"{path}.{name}" if path else name
                    violations.append(_violation(None, member, where, "Member must not be null"))

        return check

    def _list(self, shape: ListShape) -> Check:
        check_member = self.compile(shape.member)
        check_length = _length(shape, "length", len)

        def check(value: Json, path: str, violations: list[str]) -> None:
            _refuse_scalar(value, list)
            check_length(value, path, violations)
            for number, item in enumerate(value, 1):
                where = f"{path}.{number}.member"
                if item is None:
                    violations.append(_violation(None, shape.member, where, "Member must not be null"))
                else:
                    check_member(item, where, violations)

        return check

    def _map(self, shape: MapShape) -> Check:
        check_key, check_value = self.compile(shape.key), self.compile(shape.value)

        def check(value: Json, path: str, violations: list[str]) -> None:
            _refuse_scalar(value, dict)
            for key, item in value.items():
                check_key(key, f"{path}.{key}.member", violations)
                if item is not None:
                    check_value(item, f"{path}.{key}.member", violations)

        return check

    def _scalar(self, shape: Shape) -> Check:
        constraints = [check for check in (self._enum(shape), self._range(shape), _pattern(shape)) if check is not None]
        name, types = _KINDS.get(shape.type_name, ("", object))
        is_boolean = shape.type_name == "boolean"

        def check(value: Json, path: str, violations: list[str]) -> None:
            if not isinstance(value, types) or (isinstance(value, bool) and name and not is_boolean):
                if isinstance(value, list):
                    raise _serialization("Start of list found where not expected")
                if isinstance(value, dict):
                    raise _serialization("Start of structure or map found where not expected.")
                raise _serialization(f"{_token(value)} can not be converted to {name}")
            for constraint in constraints:
                constraint(value, path, violations)

        return check

    def _enum(self, shape: Shape) -> Check | None:
        values = shape.metadata.get("enum")
        if not values:
            return None
        listed = ", ".join(self._wording.enum_orders.get(shape.name, values))
        allowed = frozenset(values)

        def check(value: Json, path: str, violations: list[str]) -> None:
            if value not in allowed:
                violations.append(_violation(value, shape, path, f"Member must satisfy enum value set: [{listed}]"))

        return check

    def _range(self, shape: Shape) -> Check | None:
        if "min" not in shape.metadata and "max" not in shape.metadata:
            return None
        if shape.type_name in _NUMBERS:
            return _length(shape, "value", lambda value: value)
        if shape.name in self._wording.byte_sizes:
            return _length(shape, "size", _utf_8_bytes, " bytes in UTF-8 encoding")
        return _length(shape, "length", len)


def _utf_8_bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _length(shape: Shape, noun: str, measure: Callable[[Json], float], unit: str = "") -> Check:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")

    def check(value: Json, path: str, violations: list[str]) -> None:
        length = measure(value)
        if most is not None and length > most:
            violations.append(
                _violation(value, shape, path, f"Member must have {noun} less than or equal to {most}{unit}")
            )
        elif least is not None and length < least:
            violations.append(
                _violation(value, shape, path, f"Member must have {noun} greater than or equal to {least}{unit}")
            )

    return check


def _pattern(shape: Shape) -> Check | None:
    pattern = shape.metadata.get("pattern")
    if pattern is None:
        return None
    try:
        matches = re.compile(pattern.replace(r"\p{ASCII}", r"[\x00-\x7f]")).fullmatch
    except re.error:  # Java's dialect knows more; the service itself checks such a member
        return None

    def check(value: Json, path: str, violations: list[str]) -> None:
        if not matches(value):
            violations.append(
                _violation(value, shape, path, f"Member must satisfy regular expression pattern: {pattern}")
            )

    return check


def _refuse_scalar(value: Json, wanted: type) -> None:
    if isinstance(value, wanted):
        return
    if isinstance(value, list):
        raise _serialization("Start of list found where not expected")
    if isinstance(value, dict):
        raise _serialization("Start of structure or map found where not expected.")
    raise _serialization(f"Unexpected token {_token(value)}")
