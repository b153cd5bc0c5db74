"""Java's values in Python's clothes: how they print, compare, hash and add up.

| Java | here |
|---|---|
| null, String, Boolean | None, str, bool |
| Integer, Long, BigInteger | int; which of the three it is follows from its size |
| Double, BigDecimal | float, Decimal |
| char | Char |
| ArrayList, an array | list, JavaArray |
| LinkedHashMap | dict; its keySet, values and entrySet are the dict's own views |

Java's strings are made of UTF-16 units: `units` and `join_units` go there and back where that makes a difference.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_DOWN, Decimal
from typing import Any

from .errors import TemplateError

KeysView, ValuesView, ItemsView = type({}.keys()), type({}.values()), type({}.items())


class Char(str):
    """A Java char: prints as its one character, and is not equal to a String."""

    __slots__ = ()


class JavaArray(list):
    """A Java array, such as String.split returns: a list of fixed length that prints badly."""

    __slots__ = ()


class MapEntry:
    """One key and value of a map."""

    __slots__ = ("key", "map")

    def __init__(self, map_: Mapping, key: Any) -> None:
        self.map = map_
        self.key = key

    @property
    def value(self) -> Any:
        """What the map has for the key now."""
        return self.map.get(self.key)


class HostObject:
    """An object of the application's that templates may call.

    A subclass marks what templates see with `java_method`. Nothing else is reachable from a template.
    """

    __slots__ = ()
    java_methods: dict[tuple[str, int], Callable[..., Any]] = {}  # noqa: RUF012

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.java_methods = dict(cls.java_methods)
        for member in vars(cls).values():
            for key in getattr(member, "java_signatures", ()):
                cls.java_methods[key] = member

    def java_property(self, name: str) -> Any:  # noqa: ARG002
        """Return what `$object.name` is, or None; override it to have properties."""
        return None

    def java_string(self) -> str:
        """Return what the object prints as."""
        return type(self).__name__


def java_method(name: str, *argument_counts: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a HostObject's method as callable from templates, by its Java name and numbers of arguments."""

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        function.java_signatures = tuple((name, count) for count in argument_counts)
        return function

    return mark


def units(text: str) -> str:
    """Split characters outside the basic plane into their two UTF-16 units."""
    if text.isascii() or not text or max(text) < "\U00010000":
        return text
    raw = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(raw[i] | raw[i + 1] << 8) for i in range(0, len(raw), 2))


def join_units(text: str) -> str:
    """Join UTF-16 units into characters again; a unit without its other half stays."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def to_string(value: Any) -> str:
    """Return what Java's toString makes of a value; "null" for None."""
    printer = _PRINTERS.get(type(value))
    if printer is not None:
        return printer(value)
    if isinstance(value, HostObject):
        return value.java_string()
    renders = getattr(value, "render_to_string", None)
    if renders is not None:
        return renders()
    for kind, inherited in _PRINTERS.items():
        if isinstance(value, kind):
            return inherited(value)
    return str(value)


def double_to_string(value: float) -> str:
    """Return Double.toString: at least one decimal, an exponent below 1e-3 and from 1e7."""
    if not math.isfinite(value):
        return "NaN" if value != value else ("Infinity" if value > 0 else "-Infinity")
    if value == 0:
        return "-0.0" if math.copysign(1, value) < 0 else "0.0"
    magnitude = abs(value)
    if 1e-3 <= magnitude < 1e7:
        return repr(value)
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    text = "".join(map(str, digits)).rstrip("0") or "0"
    power = len(digits) + int(exponent) - 1
    return f"{'-' if sign else ''}{text[0]}.{text[1:] or '0'}E{power}"


def _list_to_string(value: Any) -> str:
    return "[" + ", ".join("(this Collection)" if item is value else to_string(item) for item in value) + "]"


def _map_to_string(value: dict) -> str:
    parts = (f"{to_string(key)}={'(this Map)' if item is value else to_string(item)}" for key, item in value.items())
    return "{" + ", ".join(parts) + "}"


_PRINTERS: dict[type, Callable[[Any], str]] = {
    str: lambda value: value,
    Char: str.__str__,
    bool: lambda value: "true" if value else "false",
    int: str,
    float: double_to_string,
    Decimal: str,
    type(None): lambda _: "null",
    dict: _map_to_string,
    JavaArray: lambda value: f"[Ljava.lang.String;@{id(value) & 0xFFFFFFF:x}",
    list: _list_to_string,
    KeysView: _list_to_string,
    ValuesView: _list_to_string,
    ItemsView: lambda value: "[" + ", ".join(f"{to_string(k)}={to_string(v)}" for k, v in value) + "]",
    MapEntry: lambda value: f"{to_string(value.key)}={to_string(value.value)}",
}


def _int_class(value: int) -> str:
    if -0x80000000 <= value <= 0x7FFFFFFF:
        return "Integer"
    return "Long" if -0x8000000000000000 <= value <= 0x7FFFFFFFFFFFFFFF else "BigInteger"


