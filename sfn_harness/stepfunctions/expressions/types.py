"""What compiled expressions can do, whatever language they are written in."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

Json = Any


class QueryLanguage(Enum):
    """How a state reads and makes data."""

    JSONPATH = "JSONPath"
    JSONATA = "JSONata"


class ExpressionError(Exception):
    """An expression's syntax is wrong. The text is the words of a diagnostic.

    Args:
        message: the words, without a code or a location.
        code: the diagnostic's: ``INVALID_JSONATA_EXPRESSION`` and ``UNSUPPORTED_JSONATA_EXPRESSION`` are the others.
        inside: the place in the value that was to be compiled: ``/a/b`` or ``[0]/c`` in a template; "" is the value.

    """

    def __init__(self, message: str, code: str = "SCHEMA_VALIDATION_FAILED", inside: str = "") -> None:
        super().__init__(message)
        self.code, self.inside = code, inside


@dataclass(slots=True)
class Environment:
    """What makes values out of nothing: the same seed and clock give the same values.

    Attributes:
        random: for ``States.UUID``, ``States.MathRandom``, ``$uuid`` and ``$random``.
        now: seconds since 1970, for ``$now`` and ``$millis``.

    """

    random: random.Random = field(default_factory=random.Random)
    now: Callable[[], float] = time.time


@dataclass(slots=True)
class Data:
    """What an expression can see. It is not changed once an expression has seen it.

    Attributes:
        value: what ``$`` is in JSONPath.
        context: the context object, ``$$`` and ``$states.context``.
        variables: the variables in sight, by name.
        states: ``$states`` in JSONata: ``input``, and where there is one ``result`` or ``errorOutput``; ``context`` is
            taken from the field.
        environment: chance and time.
        bindings: what JSONata has made of all this, for the next expression.

    """

    value: Json
    context: Mapping[str, Json]
    variables: Mapping[str, Json]
    states: Mapping[str, Json]
    environment: Environment
    bindings: dict[str, Json] | None = field(default=None, init=False, repr=False, compare=False)


class Compiled(Protocol):
    """What all compiled things have."""

    def variables(self) -> frozenset[str]:
        """Return the names of the variables that JSONPath expressions in it read."""
        ...


class Expression(Compiled, Protocol):
    """A path, an intrinsic function or a JSONata expression that stands where one value is expected."""

    text: str

    def evaluate(self, data: Data) -> Json:
        """Return the value. Raises EvaluationError: with AWS's name and cause."""
        ...


class Template(Compiled, Protocol):
    """A JSON value with expressions in it: Parameters, ResultSelector, Arguments, Output, Assign, ItemSelector."""

    def evaluate(self, data: Data) -> Json:
        """Return the value. It may share parts with the data: values are never changed. Raises EvaluationError."""
        ...


class ReferencePath(Compiled, Protocol):
    """A path to exactly one node, to be written to: ResultPath."""

    text: str

    def write(self, target: Json, value: Json, data: Data) -> Json:
        """Return ``target`` with ``value`` there, as a new value that shares the rest with ``target``.

        Raises EvaluationError (States.ResultPathMatchFailure).
        """
        ...


class Choice(Compiled, Protocol):
    """The condition of a choice rule."""

    def holds(self, data: Data) -> bool:
        """Return whether it is true. Raises EvaluationError: AWS stops the execution for what it can't compare."""
        ...
