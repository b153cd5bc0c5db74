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

MAX_STEPS = 2_000_000  # some seconds
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
        super().__init__(text)
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
        """Return the value: None is undefined, `NULL` is null. Raises JSONataError."""
        self._chance, self._steps, self._depth = environment.random, 0, 0
        self.timestamp = int(environment.now() * 1000)
        frame = self.create_frame(self._library)
        frame.bindings.update(_NO_CALLBACKS)
        for name, value in bindings.items():
            frame.bindings[name] = NULL if value is None else value
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

    def _random(self, seed: float | None = None) -> float:
        chance = self._chance if seed is None else random.Random(seed)  # noqa: S311 - seeded by the caller
        return chance.random()

    def _shuffle(self, items: list[Json] | None) -> list[Json] | None:
        if items is None:
            return None
        shuffled = list(items)
        self._chance.shuffle(shuffled)
        return shuffled


def _refuse_later_syntax(text: str) -> None:
    for match in _LATER.finditer(text):
        if match[1]:
            raise JSONataError("S0201", match.start(), match[1])


# Strings, quoted names and comments are passed over; so are regular expressions, which follow an operator.
_LATER = re.compile(
    r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|/\*.*?\*/|(?<=[(,])\s*/(?:[^/\\]|\\.)+/|(\?\?|\?:)""", re.DOTALL
)


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
    return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()


def _parse(text: str | None) -> Json:
    if text is None:
        return None
    try:
        value = parse_json(text)
    except ValueError:
        raise JSONataError("D3141", 0, "The argument of parse function is not valid JSON") from None
    return NULL if value is None else value


def _function(implementation: Callable[..., Json], signature: str) -> jsonata.Jsonata.JFunction:
    return jsonata.Jsonata.JFunction(jsonata.Jsonata.JLambda(implementation), signature)


_LIBRARY: dict[str, Any] = {
    "eval": None,
    "hash": _function(_hash, "<s-s?:s>"),
    "parse": _function(_parse, "<s-:x>"),
    "partition": _function(_partition, "<an:a>"),
    "range": _function(_range, "<nnn:x>"),
}


# The package looks for them before and after each part of an expression; they are found in the first frame.
_NO_CALLBACKS = {"__evaluate_entry": None, "__evaluate_exit": None}


def is_function(value: Json) -> bool:
    """Return whether a value is a function, which JSON has not."""
    return Utils.is_function(value) or functions.Functions.is_lambda(value) or isinstance(value, re.Pattern)


def to_value(value: Json) -> Json:
    """Return a result as JSON: null for `NULL`, plain arrays; what is JSON already is not copied."""
    if value is NULL:
        return None
    if isinstance(value, dict):
        items = {key: to_value(item) for key, item in value.items()}
        return value if all(items[key] is item for key, item in value.items()) else items
    if isinstance(value, list):
        array = [to_value(item) for item in value]
        plain = type(value) is list and all(new is old for new, old in zip(array, value, strict=True))
        return value if plain else array
    return value


def has_function(value: Json) -> bool:
    """Return whether there is a function in a result."""
    if isinstance(value, dict):
        return any(has_function(item) for item in value.values())
    if isinstance(value, list):
        return any(has_function(item) for item in value)
    return is_function(value)


def message(error: JSONataError) -> str:
    """Return an error's words as the original library has them, with its code before."""
    template = jexception.JException.error_codes.get(error.error)
    if template is None:
        return f"{error.error}: {error}"
    values = iter((error.current, error.expected, error.extra))

    def shown(match: re.Match[str]) -> str:
        value = next(values, None)
        return str(value) if match[0].startswith("{{{") else to_json(None if value is NULL else value)

    # The port to Java replaced the word in the texts, too.
    text = re.sub(r"\{\{\{\w+\}\}\}|\{\{\w+\}\}", shown, template.replace("Object definition", "function definition"))
    for wrong, right in (("a Object", "a function"), (" Object", " function")):
        text = text.replace(wrong, right) if wrong in template else text
    return f"{error.error}: {text}"
