"""Step Functions' answers: what it refuses, what it repeats, and what differs between Standard and Express."""

from __future__ import annotations

import contextvars
import json
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from ministack.core.responses import get_account_id, get_region, json_response, new_uuid, now_iso
from ministack.services import stepfunctions

from sfn_harness.sandbox.hooks import step_functions_model as model
from sfn_harness.sandbox.hooks.registry import Hook
from sfn_harness.sandbox.hooks.step_functions_clock import (
    START_DELAY_SECONDS,
    after_the_delay,
    expire,
    immediately,
    starts_immediately,
    timeout_seconds,
)
from sfn_harness.sandbox.hooks.step_functions_threads import RUNNERS

__all__ = ["HOOKS", "USES", "checked", "execution_record"]

Response = tuple[int, dict[str, Any], bytes]
Handler = Callable[[dict[str, Any]], Response]

_SYNC_LIMIT_SECONDS = 300.0  # an Express execution runs for five minutes at most
_NESTED: ContextVar[bool] = ContextVar("nested_sync_execution", default=False)
_UNSUPPORTED = "This operation is not supported by this type of state machine"


def _refusal(error: model.ModelError) -> Response:
    return stepfunctions.error_response_json(error.code, error.message, 400)


def checked(action: str, handler: Handler, check: Callable[[dict[str, Any]], None] | None = None) -> Handler:
    """Put ``handler`` behind the model's checks and one of its own."""

    def behind_checks(data: dict[str, Any]) -> Response:
        try:
            model.check_members(action, data)
            if check is not None:
                check(data)
            return handler(data)
        except model.ModelError as error:
            return _refusal(error)

    return behind_checks


