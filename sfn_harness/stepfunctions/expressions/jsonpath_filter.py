"""The conditions of JSONPath: ``[?(@.price < 10 && @.name =~ /a.*/i)]``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from sfn_harness.stepfunctions.expressions.jsonpath_steps import Filter, Path, PathNotFoundError
from sfn_harness.stepfunctions.expressions.types import ExpressionError
from sfn_harness.stepfunctions.expressions.values import is_number, same

Json = Any

# What a path in a condition gives when it leads to nothing.
_UNDEFINED: Json = type("Undefined", (), {})()

# An operand takes the item and the whole document.
_Operand = Callable[[Json, Json], Json]

_SYMBOL = re.compile(r"\s*(===|!==|==|!=|<=|>=|=~|<|>)")
_WORD = re.compile(r"\s*([A-Za-z]+)(?=[\s\[('\"])")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_LITERALS = {"true": True, "false": False, "null": None}
_PATTERN = re.compile(r"/((?:[^/\\]|\\.)*)/([a-zA-Z]*)")
_STRING = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""")
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE, "u": 0, "d": 0, "U": 0}


_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def unescape(text: str) -> str:
    r"""Return a quoted text's characters: ``\n``, ``\u0041`` and the like, and any other as itself."""
    if "\\" not in text:
        return text

    def character(match: re.Match[str]) -> str:
        escape = match[1]
        return chr(int(escape[1:], 16)) if len(escape) == 5 else _ESCAPED.get(escape, escape)

    return _ESCAPE.sub(character, text)


def parse_filter(text: str, position: int, parse: Callable[[str], Path]) -> tuple[Filter, int]:
    """Parse a condition from behind its ``[?``, and return where its ``]`` ends. Raises ExpressionError.

    Args:
        text: the whole path.
        position: where the condition begins in it.
        parse: parses a path within the condition.

    """
    parser = _Parser(text, position, parse)
    parser.expect("(")
    condition = parser.any_of()
    parser.expect(")")
    parser.expect("]")
    return condition, parser.position


class _Parser:
    def __init__(self, text: str, position: int, parse: Callable[[str], Path]) -> None:
        self.text, self.position, self.parse = text, position, parse

    def expect(self, symbol: str) -> None:
        if not self.take(symbol):
            raise ExpressionError(f"Expected character: {symbol}")

    def take(self, symbol: str) -> bool:
        self.blanks()
        if self.text.startswith(symbol, self.position):
            self.position += len(symbol)
            return True
        return False

    def blanks(self) -> None:
        while self.position < len(self.text) and self.text[self.position].isspace():
            self.position += 1

    def any_of(self) -> Filter:
        alternatives = [self.all_of()]
        while self.take("||"):
            alternatives.append(self.all_of())
        if len(alternatives) == 1:
            return alternatives[0]
        return lambda item, root: any(each(item, root) for each in alternatives)

    def all_of(self) -> Filter:
        parts = [self.part()]
        while self.take("&&"):
            parts.append(self.part())
        if len(parts) == 1:
            return parts[0]
        return lambda item, root: all(each(item, root) for each in parts)

    def part(self) -> Filter:
        if self.take("!"):
            negated = self.part()
            return lambda item, root: not negated(item, root)
        if self.take("("):
            condition = self.any_of()
            self.expect(")")
            return condition
        return self.comparison()

    def comparison(self) -> Filter:
        self.blanks()
        is_path = self.text[self.position : self.position + 1] in ("@", "$")
        start = self.position
        left = self.operand()
        match = _SYMBOL.match(self.text, self.position) or _WORD.match(self.text, self.position)
        if match is None:
            if not is_path:
                raise ExpressionError("Failed to parse filter")
            return self.exists(self.text[start : self.position].strip())
        compare = _OPERATORS.get(match[1].lower())
        if compare is None:
            raise ExpressionError(f"Filter operator {match[1]} is not supported!")
        self.position = match.end()
        right = self.operand()
        return lambda item, root: compare(left(item, root), right(item, root))

    def exists(self, text: str) -> Filter:
        path, of_item = self.parse(text[1:]), text[0] == "@"
        return lambda item, root: path.exists(item if of_item else root)

    def operand(self) -> _Operand:
        self.blanks()
        text, position = self.text, self.position
        first = text[position : position + 1]
        if first in ("@", "$"):
            return self.path()
        if match := _STRING.match(text, position):
            literal: Json = unescape(match[1] if match[1] is not None else match[2])
        elif match := _PATTERN.match(text, position):
            literal = _compile_pattern(match[1], match[2])
        elif match := _NUMBER.match(text, position):
            literal = float(match[0]) if set(match[0]) & set(".eE") else int(match[0])
        elif first in ("[", "{"):
            return self.json_literal()
        else:
            word = next((word for word in _LITERALS if text.startswith(word, position)), None)
            if word is None:
                raise ExpressionError("Failed to parse filter")
            self.position += len(word)
            literal = _LITERALS[word]
            return lambda _item, _root: literal
        self.position = match.end()
        return lambda _item, _root: literal

    def json_literal(self) -> _Operand:
        try:
            value, end = json.JSONDecoder().raw_decode(self.text.replace("'", '"'), self.position)
        except ValueError as error:
            raise ExpressionError("Failed to parse filter") from error
        self.position = end
        return lambda _item, _root: value

    def path(self) -> _Operand:
        start = self.position
        of_item = self.text[start] == "@"
        self.position += 1
        depth = 0
        while self.position < len(self.text):
            if match := _STRING.match(self.text, self.position):
                self.position = match.end()
                continue
            character = self.text[self.position]
            if depth == 0 and (character in " \t\n)<>=!~&|," or character == "]"):
                break
            depth += (character in "[(") - (character in "])")
            self.position += 1
        path = self.parse(self.text[start + 1 : self.position])

        def read(item: Json, root: Json) -> Json:
            try:
                return path.read(item if of_item else root)
            except PathNotFoundError:
                return _UNDEFINED

        return read


