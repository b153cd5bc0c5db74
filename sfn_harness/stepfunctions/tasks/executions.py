"""Nested executions: ``states:startExecution``, with and without ``.sync``."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from botocore.model import OperationModel

from sfn_harness.aws import catalog
from sfn_harness.stepfunctions.errors import NotAssumableError, ServiceError, StateError
from sfn_harness.stepfunctions.resources import Pattern
from sfn_harness.stepfunctions.tasks import models
from sfn_harness.stepfunctions.tasks.interface import Outcomes, TaskCall
from sfn_harness.stepfunctions.tasks.optimized import Optimized
from sfn_harness.stepfunctions.tasks.tokens import Wait

Json = Any


class StartExecution(Optimized):
    """Starts an execution, and may wait for its end.

    Args:
        operation: StartExecution.
        outcomes: knows when executions end.

    """

    def __init__(self, operation: OperationModel, outcomes: Outcomes) -> None:
        super().__init__("states", operation)
        self._outcomes = outcomes

    async def finish(self, call: TaskCall, submitted: Json, pattern: Pattern, wait: Wait) -> Json:
        """Return the description of the execution that has ended, or what has been sent for the token.

        That a token is answered, too, was recorded on AWS (2024-07-12, v2/callback, test_sync_with_task_token).
        """
        arn = submitted["ExecutionArn"]
        ended = asyncio.ensure_future(self._outcomes.ended(arn))
        try:
            await asyncio.wait((ended, wait.outcome), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            # The nested execution is stopped with the one that waits for it.
            await _stop(call, arn)
            raise
        finally:
            ended.cancel()
        if wait.outcome.done():
            return wait.outcome.result()
        return _outcome(ended.result(), pattern)


async def _stop(call: TaskCall, arn: str) -> None:
    try:
        await call.services.call("stepfunctions", "StopExecution", {"executionArn": arn}, call.role)
    except (ServiceError, NotAssumableError):
        return  # it has ended, or the role may not stop it


def _outcome(description: Mapping[str, Json], pattern: Pattern) -> Json:
    shape = catalog.operation_model("stepfunctions", "describeExecution").output_shape
    known = {name: value for name, value in description.items() if name != "traceHeader"}
    found = models.result(shape, known, models.moment_number)
    for details in ("InputDetails", "OutputDetails"):
        if details in found:
            found[details] = {"Included": found[details].get("Included", True)}
    if pattern is Pattern.SYNC_2:
        for name in ("Input", "Output"):
            if name in found:
                found[name] = json.loads(found[name])
    found = dict(sorted(found.items()))
    if found["Status"] == "SUCCEEDED":
        return found
    raise StateError("States.TaskFailed", models.compact(found))
