"""The engine: what executions share, and where they start."""

from __future__ import annotations

import random
import uuid

from sfn_harness.stepfunctions.engine.execution import Execution
from sfn_harness.stepfunctions.engine.interface import Directory, Mocks, StateTest, StateTestResult, Workflow
from sfn_harness.stepfunctions.engine.map_run import MapRun, Portion
from sfn_harness.stepfunctions.engine.state_test import run_test
from sfn_harness.stepfunctions.expressions.types import Environment
from sfn_harness.stepfunctions.ports import Clock, Events, Logs, Services
from sfn_harness.stepfunctions.tasks.interface import Integrations


class Engine:
    """Runs executions on the running event loop.

    Attributes:
        clock: the time of all that executions do.
        services: what tasks call.
        integrations: what tasks can do.
        events: the event bus; None: no events.
        logs: CloudWatch Logs; None: no logs.
        directory: where map runs and their child executions are made known; None: nowhere.
        random: where ids and jitter come from.
        running: the executions that run.

    """

    def __init__(
        self,
        *,
        clock: Clock,
        services: Services,
        integrations: Integrations,
        events: Events | None = None,
        logs: Logs | None = None,
        directory: Directory | None = None,
        seed: int | None = None,
    ) -> None:
        """Make an engine. The same seed and clock, and the same order of starts, give the same histories."""
        self.clock, self.services, self.integrations = clock, services, integrations
        self.events, self.logs, self.directory = events, logs, directory
        self.random = random.Random(seed)  # noqa: S311 - chance, not secrets
        self.environment = Environment(self.random, clock.now)
        self.running: set[Execution] = set()

    def new_id(self) -> str:
        """Return a new UUID."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    async def test_state(self, test: StateTest) -> StateTestResult:
        """Run one state; see `interface.Engine`."""
        return await run_test(self, test)

    def make_child(self, map_run: MapRun, portion: Portion) -> Execution:
        """Return a child execution of a map run, not started yet."""
        workflow, name = map_run.workflow, self.new_id()
        if workflow.express:
            arn = workflow.scope.arn(f"express:{workflow.name}:{name}:{self.new_id()}")
        else:
            arn = workflow.scope.arn(f"execution:{workflow.name}:{name}")
        child = Execution(
            self,
            workflow,
            portion.document.text,
            arn=arn,
            name=name,
            mocks=map_run.execution.mocks,
            map_run=map_run,
            item_count=portion.item_count,
        )
        if self.directory is not None:
            self.directory.add_child(child)
        return child

    def start(
        self,
        workflow: Workflow,
        *,
        input: str,  # noqa: A002 - the API's word
        name: str,
        arn: str,
        version_arn: str | None = None,
        alias_arn: str | None = None,
        trace_header: str | None = None,
        mocks: Mocks | None = None,
    ) -> Execution:
        """Start an execution. ``input`` is JSON that has been checked; see `interface.Engine`."""
        execution = Execution(
            self,
            workflow,
            input,
            arn=arn,
            name=name,
            version_arn=version_arn,
            alias_arn=alias_arn,
            trace_header=trace_header,
            mocks=mocks,
        )
        execution.begin()
        return execution
