"""JSONata as AWS evaluates it, on top of the package jsonata-python. All differences between the two are here.

- AWS has version 2.0.6: no ``??`` and no ``?:``, which came with 2.1.
- It adds ``$partition``, ``$range``, ``$hash``, ``$random(seed)``, ``$uuid`` and ``$parse``, and takes ``$eval`` away.
- Chance and time come from the execution's environment. An evaluation that does not end is stopped.
- Numbers and messages are JavaScript's, where the package has those of Java or Python.
"""

from __future__ import annotations

import hashlib
import math
import random
import re
from collections.abc import Callable, Mapping
from typing import Any

from jsonata import functions, jexception, jsonata
from jsonata.regex_engine import RegexFlags
from jsonata.utils import Utils

from sfn_harness.stepfunctions.expressions.functions import (
    ALGORITHMS,
    MAX_ITEMS,
    parse_json,
    partition,
    random_uuid,
)
from sfn_harness.stepfunctions.expressions.types import Environment
from sfn_harness.stepfunctions.expressions.values import to_json

Json = Any

MAX_STEPS = 500_000  # some seconds
MAX_DEPTH = 1_000

NULL = Utils.NULL_VALUE  # what null is while an expression is evaluated; None is undefined there

JSONataError = jexception.JException


class JSONataExpression(jsonata.Jsonata):
    """A parsed expression. One object evaluates any number of times, one evaluation after another.

    The package keeps "the current expression" per thread; `run` sets it, so that the evaluations of several expressions
    can take turns, as they do on an event loop.
    """

    def __init__(self, text: str) -> None:
        _refuse_later_syntax(text)
        super().__init__(text, _compile_pattern)
        self.set_validate_input(False)
        self.set_output_convert_nulls(False)
        self._chance = random.Random(0)  # noqa: S311 - replaced before each run
        self._steps = self._depth = 0
        # The package leaves the frame of the last evaluation in ``environment``.
        library = self._library = self.environment
        for name, value in _LIBRARY.items():
            library.bind(name, value)
        library.bind("random", _function(self._random, "<n?:n>"))
        library.bind("uuid", _function(lambda: random_uuid(self._chance), "<:s>"))
        library.bind("shuffle", _function(self._shuffle, "<a:a>"))

    def run(self, bindings: Mapping[str, Json], environment: Environment) -> Json:
        """Return the value: None is undefined, `NULL` is null, there and in the bindings. Raises JSONataError."""
        self._chance, self._steps, self._depth = environment.random, 0, 0
        self.timestamp = int(environment.now() * 1000)
        frame = self.create_frame(self._library)
        frame.bindings.update(_NO_CALLBACKS)
        frame.bindings.update(bindings)
        jsonata.Jsonata.CURRENT.jsonata = self
        try:
            return self.eval(self.ast, None, frame)
        except ZeroDivisionError:
            raise JSONataError("D1001", 0, NULL) from None
        except RecursionError:
            raise JSONataError("D1011", 0) from None

    def eval(self, expr: Any, input: Any, environment: Any) -> Any:  # noqa: A002 - the package's names
        """Evaluate a part of an expression."""
        self._steps += 1
        self._depth += 1
        if self._steps > MAX_STEPS:
            raise JSONataError("D1012", 0, MAX_STEPS)
        if self._depth > MAX_DEPTH:
            raise JSONataError("D1011", 0)
        try:
            return self._eval(expr, input, environment)
        finally:
            self._depth -= 1

    def evaluate_numeric_expression(self, lhs: Any, rhs: Any, op: str | None) -> Any:
        """Evaluate ``%`` as JavaScript does, and all else as the package."""
        if op == "%" and Utils.is_numeric(lhs) and Utils.is_numeric(rhs):
            return Utils.convert_number(math.fmod(lhs, rhs))
        return super().evaluate_numeric_expression(lhs, rhs, op)

    def evaluate_group_expression(self, expr: Any, input: Any, environment: Any) -> Any:  # noqa: A002
        """Evaluate ``{...}``. The package adds an item to an empty array, which is not its own to change."""
        if isinstance(input, list) and not input:
            input = Utils.create_sequence()  # noqa: A001
        return super().evaluate_group_expression(expr, input, environment)

    def evaluate_function(self, expr: Any, input: Any, environment: Any, applyto_context: Any) -> Any:  # noqa: A002
        """Call a function. Where the package does not say which argument a function can't take, it is the first."""
        try:
            return super().evaluate_function(expr, input, environment, applyto_context)
        except JSONataError as error:
            if error.error == "T0410" and error.current is None:
                error.current, error.expected = 1, expr.procedure.value
            raise

    def _random(self, seed: float | None = None) -> float:
        chance = self._chance if seed is None else random.Random(seed)  # noqa: S311 - seeded by the caller
        return chance.random()

    def _shuffle(self, items: list[Json] | None) -> list[Json] | None:
        if items is None:
            return None
        shuffled = list(items)
        self._chance.shuffle(shuffled)
        return shuffled


