"""JSONata expressions as values of fields: ``{% $states.input.name %}``."""

from __future__ import annotations

import re
from typing import Any

from sfn_harness.stepfunctions.errors import EvaluationError
from sfn_harness.stepfunctions.expressions.fields import evaluation_error, jsonata_check
from sfn_harness.stepfunctions.expressions.jsonata_dialect import (
    JSONataError,
    JSONataExpression,
    NotJsonError,
    from_value,
    message,
    to_value,
)
from sfn_harness.stepfunctions.expressions.jsonata_references import unsupported
from sfn_harness.stepfunctions.expressions.types import Data, ExpressionError

Json = Any

_MEMBER = re.compile(r"\$[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+", re.ASCII)
_NOTHING = object()


def is_jsonata(value: Json) -> bool:
    """Return whether a value of a definition is a JSONata expression."""
    return isinstance(value, str) and value.startswith("{%") and value.endswith("%}") and len(value) >= 4


class FieldExpression:
    """A JSONata expression as the value of a field."""

    __slots__ = ("_check", "_expression", "_field", "_members", "_source", "text")

    def __init__(self, text: str, field: str) -> None:
        self.text, self._field = text, field
        self._source = text[2:-2].strip()
        self._check = jsonata_check(field)
        # Most expressions only name a member, which needs no evaluation: $states.input.name.
        self._members = self._source[1:].split(".") if _MEMBER.fullmatch(self._source) else None
        try:
            self._expression = JSONataExpression(self._source)
        except JSONataError as error:
            # The words without their code, as seen on AWS (floci-io/floci issue 2745, 2026-08-29).
            words = message(error).removeprefix(f"{error.error}: ")
            raise ExpressionError(words, "INVALID_JSONATA_EXPRESSION") from None
        except Exception:
            # What the package's parser does on some texts that end too early.
            raise ExpressionError("Unexpected end of expression", "INVALID_JSONATA_EXPRESSION") from None
        refused = unsupported(self._expression.ast, field)
        if refused is not None:
            raise ExpressionError(refused, "UNSUPPORTED_JSONATA_EXPRESSION")

    def evaluate(self, data: Data) -> Json:
        """Return the value. Raises EvaluationError (States.QueryEvaluationError)."""
        if self._members is not None and (value := self._member(self._members, data)) is not _NOTHING:
            return value if self._check is None else self._check(value, self._source, self._field)
        if data.bindings is None:
            data.bindings = from_value({**data.variables, "states": {**data.states, "context": data.context}})
        try:
            result = self._expression.run(data.bindings, data.environment)
        except JSONataError as error:
            raise self._error(f"threw an error during evaluation. {message(error)}") from None
        except Exception as error:
            # A fault of the package fails the state, as an error of AWS's library would; the words are Python's.
            raise self._error(f"threw an error during evaluation. {error}") from error
        if result is None:
            raise self._error("returned nothing (undefined).")
        try:
            value = to_value(result)
        except NotJsonError:
            raise self._error("returned an unsupported result type.") from None
        return value if self._check is None else self._check(value, self._source, self._field)

    @staticmethod
    def _member(names: list[str], data: Data) -> Json:
        """Return the named member if all before it are objects; arrays and what is not there are JSONata's."""
        if names[0] != "states":
            value, rest = data.variables.get(names[0]), names[1:]
        elif names[1] == "context":
            value, rest = data.context, names[2:]
        else:
            value, rest = data.states, names[1:]
        for name in rest:
            if not isinstance(value, dict) or name not in value:
                return _NOTHING
            value = value[name]
        return value

    def variables(self) -> frozenset[str]:
        """Return nothing: AWS lists the variables of JSONPath expressions only."""
        return frozenset()

    def _error(self, what: str) -> EvaluationError:
        return evaluation_error(
            f"The JSONata expression '{self._source}' specified for the field '{self._field}' {what}", self._field
        )
