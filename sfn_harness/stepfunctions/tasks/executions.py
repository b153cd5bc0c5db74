"""Nested executions: ``states:startExecution``, with and without ``.sync``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from botocore.model import OperationModel

from sfn_harness.aws import catalog
from sfn_harness.stepfunctions.errors import NotAssumableError, ServiceError, StateError
from sfn_harness.stepfunctions.tasks import models
from sfn_harness.stepfunctions.tasks.attempt import job_or_token
from sfn_harness.stepfunctions.tasks.interface import Outcomes, TaskCall
from sfn_harness.stepfunctions.tasks.optimized import Optimized
from sfn_harness.stepfunctions.tasks.tokens import Wait

Json = Any


class StartExecution(Optimized):
    """Starts an execution, and may wait for its end.

    Args:
        operation: StartExecution.
        outcomes: knows when executions end.
        parses: the result has input and output as JSON, not as texts (``.sync:2``).

    """

    def __init__(self, operation: OperationModel, outcomes: Outcomes, *, parses: bool) -> None:
        super().__init__("states", operation)
        self._outcomes, self._parses = outcomes, parses

    async def finish(self, call: TaskCall, submitted: Json, wait: Wait) -> Json:
        """Return the description of the execution that has ended, or what has been sent for the token."""
        arn = submitted["ExecutionArn"]
        return await job_or_token(self._ended(arn), wait, lambda: _stop(call, arn))

    async def _ended(self, arn: str) -> Json:
        return _outcome(await self._outcomes.ended(arn), parses=self._parses)


async def _stop(call: TaskCall, arn: str) -> None:
    try:
        await call.services.call("stepfunctions", "StopExecution", {"executionArn": arn}, call.role)
    except (ServiceError, NotAssumableError):
        return  # it has ended, or the role may not stop it


def _outcome(description: Mapping[str, Json], *, parses: bool) -> Json:
    shape = catalog.operation_model("stepfunctions", "describeExecution").output_shape
    known = {name: value for name, value in description.items() if name != "traceHeader"}
    found = models.result(shape, known, models.moment_number)
    for details in ("InputDetails", "OutputDetails"):
        if details in found:
            found[details] = {"Included": found[details].get("Included", True)}
    if parses:
        for name in ("Input", "Output"):
            if name in found:
                found[name] = json.loads(found[name])
    found = dict(sorted(found.items()))
    if found["Status"] == "SUCCEEDED":
        return found
    raise StateError("States.TaskFailed", models.compact(found))
