"""java.lang.Integer, Long, Double, Boolean and Character, and java.math.BigInteger and BigDecimal."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from ..errors import MethodError
from ..values import Char, is_int, to_string
from .table import Table, incomparable


def _integer_class(value: int) -> str:
    if is_int(value):
        return "java.lang.Integer"
    return "java.lang.Long" if -(1 << 63) <= value < 1 << 63 else "java.math.BigInteger"


INTEGER = Table(_integer_class)
DOUBLE = Table("java.lang.Double")
DECIMAL = Table("java.math.BigDecimal")
BOOLEAN = Table("java.lang.Boolean")
CHARACTER = Table("java.lang.Character")


def _wrap(value: int, bits: int) -> int:
    half = 1 << (bits - 1)
    return (value + half) % (1 << bits) - half


def _to_integer(value: Any, bits: int) -> int:
    """Narrow a number as Java's casts do: a double saturates, an integer wraps."""
    if type(value) is float:
        if value != value:
            return 0
        limit = 1 << (bits - 1)
        return int(max(-limit, min(limit - 1, value))) if math.isfinite(value) else (limit - 1 if value > 0 else -limit)
    return _wrap(int(value), bits)


def _compare(left: Any, right: Any) -> int:
    return (left > right) - (left < right)


def _compare_same(value: int, other: int, class_of: Callable[[int], str]) -> int:
    if class_of(value) != class_of(other):
        incomparable(value, other)
    return _compare(value, other)


def _compare_decimals(value: Decimal, other: Any) -> int:
    if type(other) is not Decimal:
        incomparable(value, other)
    return _compare(value, other)


def _parse_int(text: Any, radix: int = 10, bits: int = 32) -> int:
    if text is None or not text or "_" in text or text != text.strip():
        raise MethodError(f"parsing failed: {to_string(text)!r} is no number")
    try:
        value = int(text, radix)
    except ValueError:
        raise MethodError(f"parsing failed: {text!r} is no number") from None
    if _wrap(value, bits) != value:
        raise MethodError(f"parsing failed: {text!r} has more than {bits} bits")
    return value


def _parse_double(text: str) -> float:
    try:
        if "_" in text:
            raise ValueError
        return float(text.strip().rstrip("dDfF") if text.strip()[-1:] in "dDfF" else text)
    except ValueError:
        raise MethodError(f"parsing failed: {text!r} is no number") from None


def _radix(value: int, base: int) -> str:
    digits = ""
    rest = abs(value)
    while rest:
        rest, digit = divmod(rest, base)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return ("-" if value < 0 else "") + (digits or "0")


for _table in (INTEGER, DOUBLE, DECIMAL):
    _table.add("intValue", "", lambda value: _to_integer(value, 32))
    _table.add("longValue", "", lambda value: _to_integer(value, 64))
    _table.add("shortValue", "", lambda value: _wrap(_to_integer(value, 32), 16))
    _table.add("byteValue", "", lambda value: _wrap(_to_integer(value, 32), 8))
    _table.add("doubleValue floatValue", "", float)
INTEGER.add("compareTo", "l", lambda value, other: _compare_same(value, other, _integer_class))
INTEGER.add("compareTo", "o", incomparable)
DOUBLE.add("compareTo", "d", _compare)
DOUBLE.add("compareTo", "o", incomparable)
INTEGER.add("parseInt", "s", lambda _, text: _parse_int(text))
INTEGER.add("valueOf", "s", lambda _, text: _parse_int(text))
INTEGER.add("parseInt", "si", lambda _, text, radix: _parse_int(text, radix))
INTEGER.add("valueOf", "si", lambda _, text, radix: _parse_int(text, radix))
INTEGER.add("valueOf", "i", lambda _, value: value)
INTEGER.add("toString", "i", lambda _, value: str(value))
INTEGER.add("toString", "ii", lambda _, value, radix: _radix(value, radix))
INTEGER.add("toHexString", "i", lambda _, value: format(value % (1 << 32), "x"))
INTEGER.add("toBinaryString", "i", lambda _, value: format(value % (1 << 32), "b"))
INTEGER.add("toOctalString", "i", lambda _, value: format(value % (1 << 32), "o"))
INTEGER.add("max", "ii", lambda _, left, right: max(left, right))
INTEGER.add("min", "ii", lambda _, left, right: min(left, right))
INTEGER.add("sum", "ii", lambda _, left, right: _wrap(left + right, 32))
INTEGER.add("compare", "ii", lambda _, left, right: _compare(left, right))
INTEGER.add("signum", "i", lambda _, value: _compare(value, 0))

DOUBLE.add("isNaN", "", math.isnan)
DOUBLE.add("isInfinite", "", math.isinf)
DOUBLE.add("parseDouble valueOf", "s", lambda _, text: _parse_double(text))
DOUBLE.add("toString", "d", lambda _, value: to_string(value))
DOUBLE.add("compare", "dd", lambda _, left, right: _compare(left, right))
DOUBLE.add("max", "dd", lambda _, left, right: max(left, right))
DOUBLE.add("min", "dd", lambda _, left, right: min(left, right))

DECIMAL.add("toPlainString", "", lambda value: format(value, "f"))
DECIMAL.add("scale", "", lambda value: -int(value.as_tuple().exponent))
DECIMAL.add("compareTo", "o", _compare_decimals)

BOOLEAN.add("booleanValue", "", lambda value: value)
BOOLEAN.add("compareTo", "b", _compare)
BOOLEAN.add("compareTo", "o", incomparable)
BOOLEAN.add("parseBoolean valueOf", "s", lambda _, text: text is not None and text.lower() == "true")
BOOLEAN.add("valueOf", "b", lambda _, value: value)
BOOLEAN.add("toString", "b", lambda _, value: to_string(value))
BOOLEAN.add("logicalAnd", "bb", lambda _, left, right: left and right)
BOOLEAN.add("logicalOr", "bb", lambda _, left, right: left or right)
BOOLEAN.add("logicalXor", "bb", lambda _, left, right: left != right)

CHARACTER.add("charValue", "", lambda value: value)
CHARACTER.add("compareTo", "c", lambda value, other: ord(value) - ord(other))
CHARACTER.add("isDigit", "c", lambda _, value: str(value).isdigit())
CHARACTER.add("isLetter", "c", lambda _, value: str(value).isalpha())
CHARACTER.add("isLetterOrDigit", "c", lambda _, value: str(value).isalnum())
CHARACTER.add("isUpperCase", "c", lambda _, value: str(value).isupper())
CHARACTER.add("isLowerCase", "c", lambda _, value: str(value).islower())
CHARACTER.add("toUpperCase", "c", lambda _, value: Char(str(value).upper()))
CHARACTER.add("toLowerCase", "c", lambda _, value: Char(str(value).lower()))
