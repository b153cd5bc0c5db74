"""Makes expressions, templates and choice rules from their text. All of them raise ExpressionError for bad syntax.

``field`` is the field's name in the definition, such as ``InputPath`` or ``Arguments``. It decides the words of the
causes, and for some fields the type that the value must have.
"""

from __future__ import annotations

from collections.abc import Mapping

from sfn_harness.stepfunctions.expressions.choices import Condition, jsonpath_choice
from sfn_harness.stepfunctions.expressions.intrinsics import IntrinsicExpression, is_call
from sfn_harness.stepfunctions.expressions.jsonata_expression import FieldExpression, is_jsonata
from sfn_harness.stepfunctions.expressions.paths import PathExpression, WritablePath
from sfn_harness.stepfunctions.expressions.templates import at, jsonata_template, payload_template
from sfn_harness.stepfunctions.expressions.types import (
    Choice,
    Expression,
    ExpressionError,
    Json,
    QueryLanguage,
    ReferencePath,
    Template,
)

__all__ = [
    "compile_choice",
    "compile_expression",
    "compile_jsonata",
    "compile_path",
    "compile_reference",
    "compile_template",
    "is_jsonata",
]


def compile_path(text: str, field: str) -> Expression:
    """Compile a path into the state's data (``$.a``), the context object (``$$.a``) or a variable (``$name.a``).

    For InputPath, OutputPath, ItemsPath, SecondsPath, TimestampPath, TimeoutSecondsPath, HeartbeatSecondsPath,
    MaxConcurrencyPath, MaxItemsPath, ToleratedFailureCountPath and their like. Where the field wants a number or a
    timestamp, evaluating gives one, or raises AWS's error for the field.
    """
    return PathExpression(text, field)


def compile_expression(text: str, field: str) -> Expression:
    """Compile what `compile_path` takes, or an intrinsic function: CausePath, ErrorPath and ``"name.$"``."""
    try:
        return IntrinsicExpression(text) if is_call(text) else PathExpression(text, field)
    except ExpressionError:
        # Recorded: test_illegal_escapes.
        raise ExpressionError(
            f"The value for the field '{field}' must be a valid JSONPath or a valid intrinsic function call"
        ) from None


def compile_jsonata(text: str, field: str) -> Expression:
    """Compile a JSONata expression with its ``{%`` and ``%}``.

    ``field`` is what causes name: ``Output/a/b``. Fields whose value must have a type (Items, Seconds, MaxConcurrency,
    Condition, ...) check it when they are evaluated.
    """
    return FieldExpression(text, field)


def compile_reference(text: str) -> ReferencePath:
    """Compile a ResultPath: dots, names and indexes only."""
    return WritablePath(text)


def compile_template(value: Json, language: QueryLanguage, field: str) -> Template:
    """Compile a payload template: ``"name.$"`` members in JSONPath, ``{% %}`` strings in JSONata."""
    if language is QueryLanguage.JSONPATH:
        return payload_template(value, _compile_member)
    return jsonata_template(value, field, _compile_text)


def compile_choice(rule: Mapping[str, Json], language: QueryLanguage, place: str = "") -> Choice:
    """Compile the condition of one entry of Choices; ``Next``, ``Assign``, ``Output`` and ``Comment`` are passed over.

    JSONPath: ``Variable`` with one operator, or And, Or, Not. JSONata: ``Condition``, an expression or a boolean.
    ``place`` is that of the entry in its state: ``Choices[0]/``.
    """
    if language is QueryLanguage.JSONPATH:
        return jsonpath_choice(rule)
    condition = rule.get("Condition")
    if isinstance(condition, bool):
        return Condition(condition)
    if is_jsonata(condition):
        return Condition(at("/Condition", FieldExpression, condition, f"{place}Condition"))
    raise ExpressionError("The Condition must be a JSONata expression or a boolean", inside="/Condition")


def _compile_text(text: str, field: str) -> Expression | None:
    if is_jsonata(text):
        return FieldExpression(text, field)
    if text.startswith("{%"):
        # Seen on AWS (badmintoncryer/cdk-preflight, rule pf-sfn-asl-query-language, 2026-09-05).
        raise ExpressionError("JSONata string must start with {% and end with %}")
    return None


def _compile_member(text: Json, name: str) -> Expression:
    if not isinstance(text, str):
        raise ExpressionError(
            f"The value for the field '{name}' must be a valid JSONPath or a valid intrinsic function call"
        )
    return compile_expression(text, name)
