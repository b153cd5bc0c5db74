"""TestState: one state is run by itself."""

from __future__ import annotations

from typing import Any

from sfn_harness.stepfunctions.engine.interface import Mock, StateTest, Workflow
from sfn_harness.stepfunctions.errors import ApiError
from sfn_harness.stepfunctions.json_text import JsonTextError, parse
from sfn_harness.stepfunctions.language import DefinitionError, parse_state
from sfn_harness.stepfunctions.language.tree import Map, Parallel, State, StateMachine, Task
from sfn_harness.stepfunctions.operations.definitions import parse_definition
from sfn_harness.stepfunctions.operations.mock_results import check_mock_result
from sfn_harness.stepfunctions.operations.parts import Answer, Call, Request, present
from sfn_harness.stepfunctions.operations.processors import all_states

Json = Any

_ONLY_STATE = "StateName"  # what a state is called that comes without a state machine
# The members that a context object may have, and those that are texts, in a request of TestState.
_CONTEXT = {
    "Execution": {"Id": str, "Input": object, "Name": str, "RoleArn": str, "StartTime": str, "RedriveCount": int},
    "State": {"EnteredTime": str, "Name": str, "RetryCount": int},
    "StateMachine": {"Id": str, "Name": str},
    "Task": {"Token": str},
}
_KINDS = {str: "a string", int: "a number"}


async def test_state(call: Call) -> Answer:
    """Run a state that comes alone, or one of a state machine."""
    request = call.request
    machine, state = _state(request)
    mock = _mock(request, state)
    _check_context(request, state)
    configuration = request.get("stateConfiguration") or {}
    test = StateTest(
        workflow=_workflow(call, machine),
        state=state.name,
        input=_input(request),
        variables=_parsed(request, "variables") or {},
        context=_parsed(request, "context"),
        mock=mock,
        retrier_retry_count=configuration.get("retrierRetryCount"),
        error_caused_by_state=configuration.get("errorCausedByState"),
        map_iteration_failure_count=configuration.get("mapIterationFailureCount"),
        map_item_reader_data=_parsed(configuration, "mapItemReaderData"),
        reveal_secrets=bool(request.get("revealSecrets")),
    )
    result = await call.parts.engine.test_state(test)
    return present(
        output=result.output,
        error=result.error,
        cause=result.cause,
        nextState=result.next_state,
        status=result.status,
        inspectionData=_inspection(result.inspection, request.get("inspectionLevel") or "INFO"),
    )


def _inspection(data: Answer, level: str) -> Answer | None:
    """Return what a level shows: nothing, the data's way through the state, or also the request of an HTTP task."""
    if level == "INFO":
        return None
    if level == "TRACE":
        return data
    return {name: value for name, value in data.items() if name not in ("request", "response")}


def _state(request: Request) -> tuple[StateMachine, State]:
    name = request.get("stateName")
    if name is None:
        try:
            machine = parse_state(request["definition"], name=_ONLY_STATE)
        except DefinitionError as error:
            raise ApiError("InvalidDefinition", str(error)) from error
        return machine, machine.program.states[_ONLY_STATE]
    machine = parse_definition(request["definition"], express=False)
    for state in all_states(machine.program):
        if state.name == name:
            return machine, state
    raise _invalid("State not found in definition")


def _mock(request: Request, state: State) -> Mock | None:
    given = request.get("mock")
    if given is None:
        if isinstance(state, Map | Parallel):
            raise ApiError(
                "InvalidDefinition",
                "TestState API does not support Map or Parallel states. "
                "Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]",
            )
        if isinstance(state, Task) and request.get("roleArn") is None:
            raise _invalid("RoleArn must be specified when testing a Task state")
        return None
    text, failure = given.get("result"), given.get("errorOutput")
    if text is not None and failure is not None:
        raise _invalid("A test mock should have only one of the following fields: [result, errorOutput].")
    if request.get("revealSecrets"):
        raise _invalid("TestState does not support RevealSecrets when a mock is specified.")
    if not isinstance(state, Task | Map | Parallel):
        raise _invalid(f"State type '{state.kind}' is not supported when a mock is specified")
    if failure is not None:
        return Mock(fails=True, error=failure.get("error"), cause=failure.get("cause"))
    return Mock(
        result=None if text is None else _mock_result(text, state, given.get("fieldValidationMode") or "STRICT")
    )


def _mock_result(text: str, state: Task | Map | Parallel, mode: str) -> Json:
    try:
        result = parse(text)
    except JsonTextError as error:
        raise _invalid("Mocked result must be valid JSON") from error
    if isinstance(state, Task):
        check_mock_result(state.resource, result, mode)
    elif isinstance(state, Map) and state.result_writer is not None:
        if not isinstance(result, dict):
            raise _invalid("Mocked result must be a JSON object.")
    elif not isinstance(result, list):
        raise _invalid("Mocked result must be an array.")
    return result


def _check_context(request: Request, state: State) -> None:
    context = _parsed(request, "context")
    if context is None:
        return
    for name, members in context.items():
        if name == "Map":
            raise _wrong_context("'Map' field is not supported when mocking a Context object")
        if name not in _CONTEXT:
            raise _wrong_context(f"Field '{name}' is not allowed")
        known = _CONTEXT[name]
        if not isinstance(members, dict):
            raise _wrong_context(f"{name} must be an object")
        for member, value in members.items():
            if member not in known:
                raise _wrong_context(f"Field '{member}' is not allowed")
            if not isinstance(value, known[member]):
                raise _wrong_context(f"{name}.{member} must be {_KINDS[known[member]]}")
    waits = isinstance(state, Task) and (".sync" in state.resource or state.resource.endswith(".waitForTaskToken"))
    if "Task" in context and not waits:
        raise _wrong_context(
            "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' "
            "service integration pattern"
        )


def _input(request: Request) -> str:
    text = request.get("input")
    if text is None:
        return "{}"
    try:
        parse(text)
    except JsonTextError as error:
        raise ApiError("InvalidExecutionInput", f"Invalid execution input: '{error.reason}'") from error  # not recorded
    return text


def _parsed(request: Request, member: str) -> Json:
    """Return the value of a member that is JSON, or None. Raises ApiError, whose words are not recorded."""
    text = request.get(member)
    if text is None:
        return None
    try:
        value = parse(text)
    except JsonTextError as error:
        raise _invalid(f"{member} must be valid JSON") from error
    if member != "mapItemReaderData" and not isinstance(value, dict):
        raise _invalid(f"{member} must be a JSON object")
    return value


def _workflow(call: Call, machine: StateMachine) -> Workflow:
    name = call.parts.new_id()
    scope = call.here.scope
    return Workflow(
        definition=machine,
        arn=scope.arn(f"stateMachine:{name}"),
        name=name,
        role_arn=call.request.get("roleArn") or "",
        scope=scope,
        express=True,
    )


def _invalid(message: str) -> ApiError:
    return ApiError("ValidationException", message)


def _wrong_context(reason: str) -> ApiError:
    return _invalid(f"Invalid Context object provided: {reason}")
