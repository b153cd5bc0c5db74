"""Definitions: they are parsed for state machines, and checked for those who ask."""

from __future__ import annotations

from sfn_harness.stepfunctions.errors import ApiError
from sfn_harness.stepfunctions.language import DefinitionError, examine, parse
from sfn_harness.stepfunctions.language.tree import StateMachine
from sfn_harness.stepfunctions.operations.parts import Answer, Call

_MOST = 100  # "The default value is 100 ... A value of 0 uses the default" (ValidateStateMachineDefinition)


def parse_definition(text: str, *, express: bool) -> StateMachine:
    """Return the tree of a definition. Raises ApiError (InvalidDefinition)."""
    try:
        return parse(text, express=express)
    except DefinitionError as error:
        raise ApiError("InvalidDefinition", str(error)) from error


def validate_state_machine_definition(call: Call) -> Answer:
    """Check a definition, and tell what is wrong with it, or also what is only odd."""
    request = call.request
    found = examine(request["definition"], express=request.get("type") == "EXPRESS")
    wanted = ("ERROR", "WARNING") if request.get("severity") == "WARNING" else ("ERROR",)
    listed = [diagnostic.shape() for diagnostic in found if diagnostic.severity in wanted]
    most = request.get("maxResults") or _MOST
    return {
        "result": "FAIL" if any(diagnostic.severity == "ERROR" for diagnostic in found) else "OK",
        "diagnostics": listed[:most],
        "truncated": len(listed) > most,
    }
