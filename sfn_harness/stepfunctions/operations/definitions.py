"""Definitions: they are parsed for state machines, and checked for those who ask."""

from __future__ import annotations

from sfn_harness.stepfunctions.errors import ApiError
from sfn_harness.stepfunctions.language import DefinitionError, parse, validate
from sfn_harness.stepfunctions.language.tree import StateMachine
from sfn_harness.stepfunctions.operations.parts import Answer, Call


def parse_definition(text: str, *, express: bool) -> StateMachine:
    """Return the tree of a definition. Raises ApiError (InvalidDefinition)."""
    try:
        return parse(text, express=express)
    except DefinitionError as error:
        raise ApiError("InvalidDefinition", str(error)) from error


def validate_state_machine_definition(call: Call) -> Answer:
    """Check a definition, and tell all that is wrong with it."""
    return validate(
        call.request["definition"],
        express=call.request.get("type") == "EXPRESS",
        severity=call.request.get("severity") or "ERROR",
        max_results=call.request.get("maxResults") or 100,
    )
