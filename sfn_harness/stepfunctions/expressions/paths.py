"""Paths of the states language: into the state's data, the context object or a variable, read or written to."""

from __future__ import annotations

import re
from typing import Any

from sfn_harness.stepfunctions.errors import EvaluationError
from sfn_harness.stepfunctions.expressions import jsonpath
from sfn_harness.stepfunctions.expressions.fields import missing_path, path_check
from sfn_harness.stepfunctions.expressions.jsonpath_steps import PathNotFoundError
from sfn_harness.stepfunctions.expressions.types import Data, ExpressionError
from sfn_harness.stepfunctions.expressions.values import to_json

Json = Any

_VARIABLE = re.compile(r"\$([^\W\d]\w*)")


class PathReader:
    """A path that is read: ``$.a`` from the state's data, ``$$.a`` from the context, ``$name.a`` from a variable.

    Attributes:
        text: the whole path.
        variable: the variable's name, or None.

    """

    __slots__ = ("_of_context", "_path", "text", "variable")

    def __init__(self, text: str) -> None:
        if not text.startswith("$"):
            raise ExpressionError("Path must start with '$'")
        self.text = text
        match = _VARIABLE.match(text)
        self.variable = match[1] if match else None
        self._of_context = text.startswith("$$")
        if match and match[1] == "states":
            raise ExpressionError("'states' is a reserved variable name")
        self._path = jsonpath.parse(text[match.end() if match else 2 if self._of_context else 1 :])

    @property
    def definite(self) -> bool:
        """Whether the path can point at one place only."""
        return self._path.definite

    def document(self, data: Data) -> Json:
        """Return what the path is read from."""
        if self.variable is not None:
            return data.variables
        return data.context if self._of_context else data.value

    def read(self, data: Data) -> Json:
        """Return the value. Raises PathNotFoundError."""
        if self.variable is None:
            return self._path.read(data.context if self._of_context else data.value)
        try:
            value = data.variables[self.variable]
        except KeyError:
            raise PathNotFoundError(f"No results for path: $['{self.variable}']") from None
        return self._path.read(value)

    def exists(self, data: Data) -> bool:
        """Return whether the path finds anything."""
        if self.variable is None:
            return self._path.exists(data.context if self._of_context else data.value)
        return self.variable in data.variables and self._path.exists(data.variables[self.variable])

    def variables(self) -> frozenset[str]:
        """Return the name of the variable, if it is one."""
        return frozenset() if self.variable is None else frozenset((self.variable,))


class PathExpression:
    """A path as the value of a field."""

    __slots__ = ("_check", "_field", "_missing", "_needs_value", "_reader", "text")

    def __init__(self, text: str, field: str) -> None:
        # Causes name a field without its place: MaxItemsPath, not ItemReader/ReaderConfig/MaxItemsPath.
        self.text, self._field = text, field if field.endswith(".$") else field.rpartition("/")[2]
        self._reader = _reader(text, self._field)
        self._check, self._missing = path_check(self._field), missing_path(self._field)
        self._needs_value = text.startswith(("$.", "$[")) or (text == "$" and field.endswith(".$"))

    def evaluate(self, data: Data) -> Json:
        """Return the value. Raises EvaluationError: it is not there, or the field does not take it."""
        if data.value is None and self._needs_value:
            # Quoted from AWS (Stack Overflow, "AWS Step function parameters are not moving to the next step").
            raise EvaluationError("States.Runtime", "Unable to apply Path transformation to null or empty input.")
        try:
            value = self._reader.read(data)
        except PathNotFoundError as error:
            raise self._missing(self.text, self._field, str(error), self._reader.document(data)) from None
        return value if self._check is None else self._check(value, self.text, self._field)

    def variables(self) -> frozenset[str]:
        """Return the name of the variable, if it is one."""
        return self._reader.variables()


def _reader(text: str, field: str) -> PathReader:
    # The words were seen on AWS (cdk-preflight's rule pf-sfn-asl-jsonpath-syntax, 2026-09-05).
    try:
        reader = PathReader(text)
    except ExpressionError:
        raise ExpressionError("Value must be a valid JSONPath.") from None
    if field == "ItemsPath" and not reader.definite:
        raise ExpressionError("Value is not a Reference Path")
    return reader


class WritablePath:
    """A reference path that is written to: ResultPath."""

    __slots__ = ("_keys", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._keys = _reference_keys(text)

    def write(self, target: Json, value: Json, data: Data) -> Json:  # noqa: ARG002
        """Return ``target`` with ``value`` there; names that are missing are made.

        Raises EvaluationError (States.ResultPathMatchFailure): the target has no such place.
        """
        try:
            return _write(target, self._keys, value)
        except _NoPlaceError:
            raise EvaluationError(
                "States.ResultPathMatchFailure", f"Unable to apply ReferencePath {self.text} to input {to_json(target)}"
            ) from None

    def variables(self) -> frozenset[str]:
        """Return nothing: results are not written to variables."""
        return frozenset()


def _reference_keys(text: str) -> tuple[str | int, ...]:
    # The words were seen on AWS (cdk-preflight's rule pf-sfn-asl-jsonpath-syntax, 2026-09-05).
    if not text.startswith("$"):
        raise ExpressionError("Value must be a valid JSONPath.")
    try:
        keys = None if text.startswith("$$") or _VARIABLE.match(text) else jsonpath.parse(text[1:]).steps
    except ExpressionError:
        raise ExpressionError("Value must be a valid JSONPath.") from None
    if keys is None or any(isinstance(key, int) and key < 0 for key in keys):
        raise ExpressionError("Value is not a Reference Path")
    return keys


class _NoPlaceError(Exception):
    """There is no place for a value, and none can be made."""


def _write(target: Json, keys: tuple[str | int, ...], value: Json) -> Json:
    if not keys:
        return value
    key, rest = keys[0], keys[1:]
    if isinstance(key, int):
        if not isinstance(target, list) or key >= len(target):
            raise _NoPlaceError
        items = list(target)
        items[key] = _write(items[key], rest, value)
        return items
    if target is None:
        target = {}
    if not isinstance(target, dict):
        raise _NoPlaceError
    return {**target, key: _write(target.get(key), rest, value)}