_PATTERN_PART = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\(\?<(?=[A-Za-z_])|\$", re.DOTALL)


def _compile_pattern(pattern: str, flags: RegexFlags) -> re.Pattern[str]:
    r"""Compile a regular expression of JavaScript: its named groups, ``$``, and ``\d`` and ``\w`` of ASCII."""

    def translate(match: re.Match[str]) -> str:
        if match[0] == "(?<":
            return "(?P<"
        return r"\Z" if match[0] == "$" and not flags.multiline else match[0]

    options = re.ASCII | (re.IGNORECASE if flags.case_insensitive else 0) | (re.MULTILINE if flags.multiline else 0)
    try:
        return re.compile(_PATTERN_PART.sub(translate, pattern), options)
    except re.error:
        raise JSONataError("S0302", 0, pattern) from None


def _refuse_later_syntax(text: str) -> None:
    for match in _LATER.finditer(text):
        if match[1]:
            raise JSONataError("S0201", match.start(), match[1])


# Strings, quoted names and comments are passed over; so are regular expressions, which follow an operator.
_LATER = re.compile(
    r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|/\*.*?\*/|(?<=[(,])\s*/(?:[^/\\]|\\.)+/|(\?\?|\?:)""", re.DOTALL
)


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise JSONataError("T0410", -1)
    return value


def _partition(items: Json, size: float | None) -> Json:
    if items is None or size is None:
        return None
    if size != int(size) or size <= 0:
        raise JSONataError("D3141", 0, "The second argument of partition function must be a positive integer")
    return partition(list(items), int(size))


def _range(start: float | None, stop: float | None, step: float | None) -> Json:
    if start is None or stop is None or step is None:
        return None
    if step == 0:
        raise JSONataError("D3141", 0, "The third argument of range function must not be zero")
    count = max(0, math.floor((stop - start) / step + 1e-9) + 1)
    if count > MAX_ITEMS:
        raise JSONataError("D3141", 0, f"The range function must give at most {MAX_ITEMS} items")
    # A sequence: one number alone is no array (recorded, test_array_range of the JSONata tests).
    return Utils.create_sequence_from_iter(Utils.convert_number(start + index * step) for index in range(count))


def _hash(text: str | None, algorithm: str | None = "SHA-256") -> str | None:
    if text is None:
        return None
    name = ALGORITHMS.get(algorithm or "SHA-256")
    if name is None:
        raise JSONataError("D3141", 0, f"The second argument of hash function must be one of {', '.join(ALGORITHMS)}")
    return hashlib.new(name, _text(text).encode(), usedforsecurity=False).hexdigest()


def _parse(text: str | None) -> Json:
    if text is None:
        return None
    try:
        value = parse_json(_text(text))
    except ValueError:
        raise JSONataError("D3141", 0, "The argument of parse function is not valid JSON") from None
    return from_value(value)


def _number(value: Json) -> Json:
    try:
        return functions.Functions.number(value)
    except ValueError:
        raise JSONataError("D3030", 0, value) from None


def _to_millis(text: str | None, picture: str | None = None) -> int | None:
    try:
        return functions.Functions.datetime_to_millis(text, picture)
    except ValueError:
        raise JSONataError("D3110", 0, text) from None


def _function(implementation: Callable[..., Json], signature: str) -> jsonata.Jsonata.JFunction:
    return jsonata.Jsonata.JFunction(jsonata.Jsonata.JLambda(implementation), signature)


_LIBRARY: dict[str, Any] = {
    "eval": None,
    "hash": _function(_hash, "<s-s?:s>"),
    "number": _function(_number, "<(nsb)-:n>"),
    "parse": _function(_parse, "<s-:x>"),
    "partition": _function(_partition, "<an:a>"),
    "range": _function(_range, "<nnn:x>"),
    "toMillis": _function(_to_millis, "<s-s?:n>"),
}


# The package looks for them before and after each part of an expression; they are found in the first frame.
_NO_CALLBACKS = {"__evaluate_entry": None, "__evaluate_exit": None}


def from_value(value: Json) -> Json:
    """Return JSON as expressions see it: `NULL` for null, 1 for 1.0. What has none of both in it is not copied."""
    if value is None:
        return NULL
    if isinstance(value, float):
        return _javascript_number(value)
    if isinstance(value, dict):
        items = {key: from_value(item) for key, item in value.items()}
        return value if all(items[key] is item for key, item in value.items()) else items
    if isinstance(value, list):
        array = [from_value(item) for item in value]
        return value if all(new is old for new, old in zip(array, value, strict=True)) else array
    return value


class NotJsonError(Exception):
    """There is a function in a result."""


def to_value(value: Json) -> Json:
    """Return a result as JSON; what is JSON already is not copied. Raises NotJsonError.

    Null stands for `NULL`, plain arrays for the package's, and integers for numbers without a fraction, as JavaScript
    writes them.
    """
    if value is NULL:
        return None
    if isinstance(value, dict):
        items = {key: to_value(item) for key, item in value.items()}
        return value if all(items[key] is item for key, item in value.items()) else items
    if isinstance(value, list):
        array = [to_value(item) for item in value]
        plain = type(value) is list and all(new is old for new, old in zip(array, value, strict=True))
        return value if plain else array
    if isinstance(value, float):
        return _javascript_number(value)
    if value is None or isinstance(value, str | int):
        return value
    raise NotJsonError


def _javascript_number(value: float) -> float:
    return int(value) if value.is_integer() and abs(value) < _LEAST_WITH_EXPONENT else value


_LEAST_WITH_EXPONENT = 1e21


def message(error: JSONataError) -> str:
    """Return an error's words as the original library has them, with its code before."""
    template = jexception.JException.error_codes.get(error.error)
    if template is None:
        return f"{error.error}: {error}"
    # Where the port gives more than the text has room for, the operator comes before the value.
    is_value = re.findall(r"\{\{(\w+)\}\}", template) == ["value"] and error.expected is not None
    values = iter((error.expected,) if is_value else (error.current, error.expected, error.extra))

    def shown(match: re.Match[str]) -> str:
        value = next(values, None)
        return str(value) if match[0].startswith("{{{") else to_json(None if value is NULL else value)

    # The port to Java replaced the word in the texts, too.
    text = re.sub(r"\{\{\{\w+\}\}\}|\{\{\w+\}\}", shown, template.replace("Object definition", "function definition"))
    for wrong, right in (("a Object", "a function"), (" Object", " function")):
        text = text.replace(wrong, right) if wrong in template else text
    return f"{error.error}: {text}"