def is_int(value: Any) -> bool:
    """Say whether a value is one of Java's Integers (32 bits)."""
    return type(value) is int and -0x80000000 <= value <= 0x7FFFFFFF


def is_number(value: Any) -> bool:
    """Say whether a value is a java.lang.Number."""
    return type(value) in (int, float, Decimal)


def java_equals(left: Any, right: Any) -> bool:
    """Return left.equals(right); two nulls are equal."""
    kind = type(left)
    if kind is not type(right):
        if isinstance(left, dict) and isinstance(right, dict):
            kind = dict
        elif isinstance(left, list) and isinstance(right, list) and JavaArray not in (kind, type(right)):
            kind = list
        else:
            return left is right
    if isinstance(left, dict):
        return len(left) == len(right) and all(
            key in right and java_equals(value, right[key]) for key, value in left.items()
        )
    if kind is JavaArray or isinstance(left, HostObject):
        return left is right
    if isinstance(left, list):
        return len(left) == len(right) and all(map(java_equals, left, right))
    if kind is Decimal:
        return left.as_tuple() == right.as_tuple()
    if kind is float and left != left:
        return right != right
    if kind is MapEntry:
        return java_equals(left.key, right.key) and java_equals(left.value, right.value)
    return left == right


def loosely_equal(left: Any, right: Any) -> bool:
    """Return what `==` says: numbers by value, one class by equals, and different classes by what they print."""
    if left is None or right is None:
        return left is right
    if type(left) is str and type(right) is str:
        return left == right
    if is_number(left) and is_number(right):
        return left == right
    same_class = type(left) is type(right) or (
        isinstance(left, (dict, list)) and (isinstance(left, type(right)) or isinstance(right, type(left)))
    )
    return java_equals(left, right) if same_class else to_string(left) == to_string(right)


def hash_code(value: Any) -> int:
    """Return Java's hashCode, as a signed 32 bit number."""
    if value is None:
        code = 0
    elif isinstance(value, str):
        code = 0
        for unit in units(value):
            code = (31 * code + ord(unit)) & 0xFFFFFFFF
    elif isinstance(value, bool):
        code = 1231 if value else 1237
    elif isinstance(value, int):
        code = value ^ (value >> 32) if _is_long(value) and not is_int(value) else value
        if not _is_long(value):
            code, rest = 0, abs(value)
            for shift in range((rest.bit_length() - 1) // 32 * 32, -1, -32):
                code = (31 * code + (rest >> shift & 0xFFFFFFFF)) & 0xFFFFFFFF
            code = -code if value < 0 else code
    elif isinstance(value, float):
        bits = int.from_bytes(struct.pack(">d", value), "big")
        code = bits ^ (bits >> 32)
    elif isinstance(value, list):
        code = 1
        for item in value:
            code = (31 * code + hash_code(item)) & 0xFFFFFFFF
    elif isinstance(value, dict):
        code = sum(hash_code(key) ^ hash_code(item) for key, item in value.items())
    else:
        raise TemplateError(f"hashCode of {to_string(value)} is not supported")
    return (code + 0x80000000) % 0x100000000 - 0x80000000


def arithmetic(operator: str, left: Any, right: Any) -> Any:
    """Return Velocity's + - * / % of two numbers.

    The result is a BigDecimal if one of them is, else a Double if one of them is, else an integer: whole division
    goes towards zero, the remainder has the dividend's sign, and no sum overflows. None when one of them is no
    number, or for a division by zero.
    """
    if not (is_number(left) and is_number(right)):
        return None
    if operator in "/%" and right == 0:
        return None
    if type(left) is Decimal or type(right) is Decimal:
        return _decimal_arithmetic(operator, _decimal(left), _decimal(right))
    floating = type(left) is float or type(right) is float
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if not floating and right == -1 and left == -0x8000000000000000 and operator in "*/":
        return left  # the one overflow that Velocity does not notice
    if operator == "*":
        return left * right
    if floating:
        left, right = float(left), float(right)
        return left / right if operator == "/" else math.fmod(left, right)
    if operator == "%" and not (_is_long(left) and _is_long(right)):
        if right < 0:
            raise TemplateError(f"{left} % {right}: BigInteger takes no negative modulus")
        return left % right
    quotient = abs(left) // abs(right)
    if (left < 0) != (right < 0):
        quotient = -quotient
    return quotient if operator == "/" else left - quotient * right


def _is_long(value: int) -> bool:
    return -0x8000000000000000 <= value <= 0x7FFFFFFFFFFFFFFF


def _decimal(value: Any) -> Decimal:
    return Decimal(repr(value)) if type(value) is float else Decimal(value)


def _decimal_arithmetic(operator: str, left: Decimal, right: Decimal) -> Decimal | None:
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    if operator == "/":
        return (left / right).quantize(Decimal((0, (1,), left.as_tuple().exponent)), ROUND_HALF_DOWN)
    return left % right
