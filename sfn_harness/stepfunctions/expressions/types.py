"""What compiled expressions can do, whatever language they are written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Json = Any


@dataclass(slots=True)
class Data:
    """What an expression can see.

    Attributes:
        value: what ``$`` is in JSONPath.
        context: the context object, ``$$`` and ``$states.context``.
        variables: the variables in sight, by name.
        states: ``$states`` in JSONata: ``input``, and where there is one ``result`` or ``errorOutput``; ``context`` is
            taken from the field.
        state: the state's name, which causes name.
        where: the field's path in the state's definition, such as ``Arguments/Payload``, which causes name.

    """

    value: Json
    context: Mapping[str, Json]
    variables: Mapping[str, Json]
    states: Mapping[str, Json]
    state: str = ""
    where: str = ""


class Expression(Protocol):
    """A path, an intrinsic function or a JSONata expression that stands where one value is expected."""

    text: str

    def evaluate(self, data: Data) -> Json:
        """Return the value. Raises StateError: with AWS's name and cause."""
        ...


class Template(Protocol):
    """A JSON value with expressions in it: Parameters, ResultSelector, Arguments, Output, Assign, ItemSelector."""

    def evaluate(self, data: Data) -> Json:
        """Return the value, which shares nothing that can change with the data. Raises StateError."""
        ...


class ReferencePath(Protocol):
    """A path to exactly one node, to be written to: ResultPath."""

    text: str

    def write(self, target: Json, value: Json, data: Data) -> Json:
        """Return a copy of ``target`` with ``value`` there. Raises StateError (States.ResultPathMatchFailure)."""
        ...


class Choice(Protocol):
    """The condition of a choice rule."""

    def holds(self, data: Data) -> bool:
        """Return whether it is true. Raises StateError: AWS stops the execution for what it can't compare."""
        ...
