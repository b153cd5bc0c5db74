"""What a service's Task states can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from sfn_harness.aws import catalog
from sfn_harness.stepfunctions.errors import StateError
from sfn_harness.stepfunctions.resources import (
    ActivityResource,
    FunctionResource,
    Pattern,
    ServiceResource,
    parse_resource,
)
from sfn_harness.stepfunctions.tasks import readers, writers
from sfn_harness.stepfunctions.tasks.activities import ActivityQueues, ActivityTask
from sfn_harness.stepfunctions.tasks.attempt import ServiceTask
from sfn_harness.stepfunctions.tasks.executions import StartExecution
from sfn_harness.stepfunctions.tasks.functions import FunctionTask, Invoke
from sfn_harness.stepfunctions.tasks.interface import Integration, Outcomes, TaskCall
from sfn_harness.stepfunctions.tasks.jobs import WATCHED, StartJob
from sfn_harness.stepfunctions.tasks.optimized import NAMINGS, Optimized, PutEvents
from sfn_harness.stepfunctions.tasks.sdk import Sdk
from sfn_harness.stepfunctions.tasks.tokens import TaskTokens
from sfn_harness.stepfunctions.tasks.web import InvokeApi, InvokeHttp

Json = Any

_WEB = {("apigateway", "invoke"): InvokeApi, ("http", "invoke"): InvokeHttp}
_SYNC = (Pattern.SYNC, Pattern.SYNC_2)


class TaskIntegrations:
    """The integrations, made when they are first asked for, with the tokens and the activities of one service.

    Args:
        outcomes: what tasks ask the service itself.
        random: makes the key of the tokens' seals.

    """

    def __init__(self, outcomes: Outcomes, random: Random) -> None:
        self.tokens = TaskTokens(random)
        self.activities = ActivityQueues()
        self._outcomes = outcomes
        self._made: dict[str, Integration] = {}

    def prepare(self, resource: str) -> Integration:
        """Return the integration of a resource. Raises StateError (States.Runtime): there is none."""
        made = self._made.get(resource)
        if made is None:
            made = self._made[resource] = self._make(resource)
        return made

    async def read_items(
        self, resource: str, parameters: Json, config: Mapping[str, Json], call: TaskCall
    ) -> Sequence[Json]:
        """Return the items of an ItemReader. Raises StateError (States.ItemReaderFailed)."""
        return await readers.read_items(resource, parameters, config, call)

    async def write_results(
        self,
        resource: str,
        parameters: Json,
        config: Mapping[str, Json],
        map_run_arn: str,
        results: Sequence[Mapping[str, Json]],
        call: TaskCall,
    ) -> Json:
        """Write results with a ResultWriter. Raises StateError (States.ResultWriterFailed)."""
        if not resource.endswith(":s3:putObject"):
            raise StateError("States.Runtime", f"The resource provided {resource} is not recognized.")
        return await writers.write_results(parameters, config, map_run_arn, results, call)

    def _make(self, resource: str) -> Integration:
        named = parse_resource(resource)
        if isinstance(named, FunctionResource):
            return FunctionTask(named.arn)
        if isinstance(named, ActivityResource):
            return ActivityTask(named.arn, self.tokens, self.activities, self._outcomes)
        task = None if named is None else self._service_task(named)
        if task is None:
            raise StateError("States.Runtime", f"The resource provided {resource} is not recognized.")
        return task

    def _service_task(self, named: ServiceResource) -> ServiceTask | None:
        if named.sdk:
            botocore = catalog.botocore_name(named.service)
            operation = catalog.operation_model(botocore, named.action) if botocore is not None else None
            if operation is None or botocore is None or named.pattern not in (Pattern.RESPONSE, Pattern.CALLBACK):
                return None
            return ServiceTask(named, Sdk(botocore, operation), self.tokens)
        web = _WEB.get((named.service, named.action))
        if web is not None:
            return ServiceTask(named, web(), self.tokens)
        naming = NAMINGS.get(named.service)
        operation = catalog.operation_model(naming.botocore, named.action) if naming is not None else None
        if operation is None:
            return None
        if (named.service, named.action) == ("states", "startExecution"):
            start = StartExecution(operation, self._outcomes, parses=named.pattern is Pattern.SYNC_2)
            return ServiceTask(named, start, self.tokens, start if named.pattern in _SYNC else None)
        watched = WATCHED.get((named.service, named.action))
        if named.pattern in _SYNC:
            if watched is None:
                return None
            job = StartJob(named.service, operation, watched)
            return ServiceTask(named, job, self.tokens, job)
        kinds = {("lambda", "invoke"): Invoke, ("events", "putEvents"): PutEvents}
        target = kinds.get((named.service, named.action), Optimized)(named.service, operation)
        return ServiceTask(named, target, self.tokens)
