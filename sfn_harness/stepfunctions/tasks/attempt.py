"""One attempt of a service integration: its events, its time, and what ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol

from sfn_harness.stepfunctions.errors import StateError
from sfn_harness.stepfunctions.resources import Pattern, ServiceResource
from sfn_harness.stepfunctions.tasks.deadline import Deadline, DeadlinePassedError
from sfn_harness.stepfunctions.tasks.interface import TaskCall
from sfn_harness.stepfunctions.tasks.models import compact
from sfn_harness.stepfunctions.tasks.tokens import TaskTokens, Wait

Json = Any

MOST_BYTES = 262_144  # a task's result in UTF-8; source: "Step Functions service quotas", developer guide


class Target(Protocol):
    """What a service integration calls."""

    def accept(self, call: TaskCall) -> Json:
        """Return the parameters as the events show them. Raises StateError: they can't be used."""
        ...

    async def submit(self, call: TaskCall, parameters: Json) -> Json:
        """Call the service and return its answer as states have it. Raises StateError."""
        ...


class Job(Target, Protocol):
    """What a service integration starts, and whose end it may wait for (.sync)."""

    async def finish(self, call: TaskCall, submitted: Json, wait: Wait) -> Json:
        """Wait for the job's end, or for the token, and return the result.

        Raises StateError. Cancelled, it takes the job back.
        """
        ...


async def job_or_token(job: Coroutine[Any, Any, Json], wait: Wait, stop: Callable[[], Awaitable[None]]) -> Json:
    """Return the result of a job, or what has been sent for the token before its end; stop the job when cancelled.

    That the token of a job is answered, too, was recorded on AWS (localstack/localstack tests v4.14.0, v2/callback,
    test_sync_with_task_token, 2024-07-12).
    """
    ended = asyncio.ensure_future(job)
    try:
        await asyncio.wait((ended, wait.outcome), return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        await stop()
        raise
    finally:
        ended.cancel()
    return wait.outcome.result() if wait.outcome.done() else ended.result()


def too_large(value: Json, name: str) -> StateError | None:
    """Return the error of a task whose result is too large. ``name`` is the service's, or the function's ARN."""
    text = compact(value)
    if len(text) * 4 <= MOST_BYTES or len(text.encode()) <= MOST_BYTES:
        return None
    return StateError(
        "States.DataLimitExceeded",
        f"The state/task '{name}' returned a result with a size exceeding the maximum number of bytes service limit.",
    )


class ServiceTask:
    """A Task state whose resource is a service integration.

    Args:
        resource: what it names.
        target: what it calls.
        tokens: those of the service.
        job: the target, if it is a job whose end the resource waits for.

    """

    def __init__(self, resource: ServiceResource, target: Target, tokens: TaskTokens, job: Job | None = None) -> None:
        self.resource = resource.arn
        self.waits_for_token = resource.pattern is not Pattern.RESPONSE
        self._target, self._tokens, self._pattern, self._job = target, tokens, resource.pattern, job
        self._names = {"resourceType": resource.event_type, "resource": resource.event_resource}
        self._service = resource.service

    async def run(self, call: TaskCall) -> Json:
        """Do one attempt. Raises StateError."""
        parameters = self._target.accept(call)
        call.record("TaskScheduled", self._scheduled(call, parameters))
        call.record("TaskStarted", self._names)
        try:
            output = await self._done(call, parameters)
        except DeadlinePassedError as passed:
            call.record("TaskTimedOut", {**self._names, "error": "States.Timeout"})
            raise passed.error from None
        except StateError as error:
            self._failed(call, error)
            raise
        error = too_large(output, self._service)
        if error is not None:
            self._failed(call, error)
            raise error
        call.record("TaskSucceeded", {**self._names, "output": output})
        return output

    def _scheduled(self, call: TaskCall, parameters: Json) -> dict[str, Json]:
        details = {**self._names, "region": call.role.scope.region, "parameters": parameters}
        if call.timeout_seconds is not None:
            details["timeoutInSeconds"] = call.timeout_seconds
        if call.heartbeat_seconds is not None:
            details["heartbeatInSeconds"] = call.heartbeat_seconds
        if call.credentials is not None:
            details["taskCredentials"] = {"roleArn": call.credentials.get("RoleArn")}
        return details

    def _failed(self, call: TaskCall, error: StateError) -> None:
        details = dict(self._names)
        if error.error is not None:
            details["error"] = error.error
        if error.cause is not None:
            details["cause"] = error.cause
        call.record("TaskFailed", details)

    async def _done(self, call: TaskCall, parameters: Json) -> Json:
        if call.mock is not None:
            if self._pattern is not Pattern.RESPONSE:
                call.record("TaskSubmitted", {**self._names, "output": {}})
            return call.mock()
        waits = self._pattern is not Pattern.RESPONSE
        heartbeat = call.heartbeat_seconds if waits else None
        async with Deadline(call.clock, call.timeout_seconds, heartbeat) as deadline:
            if not waits:
                return await self._target.submit(call, parameters)
            with self._tokens.open(call.token or self._tokens.new(), deadline) as wait:
                submitted = await self._target.submit(call, parameters)
                call.record("TaskSubmitted", {**self._names, "output": submitted})
                return await self._waited(call, submitted, wait)

    async def _waited(self, call: TaskCall, submitted: Json, wait: Wait) -> Json:
        if self._job is None:
            return await wait.outcome
        return await self._job.finish(call, submitted, wait)
