"""RedriveExecution: a Standard execution that failed goes on from the state that did not succeed.

Source: RedriveExecution in the Step Functions API reference (botocore's stepfunctions model), and "Restarting state
machine executions with redrive", Step Functions guide, 2025: the definition is the one that the execution was started
with, what succeeded is not run again, and a state machine's time limit begins anew. A Parallel or Map state that failed
is run again as a whole here; on AWS only the branches that failed are.
"""

from __future__ import annotations

import contextvars
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from ministack.core.responses import json_response, now_iso
from ministack.services import stepfunctions

from sfn_harness.sandbox.hooks.registry import Hook
from sfn_harness.sandbox.hooks.step_functions import checked, execution_record
from sfn_harness.sandbox.hooks.step_functions_clock import expire, timeout_seconds
from sfn_harness.sandbox.hooks.step_functions_model import ModelError
from sfn_harness.sandbox.hooks.step_functions_threads import RUNNERS

__all__ = ["HOOKS", "USES"]

Response = tuple[int, dict[str, Any], bytes]

_LOG = logging.getLogger(__name__)
_REDRIVABLE = frozenset({"ABORTED", "FAILED", "TIMED_OUT"})
_REMEMBERED_TOKENS = 10
# State type: the function that runs it, and whether that adds to the history itself.
_RUNNERS = {
    "Choice": ("_execute_choice", False),
    "Map": ("_execute_map", True),
    "Parallel": ("_execute_parallel", True),
    "Pass": ("_execute_pass", False),
    "Task": ("_execute_task", True),
    "Wait": ("_execute_wait", False),
}


def _position(record: dict[str, Any], definition: dict[str, Any]) -> tuple[str, Any, bool]:
    """Return the state to go on from, its input, and whether it was entered before."""
    for event in reversed(record["events"]):
        if event["type"].endswith("StateEntered"):
            details = event["stateEnteredEventDetails"]
            return details["name"], json.loads(details["input"]), True
        if event["type"].endswith("StateExited"):
            details = event["stateExitedEventDetails"]
            following = definition["States"][details["name"]].get("Next")
            if following is not None:
                return following, json.loads(details["output"]), False
    return definition["StartAt"], json.loads(record["input"]), False


def _event(record: dict[str, Any], kind: str, details: dict[str, Any]) -> None:
    stepfunctions._add_event(record, kind, details)


def _run_state(record: dict[str, Any], state: dict[str, Any], value: Any, context: dict[str, Any]) -> tuple[Any, Any]:
    """Run one state: (its output, the name of the next one, None at the end). Raises _ExecutionError."""
    if state["Type"] == "Succeed":
        value = stepfunctions._apply_input_path(state, value, context)
        return stepfunctions._apply_output_path(state, value, context), None
    if state["Type"] == "Fail":
        raise stepfunctions._ExecutionError(*stepfunctions._fail_state_error(state, value, context))
    name, with_record = _RUNNERS[state["Type"]]
    run = getattr(stepfunctions, name)
    return run(state, value, record, context) if with_record else run(state, value, context)


def _walk(record: dict[str, Any], definition: dict[str, Any]) -> None:
    """Run the states that are left. Raises _ExecutionError for the one that fails."""
    name, value, entered = _position(record, definition)
    context = {
        "QueryLanguage": definition.get("QueryLanguage", "JSONPath"),
        "Execution": {
            "Id": record["executionArn"],
            "Input": json.loads(record["input"]),
            "Name": record["name"],
            "StartTime": record["startDate"],
            "RedriveCount": record["redriveCount"],
            "RedriveTime": record["redriveDate"],
        },
        "StateMachine": {
            "Id": record["stateMachineArn"],
            "Name": record["stateMachineArn"].rpartition(":")[2],
        },
        "variables": dict(record.get("variables") or {}),
    }
    while name is not None and record["status"] == "RUNNING":
        state = definition["States"][name]
        context["State"] = {"Name": name, "EnteredTime": now_iso(), "RetryCount": 0}
        if not entered or state["Type"] == "Fail":  # "redrive reenters the Fail state"
            details = {"name": name, "input": json.dumps(value)}
            _event(record, f"{state['Type']}StateEntered", {"stateEnteredEventDetails": details})
        entered = False
        left = name
        value, name = _run_state(record, state, value, context)
        details = {"name": left, "output": json.dumps(value)}
        _event(record, f"{state['Type']}StateExited", {"stateExitedEventDetails": details})
    if record["status"] == "RUNNING":
        record |= {"status": "SUCCEEDED", "output": json.dumps(value), "stopDate": now_iso()}
        details = {"output": record["output"]}
        _event(record, "ExecutionSucceeded", {"executionSucceededEventDetails": details})
        stepfunctions._emit_execution_status_event(record)


