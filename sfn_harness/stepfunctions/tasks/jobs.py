"""Jobs of other services that a task starts and waits for (``.sync``): their end is looked for again and again.

Sources: "Run a Job (.sync)" and the pages of each service, Step Functions developer guide; what ECS answers and adds
was recorded on AWS (localstack/localstack tests v4.14.0, v2/services/test_ecs_task_service, 2024-02-23).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.model import OperationModel

from sfn_harness.aws import catalog
from sfn_harness.stepfunctions.errors import StateError
from sfn_harness.stepfunctions.tasks import models
from sfn_harness.stepfunctions.tasks.attempt import job_or_token
from sfn_harness.stepfunctions.tasks.interface import TaskCall
from sfn_harness.stepfunctions.tasks.optimized import Optimized
from sfn_harness.stepfunctions.tasks.tokens import Wait

Json = Any

_SECONDS = 1.0  # from one look to the next


@dataclass(frozen=True, slots=True)
class Watched:
    """How the end of a job is seen.

    Attributes:
        operation: describes it, such as ``DescribeTasks``.
        request: what that is asked, from the task's parameters and the answer to the start.
        described: the job in the answer, as states have it.
        status: the job's status.
        good: those of a job that has succeeded.
        bad: those of one that has not.
        failed: whether one that has ended well by its status has failed all the same.
        stop: the operation that ends it, and what that is asked; None: it runs on.

    """

    operation: str
    request: Callable[[Json, Json], dict[str, Json]]
    described: Callable[[Json], Json]
    status: Callable[[Json], str | None]
    good: frozenset[str]
    bad: frozenset[str]
    failed: Callable[[Json], bool] = lambda _job: False
    stop: tuple[str, Callable[[Json, Json], dict[str, Json]]] | None = None


def _task_arns(submitted: Json) -> list[str]:
    return [task["TaskArn"] for task in submitted.get("Tasks") or []]


def _has_failed(task: Json) -> bool:
    return any(container.get("ExitCode") != 0 for container in task.get("Containers") or [])


WATCHED = {
    ("athena", "startQueryExecution"): Watched(
        "GetQueryExecution",
        lambda _given, started: {"QueryExecutionId": started["QueryExecutionId"]},
        lambda answer: answer,
        lambda job: job["QueryExecution"]["Status"]["State"],
        frozenset(("SUCCEEDED",)),
        frozenset(("FAILED", "CANCELLED")),
        stop=("StopQueryExecution", lambda _given, started: {"QueryExecutionId": started["QueryExecutionId"]}),
    ),
    ("batch", "submitJob"): Watched(
        "DescribeJobs",
        lambda _given, started: {"Jobs": [started["JobId"]]},
        lambda answer: next(iter(answer.get("Jobs") or []), None),
        lambda job: job["Status"],
        frozenset(("SUCCEEDED",)),
        frozenset(("FAILED",)),
        stop=("TerminateJob", lambda _given, started: {"JobId": started["JobId"], "Reason": "Aborted"}),
    ),
    ("codebuild", "startBuild"): Watched(
        "BatchGetBuilds",
        lambda _given, started: {"Ids": [started["Build"]["Id"]]},
        lambda answer: {"Build": answer["Builds"][0]} if answer.get("Builds") else None,
        lambda job: job["Build"]["BuildStatus"],
        frozenset(("SUCCEEDED",)),
        frozenset(("FAILED", "FAULT", "STOPPED", "TIMED_OUT")),
        stop=("StopBuild", lambda _given, started: {"Id": started["Build"]["Id"]}),
    ),
    ("ecs", "runTask"): Watched(
        "DescribeTasks",
        lambda given, started: {"Cluster": given.get("Cluster"), "Tasks": _task_arns(started)},
        lambda answer: next(iter(answer.get("Tasks") or []), None),
        lambda job: job.get("LastStatus"),
        frozenset(("STOPPED",)),
        frozenset(),
        _has_failed,
        ("StopTask", lambda given, started: {"Cluster": given.get("Cluster"), "Task": _task_arns(started)[0]}),
    ),
    ("glue", "startJobRun"): Watched(
        "GetJobRun",
        lambda given, started: {"JobName": given.get("JobName"), "RunId": started["JobRunId"]},
        lambda answer: answer.get("JobRun"),
        lambda job: job["JobRunState"],
        frozenset(("SUCCEEDED",)),
        frozenset(("FAILED", "STOPPED", "TIMEOUT", "ERROR", "EXPIRED")),
        stop=(
            "BatchStopJobRun",
            lambda given, started: {"JobName": given.get("JobName"), "JobRunIds": [started["JobRunId"]]},
        ),
    ),
}


class StartJob(Optimized):
    """Starts a job, and waits for its end.

    Args:
        service: its name in resources.
        operation: the one that starts the job.
        watched: how its end is seen.

    """

    def __init__(self, service: str, operation: OperationModel, watched: Watched) -> None:
        super().__init__(service, operation)
        self._watched = watched

    def accept(self, call: TaskCall) -> Json:
        """Return the parameters; AWS says to ECS who has started the task."""
        parameters = super().accept(call)
        if self._operation.name == "RunTask" and isinstance(parameters, dict):
            return {"StartedBy": "AWS Step Functions", **parameters}
        return parameters

    async def finish(self, call: TaskCall, submitted: Json, wait: Wait) -> Json:
        """Return what the service says of the job that has ended. Raises StateError (States.TaskFailed)."""
        if self._operation.name == "RunTask" and not _task_arns(submitted):
            raise StateError("ECS.AmazonECSException", models.compact(submitted))
        return await job_or_token(self._watch(call, submitted), wait, lambda: self._stop(call, submitted))

    async def _watch(self, call: TaskCall, submitted: Json) -> Json:
        watched = self._watched
        while True:
            answer = await self._ask(call, watched.operation, watched.request(call.parameters, submitted))
            job = watched.described(answer)
            status = None if job is None else watched.status(job)
            if status in watched.bad or (status in watched.good and watched.failed(job)):
                raise StateError("States.TaskFailed", models.compact(job))
            if status in watched.good:
                return job
            await call.clock.sleep(_SECONDS)

    async def _ask(self, call: TaskCall, operation: str, parameters: Mapping[str, Json]) -> Json:
        model = catalog.operation_model(self._naming.botocore, operation)
        answer = await self.call(call, models.request(model.input_shape, parameters), model.name)
        return models.result(model.output_shape, answer, models.moment_number)

    async def _stop(self, call: TaskCall, submitted: Json) -> None:
        if self._watched.stop is None:
            return
        operation, request = self._watched.stop
        try:
            await self._ask(call, operation, request(call.parameters, submitted))
        except StateError:
            return  # it has ended, or the role may not stop it
