"""Executions: they are started, stopped, redriven, described and listed, and their history is read."""

from __future__ import annotations

import math
from types import MappingProxyType

from sfn_harness.stepfunctions.engine.interface import Execution, Mocks, Status
from sfn_harness.stepfunctions.engine.mocks import MockConfigError
from sfn_harness.stepfunctions.errors import ApiError
from sfn_harness.stepfunctions.json_text import JsonTextError, parse
from sfn_harness.stepfunctions.names import check_name
from sfn_harness.stepfunctions.operations.aliases import choose_version
from sfn_harness.stepfunctions.operations.lookup import Target, find_execution, find_map_run, find_target
from sfn_harness.stepfunctions.operations.parts import Answer, Call, Parts, Request, date, present
from sfn_harness.stepfunctions.pages import Pages
from sfn_harness.stepfunctions.store import Machine

_DAY = 24 * 60 * 60
_NAME_IS_FREE_AFTER = 90 * _DAY  # "You can reuse the name 90 days after it closes" (StartExecution)
# "The API will return idempotent responses for the last 10 client tokens ... valid for up to 15 minutes"
# (RedriveExecution).
_CLIENT_TOKENS, _CLIENT_TOKEN_SECONDS = 10, 15 * 60
# What every synchronous execution that is recorded has been billed for.
_BILLED_MEMORY, _BILLED_STEP_SECONDS = 64, 0.1


def start_execution(call: Call) -> Answer:
    """Start an execution, or answer once more for one that runs with the same name and input."""
    target, mocks = _target(call)
    machine = target.machine
    name, text = _checked(call.parts, call.request)
    if not machine.express:
        before = machine.executions.get(name)
        if before is not None and not _name_is_free(call.parts, before):
            if before.status is not Status.RUNNING or before.input != text:
                raise ApiError("ExecutionAlreadyExists", f"Execution Already Exists: '{before.arn}'")
            return {"executionArn": before.arn, "startDate": date(before.started)}
    execution = _start(call, target, name, text, mocks)
    return {"executionArn": execution.arn, "startDate": date(execution.started)}


async def start_sync_execution(call: Call) -> Answer:
    """Run an execution of an Express state machine, and answer when it has ended."""
    target, mocks = _target(call)
    if not target.machine.express:
        raise not_supported()
    name, text = _checked(call.parts, call.request)
    execution = _start(call, target, name, text, mocks)
    await execution.ended()
    duration = (execution.stopped or execution.started) - execution.started
    steps = max(1, math.ceil(round(duration / _BILLED_STEP_SECONDS, 6)))
    answer = _described(execution, call.request, output_details_always=True)
    return answer | {
        "billingDetails": {
            "billedMemoryUsedInMB": _BILLED_MEMORY,
            "billedDurationInMilliseconds": round(steps * _BILLED_STEP_SECONDS * 1000),
        },
    }


def not_supported() -> ApiError:
    """Return the error of an operation that the other type of state machine has."""
    return ApiError("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")


def _checked(parts: Parts, request: Request) -> tuple[str, str]:
    """Return the name and the input of an execution. Raises ApiError: InvalidName, InvalidExecutionInput."""
    name, text = request.get("name"), request.get("input")
    if name is None:
        name = parts.new_id()
    else:
        check_name(name)
    if text is None:
        return name, "{}"
    if not text.strip():
        raise ApiError("InvalidExecutionInput", "Invalid State Machine Execution Input: 'Invalid execution input.'")
    try:
        parse(text)
    except JsonTextError as error:
        said = f"Invalid State Machine Execution Input: '{error.reason}'"
        raise ApiError("InvalidExecutionInput", said) from error
    return name, text


def _name_is_free(parts: Parts, execution: Execution) -> bool:
    return execution.stopped is not None and parts.clock.now() - execution.stopped > _NAME_IS_FREE_AFTER


def _target(call: Call) -> tuple[Target, Mocks | None]:
    """Return what is to be started, and the mocks of the test case that follows a ``#`` in the ARN.

    Step Functions Local takes test cases so; AWS has none, and refuses a ``#``.
    """
    arn, _, test_case = call.request["stateMachineArn"].partition("#")
    if not test_case or call.parts.mocks is None:
        return find_target(call.here, call.request["stateMachineArn"]), None
    target = find_target(call.here, arn)
    try:
        return target, call.parts.mocks.test_case(target.machine.name, test_case)
    except MockConfigError as error:
        raise ApiError("ValidationException", str(error)) from error


def _start(call: Call, target: Target, name: str, text: str, mocks: Mocks | None) -> Execution:
    parts = call.parts
    machine, version, alias = target.machine, target.version, target.alias
    if alias is not None:
        version = choose_version(machine, alias, parts.random)
    revision = machine.revision if version is None else version.revision
    scope = revision.scope
    if machine.express:
        arn = scope.arn(f"express:{machine.name}:{name}:{parts.new_id()}")
    else:
        arn = scope.arn(f"execution:{machine.name}:{name}")
    execution = parts.engine.start(
        revision,
        input=text,
        name=name,
        arn=arn,
        version_arn=None if version is None else version.arn,
        alias_arn=None if alias is None else alias.arn,
        trace_header=call.request.get("traceHeader"),
        mocks=mocks,
    )
    if not machine.express:
        machine.executions.pop(name, None)
        machine.executions[name] = execution
    return execution


def stop_execution(call: Call) -> Answer:
    """Stop an execution; one that has ended stays as it is."""
    execution = find_execution(call.here, call.request["executionArn"], express_children=False)
    execution.stop(call.request.get("error"), call.request.get("cause"))
    return {"stopDate": date(execution.stopped)}