def _machine(data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return (the state machine's ARN, its record) for a request's ``stateMachineArn``, which may be qualified."""
    arn = data["stateMachineArn"].partition("#")[0]
    model.check_state_machine_arn(arn)
    base = stepfunctions._resolve_state_machine_arn(arn)
    if base is None or base not in stepfunctions._state_machines:
        raise model.ModelError("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
    return base, stepfunctions._state_machines[base]


def execution_record(data: dict[str, Any]) -> dict[str, Any]:
    """Return the record of a request's ``executionArn``. Raises ModelError: no ARN of an execution, or of none."""
    arn = data["executionArn"]
    model.check_execution_arn(arn)
    record = stepfunctions._executions.get(arn)
    if record is None:
        raise model.ModelError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")
    return record


def _is_express(machine: dict[str, Any]) -> bool:
    return machine.get("type") == "EXPRESS"


def _check_start(data: dict[str, Any]) -> None:
    model.check_state_machine_arn(data["stateMachineArn"].partition("#")[0])
    model.check_name(data.get("name"))
    model.check_input(data.get("input"))


def _new_express_execution(arn: str, machine: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """Record an Express execution. Each has an ARN of its own, so a name can be used again and again."""
    name = data.get("name") or new_uuid()
    execution_arn = f"arn:aws:states:{get_region()}:{get_account_id()}:express:{machine['name']}:{name}:{new_uuid()}"
    started, text = now_iso(), data.get("input") or "{}"
    record = {
        "executionArn": execution_arn,
        "stateMachineArn": arn,
        "name": name,
        "status": "RUNNING",
        "startDate": started,
        "stopDate": None,
        "input": text,
        "inputDetails": {"included": True},
        "output": None,
        "outputDetails": {"included": True},
        "testCase": data["stateMachineArn"].partition("#")[2],
        "mockAttempts": {},
        "sync": True,  # MiniStack's mark for "no status events", which no Express execution emits
        "events": [
            {
                "id": 1,
                "type": "ExecutionStarted",
                "timestamp": started,
                "executionStartedEventDetails": {"input": text, "roleArn": machine["roleArn"]},
            }
        ],
    }
    stepfunctions._executions[execution_arn] = record
    return record


def _run_in_thread(execution_arn: str) -> threading.Event:
    """Run an execution beside this thread; the event is set when it has ended."""
    ended = threading.Event()
    context = contextvars.copy_context()

    def run() -> None:
        try:
            context.run(after_the_delay, stepfunctions._run_execution, execution_arn)
        finally:
            ended.set()

    RUNNERS.start(run, 0.0 if starts_immediately() else START_DELAY_SECONDS)
    return ended


def _started(record: dict[str, Any]) -> Response:
    return json_response({"executionArn": record["executionArn"], "startDate": record["startDate"]})


def _start_execution(original: Handler) -> Handler:
    def start_execution(data: dict[str, Any]) -> Response:
        arn, machine = _machine(data)
        if _is_express(machine):
            record = _new_express_execution(arn, machine, data)
            _run_in_thread(record["executionArn"])
            return _started(record)
        name = data.get("name") or new_uuid()
        execution_arn = f"arn:aws:states:{get_region()}:{get_account_id()}:execution:{machine['name']}:{name}"
        known = stepfunctions._executions.get(execution_arn)
        if known is not None:
            # The same name and input while it runs is the same request again, and gets the same answer.
            if known["status"] == "RUNNING" and known["input"] == (data.get("input") or "{}"):
                return _started(known)
            raise model.ModelError("ExecutionAlreadyExists", f"Execution Already Exists: '{execution_arn}'")
        response = original({**data, "name": name})
        if response[0] == 200:
            stepfunctions._executions[execution_arn]["definition"] = machine["definition"]  # for a redrive
        limit = timeout_seconds(machine["definition"])
        if response[0] == 200 and limit is not None:
            expire(stepfunctions._executions[execution_arn], limit)
        return response

    return checked("StartExecution", start_execution, _check_start)


def _milliseconds(started: str, stopped: str) -> int:
    span = datetime.fromisoformat(stopped) - datetime.fromisoformat(started)
    return max(0, round(span.total_seconds() * 1000))


def _sync_answer(record: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """StartSyncExecution's answer: an execution that failed is a success of the call."""
    stopped = record["stopDate"] or now_iso()
    # Billed in steps of 100 ms.
    billed = max(100, -(-_milliseconds(record["startDate"], stopped) // 100) * 100)
    answer = {
        "billingDetails": {"billedDurationInMilliseconds": billed, "billedMemoryUsedInMB": 64},
        "executionArn": record["executionArn"],
        "input": record["input"],
        "inputDetails": {"included": True},
        "name": record["name"],
        "startDate": record["startDate"],
        "stateMachineArn": record["stateMachineArn"],
        "status": record["status"],
        "stopDate": stopped,
    }
    if data.get("traceHeader"):
        answer["traceHeader"] = data["traceHeader"]
    if record["status"] == "SUCCEEDED":
        answer |= {"output": record["output"], "outputDetails": {"included": True}}
    else:
        answer |= {key: record[key] for key in ("error", "cause") if record.get(key) is not None}
    return answer


def _start_sync_execution(original: Handler) -> Handler:
    def start_sync_execution(data: dict[str, Any]) -> Response:
        arn, machine = _machine(data)
        if not _is_express(machine):
            raise model.ModelError("StateMachineTypeNotSupported", _UNSUPPORTED)
        record = _new_express_execution(arn, machine, data)
        limit = min(timeout_seconds(machine["definition"]) or _SYNC_LIMIT_SECONDS, _SYNC_LIMIT_SECONDS)
        with immediately():
            ended = _run_in_thread(record["executionArn"])
        deadline = time.monotonic() + limit
        if not ended.wait(max(0.0, deadline - time.monotonic())):
            expire(record, 0)
        return json_response(_sync_answer(record, data))

    guarded = checked("StartSyncExecution", start_sync_execution, _check_start)

    # A Task state that starts an execution and waits for it comes here too, and may do so with a Standard one.
    return lambda data: original(data) if _NESTED.get() else guarded(data)


def _nested_sync(original: Callable[..., Any]) -> Callable[..., Any]:
    def invoke_nested_start_execution_sync(*args: Any) -> Any:
        token = _NESTED.set(True)
        try:
            return original(*args)
        finally:
            _NESTED.reset(token)

    return invoke_nested_start_execution_sync


def _stop_execution(original: Handler) -> Handler:
    def stop_execution(data: dict[str, Any]) -> Response:
        record = execution_record(data)
        if record["status"] != "RUNNING":
            # To stop what has ended changes nothing and succeeds.
            return json_response({"stopDate": record["stopDate"]})
        return original(data)

    return checked("StopExecution", stop_execution)


def _describe_execution(original: Handler) -> Handler:
    def describe_execution(data: dict[str, Any]) -> Response:
        record = execution_record(data)
        status, _, body = original(data)
        document = json.loads(body)
        if record["status"] != "SUCCEEDED":
            # MiniStack keeps an error document there; an execution has an output when it has succeeded.
            document.pop("output", None)
            document.pop("outputDetails", None)
        redrivable = record["status"] in ("FAILED", "ABORTED", "TIMED_OUT")
        document |= {
            "redriveCount": record.get("redriveCount", 0),
            "redriveDate": record.get("redriveDate"),
            "redriveStatus": "REDRIVABLE" if redrivable else "NOT_REDRIVABLE",
        }
        if not redrivable:
            document["redriveStatusReason"] = f"Execution is {record['status']} and cannot be redriven"
        return json_response({key: value for key, value in document.items() if value is not None}, status)

    return checked("DescribeExecution", describe_execution)


def _list_executions(original: Handler) -> Handler:
    def list_executions(data: dict[str, Any]) -> Response:
        if data.get("stateMachineArn"):
            arn, machine = _machine(data)
            if _is_express(machine):
                raise model.ModelError("StateMachineTypeNotSupported", _UNSUPPORTED)
            data = {**data, "stateMachineArn": arn}
        elif not data.get("mapRunArn"):
            raise model.ModelError(
                "ValidationException", "Must provide either a valid state machine ARN or a valid map run ARN"
            )
        status, headers, body = original(data)
        if status != 200:
            return status, headers, body
        document = json.loads(body)
        for item in document["executions"]:
            if item.get("stopDate") is None:
                item.pop("stopDate", None)
        return json_response(document)

    return checked("ListExecutions", list_executions)


def _get_execution_history(original: Handler) -> Handler:
    def get_execution_history(data: dict[str, Any]) -> Response:
        execution_record(data)
        return original(data)

    return checked("GetExecutionHistory", get_execution_history)


class _Tokens:
    """Which task tokens have had their task end, so that a late answer is told so."""

    def __init__(self) -> None:
        self._ended: set[str] = set()

    def watch(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap the function that waits for a token's answer."""

        def invoke_with_callback(resource: str, data: Any, token: str, state: dict[str, Any]) -> Any:
            try:
                return original(resource, data, token, state)
            finally:
                self._ended.add(token)

        return invoke_with_callback

    def check(self, data: dict[str, Any]) -> None:
        """Refuse a token that waits for nothing: InvalidToken, TaskTimedOut or TaskDoesNotExist (ModelError)."""
        token = data["taskToken"]
        waiting = stepfunctions._task_tokens.get(token)
        if waiting is not None and not waiting["event"].is_set():
            return
        if waiting is not None or token in self._ended:
            raise model.ModelError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
        if len(token) == 36 and token.count("-") == 4:
            raise model.ModelError("TaskDoesNotExist", "Task Does Not Exist: 'Provided task does not exist'")
        raise model.ModelError("InvalidToken", "Invalid Token: 'Invalid token'")

    def send(self, action: str) -> Callable[[Handler], Handler]:
        """Wrap a SendTask action."""

        def check(data: dict[str, Any]) -> None:
            if action == "SendTaskSuccess":
                model.check_output(data["output"])
            self.check(data)

        return lambda original: checked(action, original, check)


_SFN = "ministack.services.stepfunctions"
_tokens = _Tokens()

USES = {
    _SFN: ("_executions", "_resolve_state_machine_arn", "_run_execution", "_state_machines", "_task_tokens"),
    "ministack.core.responses": ("get_account_id", "get_region", "json_response", "new_uuid", "now_iso"),
}

HOOKS = (
    Hook(_SFN, "_start_execution", "Checks, idempotence, Express executions, the time limit.", _start_execution),
    Hook(_SFN, "_start_sync_execution", "Checks, Express only, ends in time, AWS's answer.", _start_sync_execution),
    Hook(_SFN, "_invoke_nested_start_execution_sync", "A Task may wait for a Standard execution.", _nested_sync),
    Hook(_SFN, "_stop_execution", "Checks; idempotent.", _stop_execution),
    Hook(_SFN, "_describe_execution", "Checks; no output unless it has succeeded.", _describe_execution),
    Hook(_SFN, "_list_executions", "Checks; Standard only.", _list_executions),
    Hook(_SFN, "_get_execution_history", "Checks; Standard only.", _get_execution_history),
    Hook(_SFN, "_invoke_with_callback", "Remembers the tokens whose task has ended.", _tokens.watch),
    Hook(_SFN, "_send_task_success", "Checks; late and invalid tokens.", _tokens.send("SendTaskSuccess")),
    Hook(_SFN, "_send_task_failure", "Checks; late and invalid tokens.", _tokens.send("SendTaskFailure")),
    Hook(_SFN, "_send_task_heartbeat", "Checks; late and invalid tokens.", _tokens.send("SendTaskHeartbeat")),
)
