"""Activities: tasks in the order in which they came, and workers that wait for them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sfn_harness.stepfunctions.errors import StateError
from sfn_harness.stepfunctions.tasks.deadline import Deadline, DeadlinePassedError
from sfn_harness.stepfunctions.tasks.interface import Outcomes, TaskCall
from sfn_harness.stepfunctions.tasks.tokens import TaskTokens

Json = Any

_POLL_SECONDS = 60.0


@dataclass(slots=True, eq=False)
class Scheduled:
    """A task that waits for a worker."""

    token: str
    input: Json
    start: Callable[[str | None], None]  # is called with the worker's name


class ActivityQueues:
    """The queue of each activity."""

    def __init__(self) -> None:
        self._tasks: dict[str, deque[Scheduled]] = {}
        self._workers: dict[str, deque[tuple[asyncio.Future[Scheduled], str | None]]] = {}

    def put(self, activity_arn: str, task: Scheduled) -> None:
        """Hand a task to the worker that has waited longest, or keep it for the next one."""
        workers = self._workers.get(activity_arn)
        while workers:
            future, name = workers.popleft()
            if not future.done():
                task.start(name)
                future.set_result(task)
                return
        self._tasks.setdefault(activity_arn, deque()).append(task)

    def withdraw(self, activity_arn: str, task: Scheduled) -> None:
        """Forget a task that no worker has taken."""
        tasks = self._tasks.get(activity_arn)
        if tasks is not None and task in tasks:
            tasks.remove(task)

    async def take(self, activity_arn: str, worker_name: str | None) -> tuple[str, Json] | None:
        """Return (token, input) of the oldest task, or None when none comes in time."""
        tasks = self._tasks.get(activity_arn)
        if tasks:
            task = tasks.popleft()
            task.start(worker_name)
            return task.token, task.input
        future: asyncio.Future[Scheduled] = asyncio.get_running_loop().create_future()
        waiting = (future, worker_name)
        self._workers.setdefault(activity_arn, deque()).append(waiting)
        try:
            async with asyncio.timeout(_POLL_SECONDS):
                task = await future
        except TimeoutError:
            return None
        finally:
            if waiting in self._workers[activity_arn]:
                self._workers[activity_arn].remove(waiting)
        return task.token, task.input


class ActivityTask:
    """A task that a worker does."""

    waits_for_token = False

    def __init__(self, arn: str, tokens: TaskTokens, queues: ActivityQueues, outcomes: Outcomes) -> None:
        self.resource = arn
        self._tokens, self._queues, self._outcomes = tokens, queues, outcomes

    async def run(self, call: TaskCall) -> Json:
        """Do one attempt. Raises StateError."""
        if not self._outcomes.has_activity(self.resource) and call.mock is None:
            raise call.broken(f"The activity {self.resource} does not exist.")
        details: dict[str, Json] = {"resource": self.resource, "input": call.parameters}
        if call.timeout_seconds is not None:
            details["timeoutInSeconds"] = call.timeout_seconds
        if call.heartbeat_seconds is not None:
            details["heartbeatInSeconds"] = call.heartbeat_seconds
        call.record("ActivityScheduled", details)
        try:
            output = await self._worked(call)
        except DeadlinePassedError as passed:
            call.record("ActivityTimedOut", {"error": "States.Timeout"})
            raise passed.error from None
        except StateError as error:
            failed = {"error": error.error, "cause": error.cause}
            call.record("ActivityFailed", {name: text for name, text in failed.items() if text is not None})
            raise
        call.record("ActivitySucceeded", {"output": output})
        return output

    async def _worked(self, call: TaskCall) -> Json:
        def started(worker_name: str | None) -> None:
            call.record("ActivityStarted", {} if worker_name is None else {"workerName": worker_name})

        if call.mock is not None:
            started(None)
            return call.mock()
        token = self._tokens.new()
        task = Scheduled(token, call.parameters, started)
        async with Deadline(call.clock, call.timeout_seconds, call.heartbeat_seconds) as deadline:
            with self._tokens.open(token, deadline) as wait:
                self._queues.put(self.resource, task)
                try:
                    return await wait.outcome
                finally:
                    self._queues.withdraw(self.resource, task)
