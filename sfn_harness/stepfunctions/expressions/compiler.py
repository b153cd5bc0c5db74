"""Makes expressions, templates and choice rules from their text. All of them raise ExpressionError for bad syntax.

``field`` is the field's name in the definition, such as ``InputPath`` or ``Arguments``. It decides the words of the
causes, and for some fields the type that the value must have.
"""

from __future__ import annotations

from collections.abc import Mapping

from sfn_harness.stepfunctions.expressions.types import (
    Choice,
    Expression,
    Json,
    QueryLanguage,
    ReferencePath,
    Template,
)


def is_jsonata(value: Json) -> bool:
    """Return whether a value of a definition is a JSONata expression: ``{% ... %}``."""
    return isinstance(value, str) and value.startswith("{%") and value.endswith("%}")


def compile_path(text: str, field: str) -> Expression:
    """Compile a path into the state's data (``$.a``), the context object (``$$.a``) or a variable (``$name.a``).

    For InputPath, OutputPath, ItemsPath, SecondsPath, TimestampPath, TimeoutSecondsPath, HeartbeatSecondsPath,
    MaxConcurrencyPath, MaxItemsPath, ToleratedFailureCountPath and their like. Where the field wants a number or a
    timestamp, evaluating gives one, or raises AWS's error for the field.
    """
    raise NotImplementedError


def compile_expression(text: str, field: str) -> Expression:
    """Compile what `compile_path` takes, or an intrinsic function: CausePath, ErrorPath and ``"name.$"``."""
    raise NotImplementedError


def compile_jsonata(text: str, field: str) -> Expression:
    """Compile a JSONata expression with its ``{%`` and ``%}``.

    ``field`` is what causes name: ``Output/a/b``. Fields whose value must have a type (Items, Seconds, MaxConcurrency,
    Condition, ...) check it when they are evaluated.
    """
    raise NotImplementedError


def compile_reference(text: str) -> ReferencePath:
    """Compile a ResultPath: dots, names and indexes only."""
    raise NotImplementedError


def compile_template(value: Json, language: QueryLanguage, field: str) -> Template:
    """Compile a payload template: ``"name.$"`` members in JSONPath, ``{% %}`` strings in JSONata."""
    raise NotImplementedError


def compile_choice(rule: Mapping[str, Json], language: QueryLanguage) -> Choice:
    """Compile the condition of one entry of Choices; ``Next``, ``Assign``, ``Output`` and ``Comment`` are passed over.

    JSONPath: ``Variable`` with one operator, or And, Or, Not. JSONata: ``Condition``, an expression or a boolean.
    """
    raise NotImplementedError
