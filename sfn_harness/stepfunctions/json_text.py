"""JSON as the service reads it, and what it says to text that is none.

Text is read by Python's parser. Only when that refuses it, it is read once more, slowly, for the words and the place:
those of Jackson, the parser that the service is built on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

Json = Any

_VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
_SHOWN = 500  # characters of the text that a location repeats
# Jackson's StreamReadConstraints. Python's own limit is near it.
_TOO_DEEP = "Document nesting depth (1001) exceeds the maximum allowed (1000)"

_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_WORD = re.compile(r"[A-Za-z0-9_$]+")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
_ESCAPE = re.compile(r'\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})')


class JsonTextError(ValueError):
    """A text is not JSON.

    Attributes:
        reason: Jackson's words, without the place.
        location: the place, such as ``[Source: (String)"{"; line: 1, column: 2]``.

    """

    def __init__(self, reason: str, location: str) -> None:
        super().__init__(f"{reason}\n at {location}")
        self.reason, self.location = reason, location


def parse(text: str) -> Json:
    """Return the value that a text is. Raises JsonTextError."""
    try:
        return _DECODER.decode(text)
    except ValueError:
        pass
    except RecursionError as error:
        raise JsonTextError(_TOO_DEEP, _location(text, 0)) from error
    try:
        _Reader(text).read()
    except RecursionError as error:
        raise JsonTextError(_TOO_DEEP, _location(text, 0)) from error
    return _LONG_NUMBERS.decode(text)


def write(value: Json) -> str:
    """Return a value as the service writes it: without spaces, characters as they are."""
    return _ENCODER.encode(value)


def _refuse_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity, which Python takes


def _whole_number(digits: str) -> float:
    try:
        return int(digits)
    except ValueError:  # more digits than Python turns into an int
        return float(digits)


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
_LONG_NUMBERS = json.JSONDecoder(parse_constant=_refuse_constant, parse_int=_whole_number)
_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))


def _location(text: str, end: int) -> str:
    """Return the place after ``end`` characters, as Jackson prints it."""
    shown = f'"{text[:_SHOWN]}"'
    if len(text) > _SHOWN:
        shown += f"[truncated {len(text) - _SHOWN} chars]"
    line = text.count("\n", 0, end) + 1
    column = end - (text.rfind("\n", 0, end) + 1) + 1
    return f"[Source: (String){shown}; line: {line}, column: {column}]"


class _Reader:
    """Finds the first fault of a text. The words that are not in a test are from memory of Jackson 2.9."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def read(self) -> None:
        self._skip_space()
        if self._ended:
            raise self._fault("No content to map due to end-of-input")
        self._value()
        self._skip_space()
        if not self._ended:
            raise self._unexpected("expected end of the document")

    @property
    def _ended(self) -> bool:
        return self._at >= len(self._text)

    def _skip_space(self) -> None:
        self._at = _SPACE.match(self._text, self._at).end()

    def _fault(self, reason: str, at: int | None = None) -> JsonTextError:
        return JsonTextError(reason, _location(self._text, self._at if at is None else at))

    def _unexpected(self, wanted: str) -> JsonTextError:
        char = self._text[self._at]
        return self._fault(f"Unexpected character ('{char}' (code {ord(char)})): {wanted}", self._at + 1)

    def _end_of_input(self, where: str) -> JsonTextError:
        return self._fault(f"Unexpected end-of-input{where}")

    def _value(self) -> None:
        char = self._text[self._at]
        if char == "{":
            self._container("Object", "}", self._entry)
        elif char == "[":
            self._container("Array", "]", self._value)
        elif char == '"':
            self._string(" in VALUE_STRING")
        elif char in "-0123456789":
            self._number()
        else:
            self._word()

    def _container(self, noun: str, close: str, read_entry: Callable[[], None]) -> None:
        start = _location(self._text, self._at)
        self._at += 1
        unclosed = f": expected close marker for {noun} (start marker at {start})"
        self._skip_space()
        if not self._ended and self._text[self._at] == close:
            self._at += 1
            return
        while True:
            if self._ended:
                raise self._end_of_input(unclosed)
            read_entry()
            self._skip_space()
            if self._ended:
                raise self._end_of_input(unclosed)
            if self._text[self._at] == close:
                self._at += 1
                return
            if self._text[self._at] != ",":
                raise self._unexpected(f"was expecting comma to separate {noun} entries")
            self._at += 1
            self._skip_space()

    def _entry(self) -> None:
        if self._text[self._at] != '"':
            raise self._unexpected("was expecting double-quote to start field name")
        self._string(" in field name")
        self._skip_space()
        if self._ended:
            raise self._end_of_input(" within/between Object entries")
        if self._text[self._at] != ":":
            raise self._unexpected("was expecting a colon to separate field name and value")
        self._at += 1
        self._skip_space()
        if self._ended:
            raise self._end_of_input(" within/between Object entries")
        self._value()

    def _string(self, where: str) -> None:
        self._at += 1
        while True:
            self._at = _PLAIN.match(self._text, self._at).end()
            if self._ended:
                raise self._end_of_input(where)
            char = self._text[self._at]
            if char == '"':
                self._at += 1
                return
            if char != "\\":
                wanted = "has to be escaped using backslash to be included in string value"
                raise self._fault(f"Illegal unquoted character ((CTRL-CHAR, code {ord(char)})): {wanted}", self._at + 1)
            escape = _ESCAPE.match(self._text, self._at)
            if escape is None:
                raise self._bad_escape(where)
            self._at = escape.end()

    def _bad_escape(self, where: str) -> JsonTextError:
        escaped = self._text[self._at + 1 : self._at + 2]
        if not escaped:
            return self._fault(f"Unexpected end-of-input{where}", self._at + 1)
        if escaped == "u":
            return self._fault("Unexpected character: expected a hex-digit for character escape sequence", self._at + 2)
        return self._fault(f"Unrecognized character escape '{escaped}' (code {ord(escaped)})", self._at + 2)

    def _number(self) -> None:
        number = _NUMBER.match(self._text, self._at)
        if number is None:
            self._at += 1
            if self._ended:
                raise self._end_of_input(" in VALUE_NUMBER_INT")
            raise self._unexpected("expected digit (0-9) to follow minus sign, for valid numeric value")
        self._at = number.end()
        if not self._ended and self._text[self._at].isdigit():
            raise self._fault("Invalid numeric value: Leading zeroes not allowed")

    def _word(self) -> None:
        word = _WORD.match(self._text, self._at)
        if word is None:
            raise self._unexpected(f"expected a valid value {_VALUES}")
        self._at = word.end()
        if word[0] not in ("null", "true", "false"):
            raise self._fault(f"Unrecognized token '{word[0]}': was expecting {_VALUES}")