def _continue(record: dict[str, Any], definition: dict[str, Any]) -> None:
    try:
        _walk(record, definition)
    except stepfunctions._ExecutionError as error:
        stepfunctions._fail_execution(record, error.error, error.cause)
    except Exception as error:
        _LOG.exception("the sandbox failed an execution")
        stepfunctions._fail_execution(record, "States.Runtime", str(error))


def _redrive(data: dict[str, Any]) -> Response:
    before = execution_record(data)
    arn, token = before["executionArn"], data.get("clientToken")
    tokens: dict[str, str] = before.get("redriveTokens") or {}
    if token in tokens:
        return json_response({"redriveDate": tokens[token]})
    if before["status"] not in _REDRIVABLE:
        reason = f"Execution is {before['status']} and cannot be redriven"
        raise ModelError("ExecutionNotRedrivable", f"Execution Not Redrivable: '{reason}'")
    date = now_iso()
    if token is not None:
        tokens = dict([*tokens.items(), (token, date)][-_REMEMBERED_TOKENS:])
    # A record of its own: what still waits in the attempt before (a token, a time limit) finds that one ended.
    record = {key: value for key, value in before.items() if key not in ("cause", "error")}
    record |= {
        "events": list(before["events"]),
        "output": None,
        "redriveCount": before.get("redriveCount", 0) + 1,
        "redriveDate": date,
        "redriveTokens": tokens,
        "status": "RUNNING",
        "stopDate": None,
    }
    details = {"redriveCount": record["redriveCount"]}
    _event(record, "ExecutionRedriven", {"executionRedrivenEventDetails": details})
    stepfunctions._executions[arn] = record
    stepfunctions._emit_execution_status_event(record)
    limit = timeout_seconds(record["definition"])
    if limit is not None:
        expire(record, limit)
    definition, context = json.loads(record["definition"]), contextvars.copy_context()
    RUNNERS.start(lambda: context.run(_continue, record, definition))
    return json_response({"redriveDate": date})


_HANDLER = checked("RedriveExecution", _redrive)


def _handle_request(original: Callable[..., Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
    async def handle_request(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any]
    ) -> Response:
        if headers.get("x-amz-target", "").rpartition(".")[2] != "RedriveExecution":
            return await original(method, path, headers, body, query_params)
        return stepfunctions._finalize_response(_HANDLER(json.loads(body or b"{}")))

    return handle_request


def _keep_variables(original: Callable[..., None]) -> Callable[..., None]:
    def apply_state_assign(state: dict[str, Any], raw_input: Any, context: Any, *given: Any, **named: Any) -> None:
        original(state, raw_input, context, *given, **named)
        record = stepfunctions._executions.get(((context or {}).get("Execution") or {}).get("Id"))
        if record is not None:
            record["variables"] = context.get("variables")

    return apply_state_assign


_SFN = "ministack.services.stepfunctions"

USES = {
    _SFN: (
        "_ExecutionError",
        "_add_event",
        "_apply_input_path",
        "_apply_output_path",
        "_emit_execution_status_event",
        "_executions",
        "_fail_execution",
        "_fail_state_error",
        "_finalize_response",
        *(name for name, _ in _RUNNERS.values()),
    ),
    "ministack.core.responses": ("json_response", "now_iso"),
}

HOOKS = (
    Hook(_SFN, "handle_request", "MiniStack has no RedriveExecution.", _handle_request, part="redrive"),
    Hook(_SFN, "_apply_state_assign", "A redrive goes on with the variables as they were.", _keep_variables),
)
