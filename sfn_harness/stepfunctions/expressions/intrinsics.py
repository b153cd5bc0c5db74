"""Calls of intrinsic functions: ``States.Format('{} {}', $.greeting, States.ArrayGetItem($.names, 0))``."""

from __future__ import annotations

import re
from typing import Any

from sfn_harness.stepfunctions.errors import EvaluationError
from sfn_harness.stepfunctions.expressions.functions import FUNCTIONS, Function, FunctionError
from sfn_harness.stepfunctions.expressions.jsonpath_steps import PathNotFoundError
from sfn_harness.stepfunctions.expressions.paths import PathReader
from sfn_harness.stepfunctions.expressions.types import Data, ExpressionError
from sfn_harness.stepfunctions.expressions.values import to_json

Json = Any

MAX_DEPTH = 10  # calls within calls

_CALL = re.compile(r"\s*(States\.[A-Za-z0-9]+)\s*\(")
# A backslash stands only before a quote, a brace or another backslash (recorded, test_illegal_escapes).
_STRING = re.compile(r"\s*'((?:[^'\\]|\\['{}\\])*)'")
_NUMBER = re.compile(r"\s*(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?=\s*[,)])")
_WORD = re.compile(r"\s*(true|false|null)(?=\s*[,)])")
_WORDS = {"true": True, "false": False, "null": None}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class _Literal:
    __slots__ = ("value",)

    def __init__(self, value: Json) -> None:
        self.value = value

    def evaluate(self, _data: Data) -> Json:
        return self.value

    def readers(self) -> list[PathReader]:
        return []


class _Read:
    __slots__ = ("reader",)

    def __init__(self, reader: PathReader) -> None:
        self.reader = reader

    def evaluate(self, data: Data) -> Json:
        try:
            return self.reader.read(data)
        except PathNotFoundError:
            raise _MissingArgumentError(
                f"The JsonPath argument for the field '{self.reader.text}' could not be found in the input "
                f"'{to_json(self.reader.document(data))}'"
            ) from None

    def readers(self) -> list[PathReader]:
        return [self.reader]


class _MissingArgumentError(Exception):
    """A path among the arguments leads to nothing."""


class _Call:
    __slots__ = ("arguments", "function")

    def __init__(self, function: Function, arguments: list[_Literal | _Read | _Call]) -> None:
        self.function, self.arguments = function, arguments

    def evaluate(self, data: Data) -> Json:
        return self.function.call(data.environment, [argument.evaluate(data) for argument in self.arguments])

    def readers(self) -> list[PathReader]:
        return [reader for argument in self.arguments for reader in argument.readers()]


class IntrinsicExpression:
    """A call of an intrinsic function as the value of a field."""

    __slots__ = ("_call", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._call = _parse(text)

    def evaluate(self, data: Data) -> Json:
        """Return the function's value.

        Raises EvaluationError. The words around the cause, and those for a path that leads to nothing, are quoted from
        AWS by users; States.IntrinsicFailure is documented. The words of the other causes are ours.
        """
        try:
            return self._call.evaluate(data)
        except _MissingArgumentError as error:
            name, words = "States.Runtime", str(error)
        except FunctionError as error:
            name, words = "States.IntrinsicFailure", str(error)
        raise EvaluationError(name, f"The function '{self.text}' had the following error: {words}")

    def variables(self) -> frozenset[str]:
        """Return the variables among the arguments."""
        return frozenset().union(*(reader.variables() for reader in self._call.readers()))


def is_call(text: str) -> bool:
    """Return whether a text is meant as a call of an intrinsic function."""
    return text.startswith("States.")


def _parse(text: str) -> _Call:
    call, end = _parse_call(text, 0, 1)
    if text[end:].strip():
        raise ExpressionError(f"Unexpected text after the function call: {text[end:]}")
    return call


def _parse_call(text: str, position: int, depth: int) -> tuple[_Call, int]:
    match = _CALL.match(text, position)
    if match is None:
        raise ExpressionError("Not a call of an intrinsic function")
    function = FUNCTIONS.get(match[1])
    if function is None:
        raise ExpressionError(f"There is no intrinsic function {match[1]}")
    if depth > MAX_DEPTH:
        raise ExpressionError(f"Intrinsic functions can be nested {MAX_DEPTH} deep")
    arguments, end = _parse_arguments(text, match.end(), depth, is_format=match[1] == "States.Format")
    if len(arguments) < function.least or (function.most is not None and len(arguments) > function.most):
        raise ExpressionError(f"{match[1]} does not take {len(arguments)} arguments")
    return _Call(function, arguments), end


def _parse_arguments(
    text: str, position: int, depth: int, *, is_format: bool
) -> tuple[list[_Literal | _Read | _Call], int]:
    arguments: list[_Literal | _Read | _Call] = []
    if closing := re.compile(r"\s*\)").match(text, position):
        return arguments, closing.end()
    while True:
        # The template of States.Format keeps its escapes: \{} is no hole.
        argument, position = _parse_argument(text, position, depth, keep_escapes=is_format and not arguments)
        arguments.append(argument)
        match = re.compile(r"\s*([,)])").match(text, position)
        if match is None:
            raise ExpressionError(f"Expected , or ) at position {position}")
        position = match.end()
        if match[1] == ")":
            return arguments, position


def _parse_argument(
    text: str, position: int, depth: int, *, keep_escapes: bool
) -> tuple[_Literal | _Read | _Call, int]:
    if match := _STRING.match(text, position):
        return _Literal(match[1] if keep_escapes else _ESCAPE.sub(r"\1", match[1])), match.end()
    if match := _NUMBER.match(text, position):
        return _Literal(float(match[1]) if set(match[1]) & set(".eE") else int(match[1])), match.end()
    if match := _WORD.match(text, position):
        return _Literal(_WORDS[match[1]]), match.end()
    if _CALL.match(text, position):
        return _parse_call(text, position, depth + 1)
    while position < len(text) and text[position].isspace():
        position += 1
    if text.startswith("$", position):
        end = _end_of_path(text, position)
        return _Read(PathReader(text[position:end].rstrip())), end
    raise ExpressionError(f"Not an argument of an intrinsic function: {text[position:]}")


def _end_of_path(text: str, position: int) -> int:
    """Return where a path ends: at a comma or a parenthesis outside of brackets and quotes."""
    depth, quote = 0, ""
    while position < len(text):
        character = text[position]
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif depth == 0 and character in ",)":
            break
        else:
            depth += (character in "[(") - (character in "])")
        position += 1
    return position
