"""An engine for tests: its clock stands still until a test moves it, and its tasks do what the test says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from sfn_harness.stepfunctions.engine.clock import ManualClock
from sfn_harness.stepfunctions.engine.engine import Engine
from sfn_harness.stepfunctions.engine.execution import Execution
from sfn_harness.stepfunctions.engine.interface import Logging, Mocks, Workflow
from sfn_harness.stepfunctions.errors import StateError
from sfn_harness.stepfunctions.language.parser import parse
from sfn_harness.stepfunctions.ports import Scope
from sfn_harness.stepfunctions.tasks.interface import TaskCall

Json = Any

SCOPE = Scope("111111111111", "us-east-1")
ROLE = "arn:aws:iam::111111111111:role/states"
FUNCTION = "arn:aws:lambda:us-east-1:111111111111:function:f"

Work = Callable[[TaskCall], Awaitable[Json]]


class Tokens:
    """Counts tokens."""

    def __init__(self) -> None:
        self._last = 0

    def new(self) -> str:
        self._last += 1
        return f"token-{self._last}"


class Integration:
    """A task that does what a test says, with the events of a service integration."""

    waits_for_token = False

    def __init__(self, resource: str, work: Work) -> None:
        self.resource, self._work = resource, work
        self.waits_for_token = resource.endswith(".waitForTaskToken")

    async def run(self, call: TaskCall) -> Json:
        names = {"resourceType": "lambda", "resource": "invoke"}
        call.record("TaskScheduled", {**names, "region": "us-east-1", "parameters": call.parameters})
        call.record("TaskStarted", names)
        try:
            output = call.mock() if call.mock is not None else await self._work(call)
        except StateError as error:
            kind = "TaskTimedOut" if error.error == "States.Timeout" else "TaskFailed"
            texts = {"error": error.error, "cause": error.cause}
            call.record(kind, {**names, **{member: text for member, text in texts.items() if text is not None}})
            raise
        call.record("TaskSucceeded", {**names, "output": output})
        return output


class Tasks:
    """Integrations by what a test says that any of them does."""

    def __init__(self, work: Work) -> None:
        self.tokens = Tokens()
        self._work = work
        self.objects: dict[str, Sequence[Json] | StateError] = {}
        self.written: list[dict[str, Json]] = []

    def prepare(self, resource: str) -> Integration:
        return Integration(resource, self._work)

    async def read_items(
        self, resource: str, parameters: Json, config: Mapping[str, Json], call: TaskCall
    ) -> Sequence[Json]:
        items = self.objects[parameters["Key"]]
        if isinstance(items, StateError):
            raise items
        return items[: config.get("MaxItems") or len(items)]

    async def write_results(
        self,
        resource: str,
        parameters: Json,
        config: Mapping[str, Json],
        map_run_arn: str,
        results: Sequence[Mapping[str, Json]],
        call: TaskCall,
    ) -> Json:
        self.written.append({"parameters": parameters, "map_run_arn": map_run_arn, "results": list(results)})
        return {"Bucket": parameters["Bucket"], "Key": "results/manifest.json"}


class Bus:
    """Keeps the events that it gets."""

    def __init__(self) -> None:
        self.details: list[Mapping[str, Json]] = []

    def put(self, scope: Scope, detail_type: str, resources: Sequence[str], detail: Mapping[str, Json]) -> None:
        self.details.append(detail)


class LogLines:
    """Keeps the records that it gets, by log group."""

    def __init__(self) -> None:
        self.groups: dict[str, list[dict[str, Json]]] = {}

    def write(self, scope: Scope, log_group_arn: str, stream: str, records: Sequence[tuple[int, str]]) -> None:
        self.groups.setdefault(log_group_arn, []).extend(json.loads(text) for _, text in records)


class Store:
    """Keeps the map runs and the child executions that the engine makes known."""

    def __init__(self) -> None:
        self.map_runs: list[Any] = []
        self.children: list[Any] = []

    def add_map_run(self, map_run: Any) -> None:
        self.map_runs.append(map_run)

    def add_child(self, execution: Any) -> None:
        self.children.append(execution)


async def echo(call: TaskCall) -> Json:
    """Return the parameters."""
    return call.parameters


class World:
    """An engine and what is around it."""

    def __init__(self, work: Work = echo, *, seed: int = 7, start: float = 1_700_000_000.0) -> None:
        self.clock, self.tasks = ManualClock(start), Tasks(work)
        self.bus, self.logs, self.store = Bus(), LogLines(), Store()
        self.engine = Engine(
            clock=self.clock,
            services=None,
            integrations=self.tasks,
            events=self.bus,
            logs=self.logs,
            directory=self.store,
            seed=seed,
        )

    def workflow(self, definition: Json, *, express: bool = False, logging: Logging | None = None) -> Workflow:
        return Workflow(
            definition=parse(json.dumps(definition), express=express),
            arn=SCOPE.arn("stateMachine:machine"),
            name="machine",
            role_arn=ROLE,
            scope=SCOPE,
            express=express,
            logging=logging or Logging(),
        )

    def start(
        self,
        definition: Json,
        given: Json = None,
        *,
        text: str | None = None,
        mocks: Mocks | None = None,
        name: str = "one",
        express: bool = False,
        logging: Logging | None = None,
    ) -> Execution:
        return self.engine.start(
            self.workflow(definition, express=express, logging=logging),
            input=text if text is not None else json.dumps({} if given is None else given),
            name=name,
            arn=SCOPE.arn(f"execution:machine:{name}"),
            mocks=mocks,
        )

    async def run(self, definition: Json, given: Json = None, **options: Any) -> Execution:
        """Start an execution, and move the clock until it has ended."""
        execution = self.start(definition, given, **options)
        for _ in range(1000):
            await self.clock.advance(1)
            if execution.status != "RUNNING":
                return execution
        raise AssertionError(f"the execution is {execution.status}: {events(execution)}")


def states(start_at: str | None = None, **members: Json) -> dict[str, Json]:
    """Return a definition of states."""
    return {"StartAt": start_at or next(iter(members)), "States": members}


def events(execution: Execution) -> list[str]:
    """Return an execution's events, each as ``id<previous Type``."""
    return [f"{event['id']}<{event['previousEventId']} {event['type']}" for event in execution.history.shape()]


def details(execution: Execution, event_id: int) -> dict[str, Json]:
    """Return the details of an event."""
    event = execution.history.shape()[event_id - 1]
    return next((value for member, value in event.items() if member.endswith("EventDetails")), {})


def run(definition: Json, given: Json = None, *, work: Work = echo, **options: Any) -> Execution:
    """Return the execution that a definition makes, after its end."""
    return asyncio.run(World(work).run(definition, given, **options))


def failing(*errors: StateError) -> Work:
    """Return a task that fails with each of the errors once, and then returns its parameters."""
    left = list(errors)

    async def work(call: TaskCall) -> Json:
        if left:
            raise left.pop(0)
        return call.parameters

    return work