def _compile_pattern(pattern: str, flags: str) -> re.Pattern[str]:
    options = 0
    for flag in flags:
        if flag not in _FLAGS:
            raise ExpressionError(f"Failed to parse filter: {flag} is not a flag of a pattern")
        options |= _FLAGS[flag]
    try:
        return re.compile(pattern, options)
    except re.error as error:
        raise ExpressionError(f"Failed to parse filter: {error}") from error


def _equal(left: Json, right: Json) -> bool:
    if left is _UNDEFINED or right is _UNDEFINED:
        return False
    if is_number(left) and isinstance(right, str):  # "1" equals 1, whichever side it stands on
        left, right = right, left
    if isinstance(left, str) and is_number(right):
        try:
            return Decimal(left) == Decimal(str(right))
        except InvalidOperation:
            return False
    return same(left, right)


def _same_type(left: Json, right: Json) -> bool:
    return (is_number(left) and is_number(right)) or type(left) is type(right)


def _ordered(test: Callable[[Any, Any], bool]) -> Callable[[Json, Json], bool]:
    def compare(left: Json, right: Json) -> bool:
        comparable = (is_number(left) and is_number(right)) or (isinstance(left, str) and isinstance(right, str))
        return comparable and test(left, right)

    return compare


def _within(left: Json, right: Json) -> bool:
    return isinstance(right, list) and any(_equal(left, each) for each in right)


def _matches(left: Json, right: Json) -> bool:
    if isinstance(left, re.Pattern):
        left, right = right, left
    if not isinstance(right, re.Pattern) or isinstance(left, re.Pattern):
        return False
    return any(right.fullmatch(_text(each)) is not None for each in (left if isinstance(left, list) else (left,)))


def _text(value: Json) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, bool | int | float) else ""


def _size(left: Json, right: Json) -> bool:
    return is_number(right) and isinstance(left, str | list) and len(left) == int(right)


def _empty(left: Json, right: Json) -> bool:
    return isinstance(left, str | list | dict) and isinstance(right, bool) and (not left) is right


def _contains(left: Json, right: Json) -> bool:
    if isinstance(left, str):
        return isinstance(right, str) and right in left
    return isinstance(left, list) and any(_equal(each, right) for each in left)


def _all(left: Json, right: Json) -> bool:
    return isinstance(left, list) and isinstance(right, list) and all(_within(each, left) for each in right)


def _subset(left: Json, right: Json) -> bool:
    return isinstance(left, list) and isinstance(right, list) and all(_within(each, right) for each in left)


def _any_of(left: Json, right: Json) -> bool:
    return isinstance(left, list) and isinstance(right, list) and any(_within(each, right) for each in left)


def _none_of(left: Json, right: Json) -> bool:
    return isinstance(left, list) and isinstance(right, list) and not _any_of(left, right)


_OPERATORS: dict[str, Callable[[Json, Json], bool]] = {
    "==": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "===": lambda left, right: _same_type(left, right) and _equal(left, right),
    "!==": lambda left, right: not (_same_type(left, right) and _equal(left, right)),
    "<": _ordered(lambda left, right: left < right),
    "<=": _ordered(lambda left, right: left <= right),
    ">": _ordered(lambda left, right: left > right),
    ">=": _ordered(lambda left, right: left >= right),
    "=~": _matches,
    "in": _within,
    "nin": lambda left, right: not _within(left, right),
    "contains": _contains,
    "all": _all,
    "size": _size,
    "empty": _empty,
    "subsetof": _subset,
    "anyof": _any_of,
    "noneof": _none_of,
}
