"""A world for tasks: services that answer what a test says, a clock that a test moves, events in a list."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sfn_harness.stepfunctions.errors import StateError
from sfn_harness.stepfunctions.ports import Role, Scope
from sfn_harness.stepfunctions.tasks.integrations import TaskIntegrations
from sfn_harness.stepfunctions.tasks.interface import TaskCall

SCOPE = Scope("111111111111", "us-east-1")
ROLE = Role(
    "arn:aws:iam::111111111111:role/states", "arn:aws:states:us-east-1:111111111111:stateMachine:machine", SCOPE
)
EXECUTION = "arn:aws:states:us-east-1:111111111111:execution:machine:run"
REQUEST_ID = "f4b4c6f2-1f0e-4c9e-9d6c-3a8a7b1c2d3e"


class Timer:
    """A call of the clock's."""

    def __init__(self, callback: Callable[[], object]) -> None:
        self.callback: Callable[[], object] | None = callback

    def cancel(self) -> None:
        self.callback = None


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.time = 1_762_432_523.0
        self._timers: list[tuple[float, int, Timer]] = []
        self._numbers = itertools.count()

    def now(self) -> float:
        return self.time

    def call_at(self, when: float, callback: Callable[[], object]) -> Timer:
        timer = Timer(callback)
        heapq.heappush(self._timers, (when, next(self._numbers), timer))
        return timer

    async def sleep(self, seconds: float) -> None:
        over = asyncio.Event()
        self.call_at(self.time + seconds, over.set)
        await over.wait()

    async def pass_by(self, seconds: float) -> None:
        """Let time pass, and everybody do what they do then."""
        self.time += seconds
        while self._timers and self._timers[0][0] <= self.time:
            callback = heapq.heappop(self._timers)[2].callback
            if callback is not None:
                callback()
        await settle()


async def settle() -> None:
    """Let everybody run who can."""
    for _ in range(20):
        await asyncio.sleep(0)


@dataclass
class Services:
    """Answers by (service, operation): an answer, an exception, or a function of the parameters that may be async."""

    answers: dict[tuple[str, str], Any] = field(default_factory=dict)
    calls: list[tuple[str, str, Any]] = field(default_factory=list)
    connections: dict[str, Any] = field(default_factory=dict)

    async def call(self, service: str, operation: str, parameters: Mapping[str, Any], role: Role) -> dict[str, Any]:
        self.calls.append((service, operation, parameters))
        answer = self.answers[service, operation]
        if callable(answer):
            answer = answer(parameters)
            if asyncio.iscoroutine(answer):
                answer = await answer
        if isinstance(answer, Exception):
            raise answer
        return {**answer, "ResponseMetadata": {"RequestId": REQUEST_ID, "HTTPStatusCode": 200, "HTTPHeaders": {}}}

    async def connection(self, arn: str, method: str, url: str, role: Role) -> Any:
        return self.connections[arn]

    async def http(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Any:
        self.calls.append((method, url, (dict(headers), body)))
        answer = self.answers[method, url]
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class Outcomes:
    """What the service itself says."""

    ended_executions: dict[str, Any] = field(default_factory=dict)
    activities: set[str] = field(default_factory=set)

    async def ended(self, execution_arn: str) -> Mapping[str, Any]:
        while execution_arn not in self.ended_executions:
            await asyncio.sleep(0)
        return self.ended_executions[execution_arn]

    def has_activity(self, activity_arn: str) -> bool:
        return activity_arn in self.activities


class World:
    """Everything that a task needs."""

    def __init__(self) -> None:
        self.clock, self.services, self.outcomes = Clock(), Services(), Outcomes()
        self.integrations = TaskIntegrations(self.outcomes, Random(1))
        self.events: list[tuple[str, Mapping[str, Any]]] = []

    def call(self, parameters: Any, **members: Any) -> TaskCall:
        """Return an attempt."""
        return TaskCall(
            parameters=parameters,
            role=ROLE,
            services=self.services,
            clock=self.clock,
            record=lambda kind, details=None: self.events.append((kind, details or {})),
            state="S",
            entered=2,
            execution_arn=EXECUTION,
            **members,
        )

    async def attempt(self, resource: str, parameters: Any, **members: Any) -> Any:
        """Do one attempt, and return its result or its error."""
        integration = self.integrations.prepare(resource)
        if integration.waits_for_token:
            members.setdefault("token", self.integrations.tokens.new())
        try:
            return await integration.run(self.call(parameters, **members))
        except StateError as error:
            return error.error, error.cause

    def run(self, resource: str, parameters: Any, **members: Any) -> Any:
        """Do one attempt without anything beside it."""
        return asyncio.run(self.attempt(resource, parameters, **members))

    @property
    def kinds(self) -> list[str]:
        """The types of the events."""
        return [kind for kind, _ in self.events]
