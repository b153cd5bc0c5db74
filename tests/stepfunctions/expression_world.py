"""What expressions are evaluated in, for the tests of expressions."""

from __future__ import annotations

import random
from typing import Any

import pytest

from sfn_harness.stepfunctions.errors import EvaluationError
from sfn_harness.stepfunctions.expressions.types import Data, Environment

Json = Any

CONTEXT = {"Execution": {"Id": "arn:x", "Input": {"a": 1}}, "StateMachine": {"Id": "i", "Name": "n"}}


def data_of(value: Json = None, *, variables: dict[str, Json] | None = None, seed: int = 7, **states: Json) -> Data:
    """Return data with a value as ``$`` and as ``$states.input``."""
    environment = Environment(random.Random(seed), lambda: 1_700_000_000.5)
    return Data(value, CONTEXT, variables or {}, {"input": value, **states}, environment)


def failure(evaluate: Any, *arguments: Any) -> tuple[str | None, str | None]:
    """Return the error's name and cause of what must fail."""
    with pytest.raises(EvaluationError) as raised:
        evaluate(*arguments)
    return raised.value.error, raised.value.cause
