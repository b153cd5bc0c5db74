"""java.lang.String. Positions count UTF-16 units, as Java's do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..errors import MethodError
from ..values import Char, JavaArray, double_to_string, join_units, to_string, units
from .regex import expand_replacement, java_pattern, plain_text
from .table import Table, incomparable

STRING = Table("java.lang.String")

_BLANKS = "".join(map(chr, range(0x21)))


def _checked(begin: int, end: int, length: int) -> None:
    if not 0 <= begin <= end <= length:
        raise IndexError(f"begin {begin}, end {end}, length {length}")


def _substring(text: str, begin: int, end: int | None = None) -> str:
    text = units(text)
    end = len(text) if end is None else end
    _checked(begin, end, len(text))
    return join_units(text[begin:end])


def _char_at(text: str, index: int) -> Char:
    text = units(text)
    if not 0 <= index < len(text):
        raise IndexError(f"index {index}, length {len(text)}")
    return Char(text[index])


def _no_character(wanted: str | int) -> bool:
    return isinstance(wanted, int) and not 0 <= wanted <= 0x10FFFF


def _needle(wanted: str | int) -> str:
    return units(chr(wanted) if isinstance(wanted, int) else wanted)


def _index_of(text: str, wanted: str | int, start: int = 0) -> int:
    if _no_character(wanted):
        return -1
    text = units(text)
    return text.find(_needle(wanted), min(max(start, 0), len(text)))


def _last_index_of(text: str, wanted: str | int, start: int | None = None) -> int:
    if _no_character(wanted):
        return -1
    text, needle = units(text), _needle(wanted)
    if start is None:
        return text.rfind(needle)
    return -1 if start < 0 else text.rfind(needle, 0, start + len(needle))


def _starts_with(text: str, prefix: str, offset: int = 0) -> bool:
    text, prefix = units(text), units(prefix)
    return 0 <= offset <= len(text) - len(prefix) and text.startswith(prefix, offset)


def _compare(left: str, right: str) -> int:
    left, right = units(left), units(right)
    for one, other in zip(left, right, strict=False):
        if one != other:
            return ord(one) - ord(other)
    return len(left) - len(right)


def _fold(text: str) -> str:
    """Fold case as equalsIgnoreCase does: each character to upper and then to lower case, if that stays one."""
    folded = []
    for character in text:
        upper = character.upper()
        lower = (upper if len(upper) == 1 else character).lower()
        folded.append(lower if len(lower) == 1 else character)
    return "".join(folded)


def _replace_char(text: str, old: str, new: str) -> str:
    return join_units(units(text).replace(str(old), str(new)))


def _replace_all(text: str, pattern: str, replacement: str, count: int = 0) -> str:
    plain = "\\" not in replacement and "$" not in replacement
    literal = plain_text(pattern)
    if plain and literal:
        return text.replace(literal, replacement, count or -1)
    compiled = java_pattern(pattern)
    if compiled.match(""):
        text = units(text)  # Java finds nothing between the two units of a character, too
    if plain:
        return join_units(compiled.sub(replacement, text, count=count))
    return join_units(compiled.sub(lambda match: expand_replacement(replacement, match), text, count=count))


def _split(text: str, pattern: str, limit: int = 0) -> JavaArray:
    parts: list[str] = []
    start = 0
    for match in java_pattern(pattern).finditer(text):
        if limit > 0 and len(parts) == limit - 1:
            break
        if match.end() == 0:
            continue  # nothing before the text's start makes no empty first part
        parts.append(text[start : match.start()])
        start = match.end()
    if start == 0 and not parts:
        return JavaArray([text])
    parts.append(text[start:])
    if limit == 0:
        while parts and not parts[-1]:
            parts.pop()
    return JavaArray(parts)


_CONVERSION = re.compile(r"%(?:(\d+)\$)?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])")


def _format(pattern: str, *arguments: Any) -> str:
    following = iter(range(len(arguments)))

    def convert(match: re.Match[str]) -> str:
        position, flags, width, precision, conversion = match.groups()
        if conversion in "n%":
            return {"n": "\n", "%": "%"}[conversion]
        try:
            value = arguments[int(position) - 1 if position else next(following)]
        except (StopIteration, IndexError):
            raise MethodError(f"format failed: no argument for {match.group()}") from None
        return _converted(value, flags, width, precision, conversion)

    return _CONVERSION.sub(convert, pattern)


def _converted(value: Any, flags: str, width: str | None, precision: str | None, conversion: str) -> str:
    kind = conversion.lower()
    sign, comma = "+" if "+" in flags else "", "," if "," in flags else ""
    if value is None or kind in "sb":
        text = to_string(value if kind != "b" or isinstance(value, bool) else value is not None)
        text = text if precision is None else text[: int(precision)]
    elif kind in "dxo" and type(value) is int:
        text = format(value, sign + comma + kind)
    elif kind in "fe" and type(value) is not int:
        text = format(value, f"{sign}{comma}.{precision or 6}{kind}")
    elif kind == "c" and isinstance(value, Char):
        text = str(value)
    else:
        raise MethodError(f"format failed: %{conversion} does not take {to_string(value)}")
    if width:
        size = int(width)
        if "-" in flags:
            text = text.ljust(size)
        else:
            text = text.zfill(size) if "0" in flags and kind not in "sbc" else text.rjust(size)
    return text.upper() if conversion.isupper() else text


def _value_of(_: str, value: Any) -> str:
    return double_to_string(value) if type(value) is float else to_string(value)


def _code_points(name: str, function: Callable[[str, int], Any]) -> None:
    STRING.add(name, "i", function)


_add = STRING.add
_add("length", "", lambda text: len(units(text)))
_add("isEmpty", "", lambda text: not text)
_add("equalsIgnoreCase", "s", lambda text, other: other is not None and _fold(text) == _fold(other))
_add("toLowerCase", "", str.lower)
_add("toUpperCase", "", str.upper)
_add("trim", "", lambda text: text.strip(_BLANKS))
_add("contains", "s", lambda text, wanted: wanted in text)
_add("startsWith", "s", _starts_with)
_add("startsWith", "si", _starts_with)
_add("endsWith", "s", str.endswith)
_add("indexOf", "s", _index_of)
_add("indexOf", "i", _index_of)
_add("indexOf", "si", _index_of)
_add("indexOf", "ii", _index_of)
_add("lastIndexOf", "s", _last_index_of)
_add("lastIndexOf", "i", _last_index_of)
_add("lastIndexOf", "si", _last_index_of)
_add("lastIndexOf", "ii", _last_index_of)
_add("substring", "i", _substring)
_add("substring", "ii", _substring)
_add("subSequence", "ii", _substring)
_add("charAt", "i", _char_at)
_add("codePointAt", "i", lambda text, index: ord(_char_at(text, index)) if text.isascii() else _code_point(text, index))
_add("replace", "ss", lambda text, old, new: text.replace(old, new) if old else _replace_char(text, old, new))
_add("replace", "cc", _replace_char)
_add("replaceAll", "ss", _replace_all)
_add("replaceFirst", "ss", lambda text, pattern, new: _replace_all(text, pattern, new, 1))
_add("matches", "s", lambda text, pattern: java_pattern(pattern).fullmatch(text) is not None)
_add("split", "s", _split)
_add("split", "si", _split)
_add("concat", "s", lambda text, other: text + other)
_add("compareTo", "s", _compare)
_add("compareTo", "o", incomparable)
_add("compareToIgnoreCase", "s", lambda text, other: _compare(_fold(text), _fold(other)))
_add("contentEquals", "s", lambda text, other: text == str.__str__(other))
_add("intern", "", lambda text: text)
_add("valueOf", "o", _value_of)
for _count in range(1, 10):
    _add("format", "s" + "o" * _count, lambda _, pattern, *arguments: _format(pattern, *arguments))


def _code_point(text: str, index: int) -> int:
    split = units(text)
    _checked(index, index + 1, len(split))
    return ord(join_units(split[index : index + 2])[0])