def redrive_execution(call: Call) -> Answer:
    """Run an execution on from where it failed, or answer once more to the same client token."""
    execution = find_execution(call.here, call.request["executionArn"])
    machine = call.here.machines[execution.workflow.name.partition("/")[0]]
    token, now = call.request.get("clientToken"), call.parts.clock.now()
    redrives = machine.redrives.setdefault(execution.arn, {})
    if token in redrives and now - redrives[token] <= _CLIENT_TOKEN_SECONDS:
        return {"redriveDate": date(redrives[token])}
    execution.redrive()
    if token is not None:
        redrives[token] = execution.redriven
        while len(redrives) > _CLIENT_TOKENS:
            del redrives[next(iter(redrives))]
    return {"redriveDate": date(execution.redriven)}


def describe_execution(call: Call) -> Answer:
    """Describe an execution."""
    return describe(find_execution(call.here, call.request["executionArn"]), call.request)


def describe(execution: Execution, request: Request = MappingProxyType({})) -> Answer:
    """Return what DescribeExecution answers."""
    status, reason = execution.redrive_status
    return _described(execution, request) | present(
        redriveCount=execution.redrive_count,
        redriveDate=date(execution.redriven),
        redriveStatus=status,
        redriveStatusReason=reason,
        mapRunArn=None if execution.map_run is None else execution.map_run.arn,
        stateMachineVersionArn=execution.version_arn,
        stateMachineAliasArn=execution.alias_arn,
    )


def _described(execution: Execution, request: Request, *, output_details_always: bool = False) -> Answer:
    with_data = request.get("includedData") != "METADATA_ONLY"
    has_output = execution.output is not None or output_details_always
    answer = present(
        executionArn=execution.arn,
        stateMachineArn=execution.workflow.arn,
        name=execution.name,
        status=execution.status.value,
        startDate=date(execution.started),
        stopDate=date(execution.stopped),
        traceHeader=execution.trace_header,
        inputDetails={"included": with_data},
        outputDetails={"included": with_data} if has_output else None,
    )
    if with_data:
        answer |= present(input=execution.input, output=execution.output, error=execution.error, cause=execution.cause)
    return answer


def list_executions(call: Call) -> Answer:
    """List the executions of a state machine, a version, an alias or a map run, the latest first."""
    arn, map_run_arn = call.request.get("stateMachineArn"), call.request.get("mapRunArn")
    status, redriven = call.request.get("statusFilter"), call.request.get("redriveFilter")
    if (arn is None) == (map_run_arn is None):
        raise _either("a state machine ARN or a Map Run ARN, but not both")
    if map_run_arn is not None:
        executions = list(find_map_run(call.here, map_run_arn).children)
    else:
        if status == "PENDING_REDRIVE":
            raise _either("a Map Run ARN with the status filter PENDING_REDRIVE")
        executions = _executions_of(find_target(call.here, arn))
    listed = [
        (_place(execution, number), execution)
        for number, execution in enumerate(executions)
        if (status is None or execution.status == status)
        and (redriven is None or (execution.redrive_count > 0) == (redriven == "REDRIVEN"))
    ]
    listed.sort(key=lambda pair: pair[0])
    subject = ["ListExecutions", arn or map_run_arn, status, redriven]
    return Pages(subject, call.request, call.parts.now()).of(
        "executions", listed, lambda pair: pair[0], lambda pair: _listed(pair[1])
    )


def _place(execution: Execution, number: int) -> tuple[float, int]:
    """Return where an execution is in a list: by its end, or its last start while it runs; the latest first."""
    when = execution.stopped
    if when is None:
        when = execution.redriven or execution.started
    return -when, -number


def _either(wanted: str) -> ApiError:
    return ApiError("ValidationException", f"You must specify {wanted}.")  # not recorded


def _executions_of(target: Target) -> list[Execution]:
    machine: Machine = target.machine
    if machine.express:
        raise not_supported()
    executions = list(machine.executions.values())
    if target.version is not None:
        return [execution for execution in executions if execution.version_arn == target.version.arn]
    if target.alias is not None:
        return [execution for execution in executions if execution.alias_arn == target.alias.arn]
    return executions


def _listed(execution: Execution) -> Answer:
    return present(
        executionArn=execution.arn,
        stateMachineArn=execution.workflow.arn,
        name=execution.name,
        status=execution.status.value,
        startDate=date(execution.started),
        stopDate=date(execution.stopped),
        mapRunArn=None if execution.map_run is None else execution.map_run.arn,
        itemCount=execution.item_count,
        stateMachineVersionArn=execution.version_arn,
        stateMachineAliasArn=execution.alias_arn,
        redriveCount=execution.redrive_count,
        redriveDate=date(execution.redriven),
    )


def get_execution_history(call: Call) -> Answer:
    """Return the events of an execution, the oldest or the latest first."""
    execution = find_execution(call.here, call.request["executionArn"])
    history, reverse = execution.history, bool(call.request.get("reverseOrder"))
    pages = Pages(["GetExecutionHistory", execution.arn, str(reverse)], call.request, call.parts.now())
    first = pages.first()  # the id of the first event
    if first is None:
        first = len(history) if reverse else 1
    start = len(history) - first if reverse else first - 1
    with_data = call.request.get("includeExecutionData")
    events = history.shape(start, pages.size, reverse=reverse, include_data=with_data is not False)
    answer: Answer = {"events": events}
    if start + len(events) < len(history):
        answer["nextToken"] = pages.token(first - len(events) if reverse else first + len(events))
    return answer
