"""A Step Functions service in the test's own process, with services that the test makes and a clock that it moves."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sfn_harness.aws.errors import ApiError
from sfn_harness.stepfunctions.engine.clock import ManualClock
from sfn_harness.stepfunctions.engine.mocks import MockConfig
from sfn_harness.stepfunctions.errors import ServiceError
from sfn_harness.stepfunctions.ports import Connection, HttpAnswer, Role, Scope
from sfn_harness.stepfunctions.service import StepFunctions

Json = Any

ACCOUNT, REGION = "111111111111", "us-east-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/states"
NOON = 1_700_049_600.0  # 2023-11-15T12:00:00Z, when every world begins

PASS = {"StartAt": "State_1", "States": {"State_1": {"Type": "Pass", "Result": {"Arg1": "argument1"}, "End": True}}}
WAIT = {"StartAt": "State_1", "States": {"State_1": {"Type": "Wait", "Seconds": 60, "End": True}}}
FAIL = {"StartAt": "State_1", "States": {"State_1": {"Type": "Fail", "Error": "SomeFailure", "Cause": "a cause"}}}


class FakeServices:
    """Services that a test gives: ``services["lambda", "Invoke"] = function of the parameters``.

    Step Functions itself is there.
    """

    sfn: StepFunctions

    def __init__(self) -> None:
        self._operations: dict[tuple[str, str], Callable[[Mapping[str, Json]], Json]] = {}
        self.calls: list[tuple[str, str, Mapping[str, Json], Role]] = []
        self.answer_http: Callable[..., HttpAnswer] | None = None
        self.connections: dict[str, Connection] = {}

    def __setitem__(self, operation: tuple[str, str], perform: Callable[[Mapping[str, Json]], Json]) -> None:
        self._operations[operation] = perform

    async def call(self, service: str, operation: str, parameters: Mapping[str, Json], role: Role) -> dict[str, Json]:
        self.calls.append((service, operation, parameters, role))
        perform = self._operations.get((service, operation))
        if perform is None and service == "stepfunctions":
            return await self._call_itself(operation, parameters, role.scope)
        if perform is None:
            raise ServiceError("UnknownOperationException", f"the test has no {service} {operation}")
        answer = perform(parameters)
        return await answer if inspect.isawaitable(answer) else answer

    async def _call_itself(self, operation: str, parameters: Mapping[str, Json], scope: Scope) -> dict[str, Json]:
        try:
            answer = await self.sfn.handle(operation, parameters, scope)
        except ApiError as error:
            raise ServiceError(error.code, error.message) from error
        return self.sfn.model.operation(operation).parsed(answer)

    async def connection(self, arn: str, method: str, url: str, role: Role) -> Connection:
        if arn not in self.connections:
            raise ServiceError("ResourceNotFoundException", f"the test has no connection {arn}")
        return self.connections[arn]

    async def http(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> HttpAnswer:
        if self.answer_http is None:
            raise OSError("the test has no web server")
        return self.answer_http(method, url, headers, body)


class FakeEvents:
    """Keeps events."""

    def __init__(self) -> None:
        self.put_events: list[tuple[str, Sequence[str], Mapping[str, Json]]] = []

    def put(self, scope: Scope, detail_type: str, resources: Sequence[str], detail: Mapping[str, Json]) -> None:
        self.put_events.append((detail_type, resources, detail))


class FakeLogs:
    """Log groups, and the records in them."""

    def __init__(self) -> None:
        self.groups: dict[str, list[tuple[int, str]]] = {}

    def write(self, scope: Scope, log_group_arn: str, stream: str, records: Sequence[tuple[int, str]]) -> None:
        if log_group_arn in self.groups:
            self.groups[log_group_arn].extend(records)

    def has_group(self, log_group_arn: str) -> bool:
        return log_group_arn in self.groups


class World:
    """The service, and its surroundings. Its methods are plain functions: they run the event loop themselves.

    Attributes:
        services: what tasks call.
        events: what has been put on the default bus.
        logs: log groups.
        clock: stands still, unless `advance` moves it.
        sfn: the service.

    """

    def __init__(self, *, seed: int = 0, mocks: MockConfig | None = None) -> None:
        self._runner = asyncio.Runner()
        self.services, self.events, self.logs = FakeServices(), FakeEvents(), FakeLogs()
        self.clock = ManualClock(NOON)
        self.scope = Scope(ACCOUNT, REGION)
        self.sfn = StepFunctions(self.services, self.events, self.logs, self.clock, seed, mocks)
        self.services.sfn = self.sfn
        self._created: dict[str, int] = defaultdict(int)

    def __enter__(self) -> World:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.close()

    def call(self, operation: str, **request: Json) -> dict[str, Json]:
        """Perform an operation. What it answers has to be what the service's model says. Raises ApiError."""
        return self._runner.run(self._call(operation, request))

    async def _call(self, operation: str, request: dict[str, Json]) -> dict[str, Json]:
        answer = await self.sfn.handle(operation, request, self.scope)
        json.dumps(answer)
        faults = self.sfn.model.operation(operation).faults(answer)
        assert not faults, faults
        return answer

    def begin(self, operation: str, **request: Json) -> asyncio.Task[dict[str, Json]]:
        """Begin an operation that waits; its answer is what `result` of the task returns once it is done."""

        async def begin() -> asyncio.Task[dict[str, Json]]:
            return asyncio.create_task(self._call(operation, request))

        task = self._runner.run(begin())
        self.settle()
        return task

    def refused(self, operation: str, **request: Json) -> tuple[str, str]:
        """Return the code and the message of the error with which an operation refuses a request."""
        try:
            answer = self.call(operation, **request)
        except ApiError as error:
            known = self.sfn.model.operation(operation).errors | {"ValidationException", "SerializationException"}
            assert error.code in known, f"{operation} knows no {error.code}"
            return error.code, error.message
        raise AssertionError(f"{operation} answered {answer}")

    def create(self, definition: Json, **settings: Json) -> str:
        """Create a state machine and return its ARN."""
        self._created["machines"] += 1
        request = {"name": f"machine{self._created['machines']}", "roleArn": ROLE, **settings}
        text = definition if isinstance(definition, str) else json.dumps(definition)
        return self.call("CreateStateMachine", definition=text, **request)["stateMachineArn"]

    def start(self, arn: str, input: Json = None, **settings: Json) -> str:  # noqa: A002
        """Start an execution, let it run until it waits for the clock or the test, and return its ARN."""
        if input is not None:
            settings["input"] = json.dumps(input)
        started = self.call("StartExecution", stateMachineArn=arn, **settings)["executionArn"]
        self.settle()
        return started

    def run(self, definition: Json, input: Json = None, **settings: Json) -> dict[str, Json]:  # noqa: A002
        """Return the description of an execution of a new state machine; it has ended, unless it waits."""
        return self.describe(self.start(self.create(definition, **settings), input))

    def describe(self, execution_arn: str) -> dict[str, Json]:
        """Describe an execution."""
        return self.call("DescribeExecution", executionArn=execution_arn)

    def history(self, execution_arn: str, **request: Json) -> list[dict[str, Json]]:
        """Return the events of an execution."""
        return self.call("GetExecutionHistory", executionArn=execution_arn, maxResults=1000, **request)["events"]

    def advance(self, seconds: float) -> None:
        """Move the clock, and let happen what happens by then."""
        self._runner.run(self.clock.advance(seconds))

    def settle(self) -> None:
        """Let everything happen that does not wait for the clock."""
        self.advance(0)
