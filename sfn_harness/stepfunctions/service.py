"""The service: its operations, by the names in the service model."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from random import Random
from typing import Any

from sfn_harness.stepfunctions.engine.engine import Engine
from sfn_harness.stepfunctions.engine.mocks import MockConfig
from sfn_harness.stepfunctions.model import service_model
from sfn_harness.stepfunctions.operations import OPERATIONS
from sfn_harness.stepfunctions.operations.parts import Call, Parts
from sfn_harness.stepfunctions.outcomes import StoredOutcomes
from sfn_harness.stepfunctions.ports import Clock, Events, Logs, Scope, Services
from sfn_harness.stepfunctions.store import Store
from sfn_harness.stepfunctions.tasks.integrations import TaskIntegrations

Json = Any


class StepFunctions:
    """AWS Step Functions, for all accounts and regions, on one event loop.

    Args:
        services: what tasks call.
        events: the default event buses.
        logs: where execution logs go.
        clock: the time of executions.
        seed: what all random choices come from; None: they differ each time.
        mocks: the test cases that executions may play: StartExecution takes ``<ARN>#<test case>``.

    """

    def __init__(
        self,
        services: Services,
        events: Events,
        logs: Logs,
        clock: Clock,
        seed: int | None = None,
        mocks: MockConfig | None = None,
    ) -> None:
        self.model = service_model()
        self._store = Store()
        random = Random(seed)  # noqa: S311 - chance, not secrets
        tasks = TaskIntegrations(StoredOutcomes(self._store), random)
        self._engine = Engine(
            clock=clock,
            services=services,
            integrations=tasks,
            events=events,
            logs=logs,
            directory=self._store,
            seed=random.getrandbits(64),
        )
        self._parts = Parts(self._store, self._engine, tasks.tokens, tasks.activities, clock, logs, random, mocks)

    async def handle(self, operation: str, request: Mapping[str, Json], scope: Scope) -> dict[str, Json]:
        """Perform an operation.

        Args:
            operation: its name, such as ``StartExecution``.
            request: as AWS's JSON protocol has it.
            scope: where the request is made.

        Returns:
            The answer as AWS's JSON protocol has it: dates are seconds since 1970.

        Raises:
            ApiError: the operation refuses.

        """
        answer = self._answer(operation, request, scope)
        return answer if isinstance(answer, dict) else await answer

    def perform(self, operation: str, request: Mapping[str, Json], scope: Scope) -> dict[str, Json]:
        """Perform an operation that does not wait: none of GetActivityTask, StartSyncExecution and TestState.

        Takes, returns and raises what `handle` does. It has to be called on the event loop's thread.
        """
        answer = self._answer(operation, request, scope)
        if not isinstance(answer, dict):
            answer.close()
            raise TypeError(f"{operation} waits")
        return answer

    def _answer(
        self, operation: str, request: Mapping[str, Json], scope: Scope
    ) -> dict[str, Json] | Coroutine[Any, Any, dict[str, Json]]:
        self.model.operation(operation).check(request)
        return OPERATIONS[operation](Call(self._parts, self._store.region(scope), request))

    def close(self) -> None:
        """End all executions that run. Nobody is told: the event buses and the log groups may be gone."""
        self._engine.events = self._engine.logs = None
        for execution in list(self._engine.running):
            execution.stop()
